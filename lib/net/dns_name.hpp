#pragma once
// Domain names between their text and their wire form (RFC 1035 3.1, 5.1), and what all that reads or writes messages
// needs. Internal to net/.

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/dns.hpp"

namespace ucsignin::net::dns {

inline constexpr std::uint16_t class_in = 1;  // RFC 1035 3.2.4

inline std::unexpected<parse_error> bad(std::size_t offset, std::string what) {
    return std::unexpected(parse_error{offset, std::move(what)});
}

struct read_name {
    std::string text;     // lower case, without the final dot; "\." and "\DDD" for what a label may not show plainly
    std::size_t end = 0;  // offset of the byte after the name where it stood (not where a pointer led)
};
// Compression pointers must lead backwards, each further than the one before, so that no message can make it loop.
[[nodiscard]] std::expected<read_name, parse_error> read_name_at(
    std::span<const unsigned char> wire, std::size_t offset);

// Nothing when the text is no name: an empty label, one of more than 63 bytes, more than 255 bytes in all.
[[nodiscard]] std::optional<std::vector<unsigned char>> wire_name(std::string_view text);

}  // namespace ucsignin::net::dns
