#pragma once
// What the result of a run waited for, one step after another.

#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

// From the first step to the one with which the run's result was there: that of those which being signed in depends
// on which ended last, or where it stopped. Empty when there is neither.
[[nodiscard]] std::vector<const trace::span*> critical_path_of(const report&);

}  // namespace ucsignin::report
