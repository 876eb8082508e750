#pragma once
// Manual pages in mdoc(7), from the table of commands. Pure.

#include <string>
#include <string_view>

#include "command_table.hpp"

namespace ucsignin::cmd {

// `date`: "November 30, 2026".
[[nodiscard]] std::string manual_of_program(const command_table& table, std::string_view date);
[[nodiscard]] std::string manual_of(const command_row& command, std::string_view date);

}  // namespace ucsignin::cmd
