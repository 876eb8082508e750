#pragma once
// Evidence as reports of before groups have it: several values in one text.

#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::report {

// Takes such texts of a span apart, into the groups that are written today.
void renew(std::vector<trace::evidence>&);

}  // namespace ucsignin::report
