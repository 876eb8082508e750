// Splits the sign-in address. It is refused before anything is sent when its domain could not be a SIP domain.
#include "signin/base/context.hpp"

#include <algorithm>

#include "trace/ascii.hpp"

namespace ucsignin::signin {

std::int64_t wall_clock(const context& c) { return static_cast<std::int64_t>(c.environment.clock->seconds()); }

std::optional<address_parts> split_address(const std::string& address) {
    if (trace::starts_with_word(address, "sips:")) return std::nullopt;  // Skype for Business has no such addresses
    const bool has_scheme = trace::starts_with_word(address, "sip:");
    const auto bare = has_scheme ? address.substr(4) : address;
    const auto at = bare.find('@');
    if (at == std::string::npos || at == 0 || bare.find('@', at + 1) != std::string::npos) return std::nullopt;
    auto domain = trace::lower(bare.substr(at + 1));
    if (domain.ends_with('.')) domain.pop_back();
    // A SIP domain is a DNS name of at least two labels; the sign-in asks for names below it.
    const auto is_name = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.' || c == '_'; };
    const bool good = domain.find('.') != std::string::npos && domain.size() <= 200 && !domain.starts_with('.') &&
                      domain.find("..") == std::string::npos && std::ranges::all_of(domain, is_name);
    // "alice@192.0.2.1": no name ends in a number (RFC 3696 2).
    const auto last = domain.substr(domain.rfind('.') + 1);
    if (std::ranges::all_of(last, [](unsigned char c) { return std::isdigit(c); })) return std::nullopt;
    const bool plain_user = std::ranges::none_of(
        bare.substr(0, at), [](unsigned char c) { return c <= 0x20 || c == '<' || c == '>' || c == '"' || c == 0x7f; });
    if (!good || !plain_user) return std::nullopt;
    return address_parts{bare.substr(0, at), domain};
}

}  // namespace ucsignin::signin
