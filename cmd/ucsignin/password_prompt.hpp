#pragma once
// Asks for a password on the terminal without showing it.

#include <string>

#include "ucsignin/secret.hpp"

namespace ucsignin::cmd {

// Whether somebody sits there: standard input is a terminal.
[[nodiscard]] bool can_prompt();
// Empty when the user just pressed return: the run then goes on without one. Ctrl-Z works: the terminal shows what is
// typed while the program is stopped, and hides it again when it goes on.
[[nodiscard]] auth::secret prompt_for_password(const std::string& who);

// Makes the terminal show what is typed again, if a prompt has it hidden; for whoever ends the process in the middle of
// one. May be called from any thread, and from a signal handler.
void restore_terminal() noexcept;

}  // namespace ucsignin::cmd
