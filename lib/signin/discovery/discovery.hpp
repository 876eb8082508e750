#pragma once
// Stage 2: from the SIP domain to the ordered list of servers that the client would try.

#include <functional>
#include <vector>

#include "signin/devices/devices.hpp"
#include "signin/discovery/candidates.hpp"
#include "signin/discovery/lookup.hpp"
#include "signin/discovery/vantage.hpp"

namespace ucsignin::signin::discovery {

struct discovered {
    std::vector<candidate> candidates;
    vantage_signs signs;
};

[[nodiscard]] net::awaitable<discovered> discover(context& c, server_found on_server);

// Writes discovery.vantage; again when the registrar has said whether we came through the Edge.
vantage_decision trace_vantage(context& c, const vantage_signs& signs);

}  // namespace ucsignin::signin::discovery
