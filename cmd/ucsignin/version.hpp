#pragma once
// `--version --json`.

#include <string>

namespace ucsignin::cmd {

[[nodiscard]] std::string version_as_json();

}  // namespace ucsignin::cmd
