#include "signin/context.hpp"

#include <algorithm>
#include <chrono>

namespace ucsignin::signin {

std::int64_t wall_clock() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<address_parts> split_address(const std::string& address) {
    const auto bare = address.starts_with("sip:") ? address.substr(4) : address;
    const auto at = bare.find('@');
    if (at == std::string::npos || at == 0 || bare.find('@', at + 1) != std::string::npos) return std::nullopt;
    auto domain = bare.substr(at + 1);
    if (domain.ends_with('.')) domain.pop_back();
    std::ranges::transform(domain, domain.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    // A SIP domain is a DNS name of at least two labels; the sign-in asks for names below it.
    const auto is_name = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '.' || c == '_'; };
    const bool good = domain.find('.') != std::string::npos && domain.size() <= 200 && !domain.starts_with('.') &&
                      domain.find("..") == std::string::npos && std::ranges::all_of(domain, is_name);
    const bool plain_user = std::ranges::none_of(bare.substr(0, at), [](unsigned char c) { return c <= 0x20 || c == '<' || c == '>' || c == '"' || c == 0x7f; });
    if (!good || !plain_user) return std::nullopt;
    return address_parts{bare.substr(0, at), domain};
}

}  // namespace ucsignin::signin
