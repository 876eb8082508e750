#pragma once
// All that a command says goes to standard output or standard error through host::output, and nowhere else.

#include <string>

#include "ucsignin/terminal.hpp"

namespace ucsignin::cmd {

[[nodiscard]] inline host::output& out() { return host::standard_output(); }
[[nodiscard]] inline host::output& err() { return host::standard_error(); }

// One line on standard error.
template <class... Values>
void complain(fmt::format_string<host::printed<Values>...> what, const Values&... values) {
    err().write("ucsignin: " + host::line_of<Values...>(what, values...) + "\n");
}

}  // namespace ucsignin::cmd
