// What stands before the pool speaks for itself at times: an error page, a log-in page. One idea of both, for every web
// request: who speaks decides who repairs.
#include <algorithm>
#include <array>

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

bool is_foreign_page(const trace::span& s) {
    if (!holds(s.text(ev::http_type), "html") || !s.text(ev::soap_code).empty() || s.has(ev::diagnostics_id))
        return false;
    const auto server = s.text(ev::http_server);
    const bool of_iis = holds(server, "microsoft-iis") || holds(server, "microsoft-httpapi");
    return s.has(ev::http_via) || s.has(ev::http_gateway) || (!server.empty() && !of_iis) ||
           s.text(ev::http_reason).find('(') != std::string::npos;
}

}  // namespace ucsignin::diagnosis
