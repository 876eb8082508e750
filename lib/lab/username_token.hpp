#pragma once
// wsse:UsernameToken as clients write it: in clear, or both fields in Base64 of UTF-8 (part 01 section 7.7).

#include <optional>
#include <string>

#include "auth/secret.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {

struct username_token {
    std::string name;  // "" when there was none
    auth::secret password;
    // What both fields hold when they are Base64 of text. Nothing when either is not.
    [[nodiscard]] std::optional<username_token> decoded() const;
    [[nodiscard]] bool is_base64() const { return decoded().has_value(); }
};
// The first one at or below `top`.
[[nodiscard]] username_token read_username_token(sip::xml::element top);

}  // namespace ucsignin::lab
