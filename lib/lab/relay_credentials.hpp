#pragma once
// What the relay service of the lab gives out, and the relay checks: as a real one forms it (part 02 section 6.3), so
// that a relay knows a user name by its bytes, and the password from the user name, and need not be told of either.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lab/pool_state.hpp"

namespace ucsignin::lab {

struct relay_login {
    std::string user, password;  // Base64, as in the answer
};

// For whoever is named, for that many minutes from now; or what the scenario has in its place.
[[nodiscard]] relay_login issue_relay_login(const pool_state&, std::string_view identity, int minutes);

// The password for this user name (Base64); none when the pool gave out no such name, and when its time is over.
[[nodiscard]] std::optional<std::string> relay_password_for(const pool_state&, std::string_view user);

}  // namespace ucsignin::lab
