#pragma once
// How Exchange's web server logs somebody in: by the schemes that it is set to. NTLM and a ticket authenticate the
// connection, Basic each request.

#include <expected>
#include <string>

#include "lab/pool_state.hpp"
#include "lab/web_services.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

struct exchange_visitor {
    const account* who = nullptr;
    std::string header = {};  // WWW-Authenticate of the answer: the last token, where there is one
};

// Who sends it, or the 401 that asks for that.
[[nodiscard]] std::expected<exchange_visitor, net::http::response> log_in_to_exchange(
    pool_state&, web_session&, const net::http::request&, const std::string& host);

}  // namespace ucsignin::lab
