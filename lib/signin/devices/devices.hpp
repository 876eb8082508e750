#pragma once
// Stage 1: what this PC brings along. Adapters and settings are read at once; audio is asked beside the sign-in.

#include "host/host.hpp"
#include "signin/context.hpp"

namespace ucsignin::signin::devices {

struct host_facts {
    host::inventory adapters;
    host::hosts_file hosts;
    bool any_adapter = false;   // false: no adapter can carry the sign-in
};

// Writes every node of the stage but clock, resolvers and hosts, which are decided when the answers are there.
[[nodiscard]] host_facts probe(context& c);

// devices.route for one server: which adapter and source address lead there.
void trace_route(context& c, const std::string& subject, const std::vector<net::ip_address>& targets);

// devices.resolvers: from what the answers of stage 2 told.
struct resolver_seen {
    std::string address, state;
    bool answered = false;
    double latency_ms = 0;
};
void trace_resolvers(context& c, const std::vector<resolver_seen>& seen);

// devices.hosts: entries for names of the sign-in against what DNS said about them.
void trace_hosts(context& c, const host_facts& facts, const std::vector<std::pair<std::string, std::vector<net::ip_address>>>& answers);

}  // namespace ucsignin::signin::devices
