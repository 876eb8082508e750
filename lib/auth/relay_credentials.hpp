#pragma once
// The answer of the relay service (MS-AVEDGEA) with user name and password for the relay, which sip/media_relay.hpp
// leaves out. Both are secrets: whoever has them may use the relay as the user.

#include <expected>
#include <optional>
#include <string_view>

#include "auth/secret.hpp"
#include "sip/media_relay.hpp"

namespace ucsignin::auth {

struct relay_credentials {
    secret user, password;  // as they came: Base64, by custom
};

struct relay_grant : sip::media_relay_answer {
    std::optional<relay_credentials> credentials;  // the first pair of the answer
};
[[nodiscard]] std::expected<relay_grant, sip::parse_error> parse_relay_grant(std::string_view xml);

}  // namespace ucsignin::auth
