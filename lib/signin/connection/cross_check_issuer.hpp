#pragma once
// Whether a chain with a gap verifies once the certificates are fetched that it names as its issuers' (AIA, RFC
// 5280 4.2.2.1).

#include <string>
#include <vector>

#include "signin/base/context.hpp"

namespace ucsignin::signin::connection {

// verifies; untrusted (fetched, but their root is not trusted here); unreachable; not_offered; no_address (no
// handshake). What came of each address is noted to the span.
[[nodiscard]] net::awaitable<std::string> fetch_missing_issuers(
    context& c, net::host_port server, net::deadline until, trace::scope& span);

}  // namespace ucsignin::signin::connection
