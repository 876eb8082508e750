// says: no such node in the chart
#include "ucsignin/trace.hpp"

bool right(const ucsignin::trace::span& s) { return s.is_at("connection.tcp"); }
#ifdef WRONG
bool wrong(const ucsignin::trace::span& s) { return s.is_at("connection.tpc"); }
#endif
