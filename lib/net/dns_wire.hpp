#pragma once
// DNS messages as a tap is told of them. Internal to net/.

#include "net/dns.hpp"
#include "net/dns_exchange.hpp"
#include "net/wire_tap.hpp"

namespace ucsignin::net {

void tell_query(const wire_tap& tap, const endpoint& server, dns_transport over, std::span<const unsigned char> query);
// Nothing when nothing came.
void tell_answer(
    const wire_tap& tap, const dns::question& question, const endpoint& server, dns_transport over,
    const dns_exchange& done);

}  // namespace ucsignin::net
