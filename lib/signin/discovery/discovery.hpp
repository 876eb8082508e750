#pragma once
// Stage 2: from the SIP domain to the ordered list of servers that the client would try.

#include <functional>
#include <vector>

#include "signin/devices/devices.hpp"
#include "signin/discovery/candidates.hpp"
#include "signin/discovery/lookup.hpp"

namespace ucsignin::signin::discovery {

struct discovered {
    std::vector<candidate> candidates;
    signin::vantage vantage = signin::vantage::unknown;
};

[[nodiscard]] net::awaitable<discovered> discover(context& c, server_found on_server);

// Decided again when the registrar says whether we came through the Edge.
void decide_vantage(context& c, bool internal_name_resolves, const std::string& access_location, std::optional<bool> remote_user);

}  // namespace ucsignin::signin::discovery
