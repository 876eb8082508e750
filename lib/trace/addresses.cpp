#include "trace/addresses.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace ucsignin::trace {
namespace {

std::optional<std::array<int, 4>> octets(std::string_view text) {
    std::array<int, 4> out{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < 4; ++i) {
        if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
        if (at == end || *at == '-') return std::nullopt;
        const auto [next, error] = std::from_chars(at, end, out[i]);
        if (error != std::errc{} || out[i] > 255 || next - at > 3) return std::nullopt;
        at = next;
    }
    if (at != end) return std::nullopt;
    return out;
}

bool is_rfc1918(const std::array<int, 4>& octets) {
    const auto [a, b, c, d] = octets;
    return a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168);
}

// Groups of one to four hex digits; "::" once stands for the groups that are missing (RFC 4291 2.2).
bool is_ipv6(std::string_view text) {
    const auto hole = text.find("::");
    if (hole != std::string_view::npos && text.find("::", hole + 1) != std::string_view::npos) return false;
    int groups = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(':', begin), text.size());
        const auto group = text.substr(begin, end - begin);
        const bool last = end == text.size();
        if (last && sort_of_ipv4(group)) groups += 2;
        else if (group.size() > 4 || !std::ranges::all_of(group, [](unsigned char c) { return std::isxdigit(c); }))
            return false;
        else if (!group.empty()) ++groups;
        else if (const bool beside_hole = hole != std::string_view::npos &&
                                          (begin == hole + 1 || begin == hole || begin == hole + 2);
                 !beside_hole)
            return false;
        begin = end + 1;
    }
    return hole == std::string_view::npos ? groups == 8 : groups < 8;
}

}  // namespace

std::optional<address_sort> sort_of_ipv4(std::string_view text) {
    const auto parsed = octets(text);
    if (!parsed) return std::nullopt;
    const auto [a, b, c, d] = *parsed;
    if (a == 127 || a == 0 || a == 255) return address_sort::loopback;
    if (a == 169 && b == 254) return address_sort::link_local;
    const bool of_providers = a == 100 && b >= 64 && b < 128;  // RFC 6598
    if (of_providers || is_rfc1918(*parsed)) return address_sort::private_use;
    return address_sort::public_use;
}

std::optional<address_sort> sort_of_ipv6(std::string_view text) {
    if (!is_ipv6(text)) return std::nullopt;
    if (text == "::" || text == "::1") return address_sort::loopback;
    int first = 0;
    std::from_chars(text.data(), text.data() + text.size(), first, 16);
    if ((first & 0xffc0) == 0xfe80) return address_sort::link_local;
    if ((first & 0xfe00) == 0xfc00) return address_sort::private_use;
    return address_sort::public_use;
}

bool is_private(std::string_view address) {
    address = address.substr(0, address.find('%'));
    if (const auto parsed = octets(address)) return is_rfc1918(*parsed);
    return sort_of_ipv6(address) == address_sort::private_use;
}

}  // namespace ucsignin::trace
