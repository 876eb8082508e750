#include "diagnosis/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace ucsignin::diagnosis {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t length) {
    if (at + length > text.size()) return std::nullopt;
    int value = 0;
    const auto* end = text.data() + at + length;
    const auto [stop, error] = std::from_chars(text.data() + at, end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::string_view authority_of(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of("/?#"));
}

constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                  "May",       "June",     "July",     "August",
                                                  "September", "October",  "November", "December"};

}  // namespace

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
    return out;
}

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

bool is_under(std::string_view name, std::string_view domain) {
    const auto n = lower(name), d = lower(domain);
    return !d.empty() && (n == d || n.ends_with("." + d));
}

bool is_ipv6(std::string_view address) { return address.find(':') != std::string_view::npos; }

bool is_private(std::string_view address) {
    if (is_ipv6(address)) return lower(address).starts_with("fc") || lower(address).starts_with("fd");
    if (address.starts_with("10.") || address.starts_with("192.168.")) return true;
    if (!address.starts_with("172.")) return false;
    const auto second = number_at(address, 4, address.find('.', 4) - 4);
    return second && *second >= 16 && *second <= 31;
}

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

std::optional<std::int64_t> seconds_of(std::string_view t) {
    const auto year = number_at(t, 0, 4), month = number_at(t, 5, 2), day = number_at(t, 8, 2);
    const auto hour = number_at(t, 11, 2), minute = number_at(t, 14, 2), second = number_at(t, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    return std::int64_t{days} * 86400 + *hour * 3600 + *minute * 60 + *second;
}

std::string day_of(std::string_view t) {
    const auto month = number_at(t, 5, 2), day = number_at(t, 8, 2);
    if (!seconds_of(t) || !month || !day) return std::string(t);
    return std::to_string(*day) + " " + std::string(months[static_cast<std::size_t>(*month - 1)]) + " " +
           std::string(t.substr(0, 4));
}

}  // namespace ucsignin::diagnosis
