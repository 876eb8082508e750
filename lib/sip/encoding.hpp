#pragma once
// Base64 (RFC 4648) and hexadecimal text of bytes. Bytes are held in std::string, as everywhere in the house.

#include <optional>
#include <string>
#include <string_view>

namespace ucsignin::sip {

[[nodiscard]] std::string base64(std::string_view bytes);     // one line, with padding
[[nodiscard]] std::string base64url(std::string_view bytes);  // section 5, with padding
// White space anywhere and missing padding are accepted, other characters are not.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
[[nodiscard]] std::string hex(std::string_view bytes);  // lower case
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
[[nodiscard]] std::string random_hex(std::size_t bytes);   // from the system's generator, lower case
[[nodiscard]] std::string sha1(std::string_view bytes);    // 20 bytes
[[nodiscard]] std::string sha256(std::string_view bytes);  // 32 bytes

}  // namespace ucsignin::sip
