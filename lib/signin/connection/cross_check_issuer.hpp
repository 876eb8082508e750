#pragma once
// Whether a chain with a gap verifies once the certificates are fetched that it names as its issuers' (AIA, RFC
// 5280 4.2.2.1).

#include <string>
#include <vector>

#include "signin/base/context.hpp"

namespace ucsignin::signin::connection {

struct issuers_found {
    // verifies; untrusted (fetched, but their root is not trusted here); unreachable; not_offered; no_address (no
    // handshake)
    std::string word = "no_address";
    std::vector<std::string> details;  // "<url> <what came>"
};

[[nodiscard]] net::awaitable<issuers_found> fetch_missing_issuers(
    context& c, net::host_port server, net::deadline until);

}  // namespace ucsignin::signin::connection
