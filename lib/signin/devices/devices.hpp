#pragma once
// Stage 1: what this PC brings along. Adapters and settings are read at once; what has to be waited for runs beside the
// sign-in.

#include "host/host.hpp"
#include "signin/base/context.hpp"
#include "signin/devices/decisions.hpp"

namespace ucsignin::signin::devices {

struct host_facts {
    bool any_adapter = false;  // false: no adapter can carry the sign-in
};

// Writes every node of the stage but hosts, which is decided when DNS has answered, and routes.
[[nodiscard]] host_facts probe(context& c);

// devices.route for one server, IPv4 and IPv6 apart: which adapter and source address lead there.
void trace_route(context& c, const std::string& candidate, const std::vector<net::ip_address>& targets);

// Asks each configured resolver for itself; writes devices.resolvers when all have answered or not.
void ask_resolvers(context& c);
// devices.resolvers again: from what the answers of stage 2 told.
void trace_resolvers(context& c, const std::vector<resolver_seen>& seen);

// devices.hosts: what DNS said about each name, to be compared with the hosts file and the system's own look-up.
struct name_asked {
    std::string name;
    bool answered = false;  // with addresses or with a no
    std::vector<net::ip_address> addresses;
};
void trace_names(context& c, const std::vector<name_asked>& asked);

}  // namespace ucsignin::signin::devices
