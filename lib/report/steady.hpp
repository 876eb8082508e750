#pragma once
// Values as they can be compared between runs.

#include <string>
#include <string_view>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

// Without what differs from run to run: ports that the system hands out, processes' numbers; of a masked report also
// the numbers of its masks.
[[nodiscard]] std::string steady(std::string_view text, bool masked);
// Measured or made up in each run, so that another value means nothing.
[[nodiscard]] bool is_of_the_run(const trace::evidence&, bool in_lab);
[[nodiscard]] bool is_masked(const report&);

}  // namespace ucsignin::report
