#pragma once
// Asks for a password on the terminal without showing it.

#include <string>

#include "auth/secret.hpp"

namespace ucsignin::cmd {

// Empty when the user just pressed return: the run then goes on without one.
[[nodiscard]] auth::secret prompt_for_password(const std::string& who);

// Shows again what is typed, if a prompt hides it: for whoever ends the program from another thread.
void restore_terminal();

}  // namespace ucsignin::cmd
