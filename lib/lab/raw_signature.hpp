#pragma once
// The lab's own reading of message signatures (MS-SIP 3.1.4.2, MS-SIPAE 3.2.5.2): straight-line code over the raw
// header bytes of one message. It shares nothing with auth/signature and the SIP header parsers, so that an error there
// cannot cancel itself out.

#include <string>
#include <string_view>

#include "auth/secret.hpp"
#include "auth/signature.hpp"

namespace ucsignin::lab {

// Value of the first header of that name, blanks trimmed; "" when absent. `wire` is a whole message, or its headers.
[[nodiscard]] std::string raw_header(std::string_view wire, std::string_view name);
// "realm" out of `TLS-DSK qop="auth", realm="x"`; without quotes; "" when absent.
[[nodiscard]] std::string raw_auth_parameter(std::string_view value, std::string_view name);

// The buffer of a version 3 or 4 signature: 15 fields of a request, 16 of a response. Random, number, realm and target
// are read from `auth_value`, the Authorization or Authentication-Info value of this message.
[[nodiscard]] std::string raw_signed_text(std::string_view wire, std::string_view auth_value);

// Lower-case hex of the keyed hash.
[[nodiscard]] std::string raw_mac(auth::hash, const auth::secret& key, std::string_view text);

}  // namespace ucsignin::lab
