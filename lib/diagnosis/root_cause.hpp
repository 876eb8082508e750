#pragma once
// Of all that was found, what has to be repaired first.

#include <string>
#include <vector>

#include "diagnosis/case_view.hpp"

namespace ucsignin::diagnosis {

// The findings that explain the stop, in the order in which to fix them: the clock before what it explains, a cause in
// discovery when no server was found, else the cause of the span where the sign-in stopped; none when no rule explains
// the stop. Sets severities: causes are failures, other steps that failed without deciding are warnings.
[[nodiscard]] std::vector<root_cause> settle(const case_view&, std::vector<finding>&);

}  // namespace ucsignin::diagnosis
