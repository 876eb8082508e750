#pragma once
// An Exchange beside the pool: Autodiscover (POX) and Web Services as functions from request to answer, for the
// mailboxes of the scenario (part 02 section 8).

#include <string>

#include "lab/pool_state.hpp"
#include "lab/web_services.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

// Whether that host is Exchange's: its own name, autodiscover. under any domain, and where else requests for its paths
// are led.
[[nodiscard]] bool is_for_exchange(const pool_state&, const std::string& host, const std::string& target);
// HTTP authenticates first, by the schemes that it is set to; over plain HTTP there is nothing.
[[nodiscard]] net::http::response answer_exchange(
    pool_state&, web_session&, const net::http::request&, const std::string& host, bool secure);

}  // namespace ucsignin::lab
