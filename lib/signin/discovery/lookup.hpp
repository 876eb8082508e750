#pragma once
// The names of the desktop client's list (protocol section 1.1), asked all at once; each is a node of the chart.

#include <string>
#include <vector>

#include "net/deadline.hpp"
#include "net/resolver.hpp"
#include "signin/base/context.hpp"

namespace ucsignin::signin::discovery {

// What one name told: both address families, or the SRV records with the addresses of their targets.
struct looked_up {
    std::string name;
    std::vector<net::dns_answer> answers;
    std::vector<net::dns_answer> targets;   // of SRV records
    std::vector<net::ip_address> by_hosts;  // the hosts file's addresses, which the client takes in place of DNS's
    [[nodiscard]] bool resolved() const;    // at least one record of the kind asked for, or a line of the hosts file
    [[nodiscard]] bool answered() const;    // DNS said yes or no
    [[nodiscard]] bool unanswered() const;  // no answer at all that means something
    [[nodiscard]] std::vector<net::ip_address> addresses() const;
};

struct lookups {
    explicit lookups(net::asio::any_io_executor executor)
        : done(executor), internal_done(executor), external_done(executor) {}
    looked_up autodiscover_internal, autodiscover_external, srv_internal, srv_external, host_internal, host_sip,
        host_external, wildcard;
    std::size_t running = 0;
    net::signal done;                          // all of them
    net::signal internal_done, external_done;  // the first two, each
};

// Starts all questions; each writes its node when answered. `on_server` is called for every host:port that a record
// names and that has an address, as it is found, so that TCP can start early.
using server_found = std::function<void(net::host_port, const std::string& named_by)>;
void ask_all(context& c, std::shared_ptr<lookups> into, server_found on_server);

// Whether the hosts file or DNS says where a name leads; empty where the hosts file says nothing.
[[nodiscard]] trace::decision decide_by_hosts(const looked_up&);

// Everything that an answer told, as evidence.
void note_answer(trace::scope& span, const net::dns_answer& a);

[[nodiscard]] std::vector<net::dns::srv> usable_services(const looked_up&);

}  // namespace ucsignin::signin::discovery
