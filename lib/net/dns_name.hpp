#pragma once
// Domain names between their text and their wire form (RFC 1035 3.1, 5.1). Internal to net/.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/dns.hpp"

namespace ucsignin::net::dns {

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
