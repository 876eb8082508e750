#include <algorithm>

#include "net/address.hpp"
#include "net/http.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::net::http {
namespace {

std::uint16_t default_port(const std::string& scheme) { return scheme == "https" ? 443 : 80; }

std::unexpected<error> rejected(std::string_view text, const std::string& why) {
    return std::unexpected(error{fault::protocol, "URL '" + std::string(text.substr(0, 200)) + "': " + why, 0});
}

bool is_unreserved(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

}  // namespace

std::string url::text() const {
    auto out = scheme + "://" + bracketed(host);
    if (port != default_port(scheme)) out += ":" + std::to_string(port);
    return out + target;
}

result<url> parse_url(std::string_view text) {
    auto const mark = text.find("://");
    if (mark == std::string_view::npos) return rejected(text, "no scheme");
    url out;
    out.scheme = trace::lower(text.substr(0, mark));
    if (out.scheme != "http" && out.scheme != "https") return rejected(text, "the scheme is neither http nor https");
    auto const rest = text.substr(mark + 3);
    auto const authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos) return rejected(text, "a user name in it is not accepted");
    auto const at = parse_host_port(authority, default_port(out.scheme));
    if (!at) return rejected(text, at.error().detail);
    out.host = at->host;
    out.port = at->port;
    auto const target = rest.substr(authority.size());
    out.target = target.substr(0, target.find('#'));
    if (!out.target.starts_with('/')) out.target.insert(0, "/");
    auto const breaks = std::ranges::find_if(
        out.target, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
    if (breaks != out.target.end()) return rejected(text, "a blank or control character in it");
    return out;
}

result<url> resolve(const url& base, std::string_view reference) {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = reference.find_first_not_of(blanks);
    if (first == std::string_view::npos) return rejected(reference, "empty");
    reference = reference.substr(first, reference.find_last_not_of(blanks) - first + 1);
    auto const scheme_end = reference.find("://");
    if (scheme_end != std::string_view::npos && scheme_end < reference.find_first_of("/?#"))
        return parse_url(reference);
    if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));
    auto const path = base.target.substr(0, base.target.find('?'));
    auto target = std::string(reference);
    if (reference.starts_with('?') || reference.starts_with('#')) target = path + target;
    else if (!reference.starts_with('/')) target = path.substr(0, path.rfind('/') + 1) + target;
    auto origin = base;
    origin.target.clear();
    return parse_url(origin.text() + target);
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (is_unreserved(byte)) out += c;
        else out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

}  // namespace ucsignin::net::http
