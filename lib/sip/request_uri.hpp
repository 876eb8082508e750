#pragma once
// What a server or a list names may stand in a request line only if nothing in it can end that line.

#include <string_view>

namespace ucsignin::sip {

// "sip:user@host..." of printable ASCII without blanks, quotes and angle brackets (RFC 3261 25.1).
[[nodiscard]] bool is_request_uri(std::string_view text);

}  // namespace ucsignin::sip
