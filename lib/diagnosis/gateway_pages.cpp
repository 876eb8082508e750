// What stands before the pool speaks for itself at times: an error page, a log-in page. One idea of both, for every web
// request: who speaks decides who repairs.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {

bool looks_like_log_in(std::string_view url) {
    return std::ranges::any_of(
        std::array{
            "login", "logon", "/owa/", "auth.owa", "my.policy", "signin", "/adfs/ls", "/saml", "cookieauth.dll",
            "/vpn/", "/my.logout", "://sso.", "/sso/", "/idp/", "/nidp/", "siteminder", "/dana-na/", "/oam/"},
        [&](const char* part) { return holds(url, part); });
}

namespace {

bool is_of_iis(std::string_view server) { return holds(server, "microsoft-iis") || holds(server, "microsoft-httpapi"); }

std::string gateway_in(const auto& evidence) {
    const auto server = evidence.text(ev::http_server);
    return server.empty() || is_of_iis(server) ? evidence.text(ev::http_via) : server;
}

}  // namespace

std::string gateway_on_the_way(const trace::span& s) { return gateway_in(s); }
std::string gateway_on_the_way(const trace::values& of_a_step) { return gateway_in(of_a_step); }

// A gateway marks what it only passes on by Via as well: where IIS names itself, the page is the pool's, unless its
// words are a gateway's (one of IIS's own, say).
std::string foreign_voice(const trace::span& s) {
    const auto type = s.text(ev::http_type);
    const bool page = type.empty() || holds(type, "html") || holds(type, "text/plain");
    if (!page || !s.text(ev::soap_code).empty() || s.has(ev::diagnostics_id)) return {};
    const auto server = s.text(ev::http_server), words = s.text(ev::http_gateway), reason = s.text(ev::http_reason);
    const bool of_iis = is_of_iis(server);
    if (!server.empty() && !of_iis) return "it calls itself " + server;
    if (!words.empty()) return fmt::format("it has the words '{}'", words);
    if (reason.find('(') != std::string::npos) return fmt::format("its reason phrase is '{}'", reason);
    return s.has(ev::http_via) && !of_iis ? "it comes from " + s.text(ev::http_via) : std::string{};
}

bool is_foreign_page(const trace::span& s) { return !foreign_voice(s).empty(); }

void blame_gateway(draft& found, const trace::span& s, std::string_view host, std::string_view paths) {
    const auto voice = foreign_voice(s);
    if (voice.empty()) return;
    found.known_by(fmt::format("The answer is not the pool's own: {}.", voice));
    found.remedy(
        "reverse-proxy admin",
        fmt::format(
            "Read the log of what answers as {}: whether it lets {} through, and whether it reaches the pool behind it "
            "(address, port 4443, trust in the pool's certificate).",
            host, paths));
}

}  // namespace ucsignin::diagnosis
