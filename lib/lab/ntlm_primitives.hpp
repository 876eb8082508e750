#pragma once
// What NTLM is made of (MS-NLMP): numbers and texts on the wire, and its digests. Made with OpenSSL; shares no code
// with the client.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ucsignin::lab {

[[nodiscard]] std::string little_endian(std::uint32_t value, std::size_t bytes);
[[nodiscard]] std::uint32_t number_at(
    std::string_view message, std::size_t at, std::size_t bytes);  // what lies behind the end is 0
// A payload field at `at`: length, maximum length, offset. "" when it points outside.
[[nodiscard]] std::string_view field_at(std::string_view message, std::size_t at);

[[nodiscard]] std::string utf16(std::string_view text);  // basic plane only: names and passwords of a laboratory
[[nodiscard]] std::string from_utf16(std::string_view text);
[[nodiscard]] std::string upper(std::string text);  // ASCII

[[nodiscard]] std::string md4(std::string_view text);
[[nodiscard]] std::string md5(std::string_view text);
[[nodiscard]] std::string hmac_md5(std::string_view key, std::string_view text);
[[nodiscard]] std::string rc4(std::string_view key, std::string_view text);  // key of 16 bytes; "" for another

}  // namespace ucsignin::lab
