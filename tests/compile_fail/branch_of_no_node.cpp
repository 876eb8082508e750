// says: no node of the chart has such a branch
#include "ucsignin/chart.hpp"

constexpr ucsignin::chart::branch_ref right = "refused";
#ifdef WRONG
constexpr ucsignin::chart::branch_ref wrong = "refussed";
#endif
