#pragma once
// Completion scripts for shells, from the table of commands. Pure.

#include <string>

#include "command_table.hpp"

namespace ucsignin::cmd {

[[nodiscard]] std::string bash_completions(const command_table&);
[[nodiscard]] std::string zsh_completions(const command_table&);
[[nodiscard]] std::string fish_completions(const command_table&);
[[nodiscard]] std::string powershell_completions(const command_table&);

}  // namespace ucsignin::cmd
