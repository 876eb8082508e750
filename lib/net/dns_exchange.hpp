#pragma once
// One DNS query to one server, over UDP with retransmissions or over TCP. Internal to net/.

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <vector>

#include "net/address.hpp"
#include "net/stream.hpp"

namespace ucsignin::net {

enum class dns_transport { udp, tcp };

struct dns_exchange {
    std::vector<unsigned char> body;    // the answer, whatever its rcode; empty when none came
    std::vector<unsigned char> stray;   // the last thing that came and was no answer to this query
    boost::system::error_code trouble;  // the last error of a socket: ICMP refused, no route
    int retransmissions = 0;
};

// The query carries its id and ends with an OPT record of 11 bytes (c-ares cuts it off for servers that don't know
// EDNS).
[[nodiscard]] awaitable<dns_exchange> exchange_with(
    endpoint server, std::vector<unsigned char> query, dns_transport over, deadline until);

// The servers that c-ares finds in the system's configuration.
[[nodiscard]] std::vector<endpoint> system_resolvers();

}  // namespace ucsignin::net
