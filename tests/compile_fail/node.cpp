// says: no such node in the chart
#include "ucsignin/chart.hpp"

constexpr ucsignin::chart::node_ref right = "connection.tcp";
#ifdef WRONG
constexpr ucsignin::chart::node_ref wrong = "connection.tpc";
#endif
