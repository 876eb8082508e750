#pragma once
// What stage 1 knows of this PC and later stages use: the hosts file, the proxy, what the resolvers did.

#include <string>
#include <string_view>
#include <vector>

#include "host/host.hpp"
#include "net/address.hpp"
#include "signin/base/cache.hpp"
#include "signin/base/proxy_chooser.hpp"

namespace ucsignin::signin {

struct resolver_seen {
    std::string address, state;  // "192.0.2.53:53"; how it answered, in the words of dns.state
    bool answered = false;
    double latency_ms = 0;
};

struct this_pc {
    this_pc(
        net::asio::any_io_executor executor, host::hosts_file hosts_of_this_pc, host::proxy_settings proxy_settings,
        bool own_resolvers, profile_cache from_last_time)
        : hosts(std::move(hosts_of_this_pc)),
          hosts_apply(own_resolvers),
          proxy(executor, std::move(proxy_settings)),
          cache(std::move(from_last_time)) {}

    // The addresses of a name by the hosts file, as the desktop client gets them from the system's look-up. None when
    // the resolvers were given by hand: then it is DNS alone that is looked at.
    [[nodiscard]] std::vector<net::ip_address> addresses_by_hosts(std::string_view name) const;

    host::hosts_file hosts;
    bool hosts_apply;
    host::inventory adapters;
    proxy_chooser proxy;
    profile_cache cache;                         // of an earlier sign-in
    std::vector<resolver_seen> resolvers_used;   // as the questions of stage 2 met them
    std::vector<resolver_seen> resolvers_asked;  // each asked for itself
};

}  // namespace ucsignin::signin
