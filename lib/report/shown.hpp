#pragma once
// A report as people may see it: all its texts made visible (trace/visible.hpp), before widths are counted.

#include "ucsignin/report.hpp"

namespace ucsignin::report {

[[nodiscard]] report shown(const report&);

}  // namespace ucsignin::report
