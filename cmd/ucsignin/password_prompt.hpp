#pragma once
// Asks for a password on the terminal without showing it.

#include <string>

#include "auth/secret.hpp"

namespace ucsignin::cmd {

// Empty when the user just pressed return: the run then goes on without one.
[[nodiscard]] auth::secret prompt_for_password(const std::string& who);

}  // namespace ucsignin::cmd
