#pragma once
// RequestSecurityToken at the ports of the Web Ticket Service (WS-Trust 1.3, part 01 sections 7.3, 7.7 and 10.5).

#include <string>

#include "lab/pool_state.hpp"
#include "lab/web_services.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

// HTTP authenticates (Negotiate or NTLM, bound to the connection): 401 with both schemes until it has. `host` is the
// name in the URL: clients compare it with the one in the challenge.
[[nodiscard]] net::http::response issue_by_windows_login(
    pool_state&, web_session&, const net::http::request&, const std::string& host);
// The challenge to the NTLM token of a request, Base64, in the form in which that came (raw or in SPNEGO). The
// connection then expects the last token.
[[nodiscard]] std::string challenge_by_ntlm(
    const pool_state&, web_session&, const net::http::request&, const std::string& host);
// wsse:UsernameToken in the header, in the form that the pool takes; a wrong one is a fault with 28020.
[[nodiscard]] net::http::response issue_by_username(pool_state&, const net::http::request&);

}  // namespace ucsignin::lab
