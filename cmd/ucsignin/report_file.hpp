#pragma once
// Reports that lie in files.

#include <optional>
#include <string>

#include "ucsignin/report.hpp"

namespace ucsignin::cmd {

// "-": standard input. Without a report it has said why.
[[nodiscard]] std::optional<report::report> load_report(const std::string& path);

}  // namespace ucsignin::cmd
