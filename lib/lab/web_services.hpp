#pragma once
// The pool's web services as functions from request to answer: autodiscover, metadata, web tickets, certificate
// provisioning (part 01 sections 2, 7 and 10.2 to 10.6).

#include <optional>
#include <string>

#include "lab/pool_state.hpp"
#include "lab/ntlm_acceptor.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

// What one HTTP connection remembers: NTLM authenticates connections, not requests.
struct web_session {
    std::optional<ntlm_acceptor> ntlm;
    const account* user = nullptr;  // who was authenticated on it
};

// `host`: the Host header, without port. `secure`: over TLS. Unknown paths get 404.
[[nodiscard]] net::http::response answer_web(
    pool_state&, web_session&, const net::http::request&, const std::string& host, bool secure);

}  // namespace ucsignin::lab
