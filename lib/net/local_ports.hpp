#pragma once
// Whether ports of this PC are free, as a program of an ordinary user finds out: it binds to them.

#include <cstdint>
#include <span>
#include <vector>

namespace ucsignin::net {

struct local_port {
    enum class transport { udp, tcp };
    transport over = transport::udp;
    std::uint16_t number = 0;
};

enum class port_state {
    free,
    taken,   // somebody has it
    denied,  // nobody of this account gets it: the system keeps it
    unknown  // the system gave no socket
};

// One after the other, at all addresses of IPv4; each is given back at once. Nothing is sent, and nobody can connect.
[[nodiscard]] std::vector<port_state> try_ports(std::span<const local_port> ports);

}  // namespace ucsignin::net
