// says: no such node in the chart
#include "ucsignin/trace.hpp"

using namespace ucsignin;

const trace::span* right(const trace::record& r) { return r.latest("connection.tcp"); }
const trace::span* as_told(const trace::record& r, std::string_view node) { return r.latest(chart::by_name(node)); }
#ifdef WRONG
const trace::span* wrong(const trace::record& r) { return r.latest("connection.tpc"); }
#endif
