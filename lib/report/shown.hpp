#pragma once
// A report as people may see it: all its texts made visible (trace/visible.hpp), before widths are counted.

#include "ucsignin/report.hpp"

namespace ucsignin::report {

// Times are rounded as in JSON, so that a report that was read back looks the same.
[[nodiscard]] report shown(const report&);
// Microseconds are as fine as a report needs; more digits would only be noise in a comparison.
[[nodiscard]] double rounded(double ms);

}  // namespace ucsignin::report
