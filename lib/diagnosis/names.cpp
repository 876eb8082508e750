// Evidence spells hosts and times in a few fixed forms; these functions read exactly those, and nothing when they
// differ.
#include "diagnosis/names.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ucsignin::diagnosis {
namespace {

std::string_view authority_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of("/?#"));
}

}  // namespace

std::string host_of(std::string_view host_port) {
    if (host_port.starts_with('[')) return std::string(host_port.substr(1, host_port.find(']') - 1));
    const auto colon = host_port.rfind(':');
    if (colon == std::string_view::npos || host_port.find(':') != colon) return std::string(host_port);
    return std::string(host_port.substr(0, colon));
}

std::string port_of(std::string_view host_port) {
    const auto colon = host_port.rfind(':');
    const bool bare_ipv6 = !host_port.starts_with('[') && host_port.find(':') != colon;
    if (colon == std::string_view::npos || bare_ipv6) return {};
    const auto port = host_port.substr(colon + 1);
    return port.find(']') == std::string_view::npos ? std::string(port) : std::string{};
}

bool no_server_has(std::string_view address) {
    const auto sort = is_ipv6(address) ? trace::sort_of_ipv6(address) : trace::sort_of_ipv4(address);
    return sort == trace::address_sort::loopback;
}

std::string host_of_url(std::string_view url) { return host_of(authority_of(url)); }

std::string port_of_url(std::string_view url) {
    const auto port = port_of(authority_of(url));
    if (!port.empty()) return port;
    return lower(url).starts_with("http://") ? "80" : "443";
}

std::string host_of_sip_uri(std::string_view uri) {
    for (const std::string_view scheme : {"sips:", "sip:"})
        if (const auto at = uri.find(scheme); at != std::string_view::npos) {
            uri.remove_prefix(at + scheme.size());
            break;
        }
    uri = uri.substr(0, uri.find_first_of(";>?"));
    if (const auto user = uri.find('@'); user != std::string_view::npos) uri.remove_prefix(user + 1);
    return host_of(uri);
}

bool is_inside_name(std::string_view name, std::string_view domain) {
    static constexpr std::array<std::string_view, 10> never_public{"local", "lan",      "corp", "internal", "intern",
                                                                   "intra", "intranet", "ad",   "priv",     "private"};
    const auto top = lower(name.substr(name.rfind('.') + 1));
    return is_under(name, domain) || top.size() == name.size() ||
           std::ranges::find(never_public, top) != never_public.end();
}

bool is_ipv6(std::string_view address) { return address.find(':') != std::string_view::npos; }

bool holds(std::string_view text, std::string_view part) { return lower(text).find(lower(part)) != std::string::npos; }

std::string first_word(std::string_view text) { return std::string(text.substr(0, text.find(' '))); }

std::string plain(std::string_view code_word) {
    std::string words(code_word);
    std::ranges::replace(words, '_', ' ');
    return words;
}

std::string after_first_word(std::string_view text) {
    const auto space = text.find(' ');
    return space == std::string_view::npos ? std::string{} : std::string(text.substr(space + 1));
}

std::string a_few(const std::vector<std::string>& all, std::string_view between) {
    constexpr std::size_t most_named = 5;
    std::string words;
    for (std::size_t i = 0; i < std::min(all.size(), most_named); ++i) {
        if (i > 0) words += between;
        words += all[i];
    }
    return all.size() > most_named ? fmt::format("{}{}...", words, between) : words;
}

bool among(const std::vector<std::string>& all, std::string_view wanted) {
    return std::ranges::any_of(all, [&](const std::string& s) { return lower(s) == lower(wanted); });
}

}  // namespace ucsignin::diagnosis
