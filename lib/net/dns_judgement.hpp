#pragma once
// What a DNS message means for the question that was asked. Pure. Internal to net/.

#include "net/resolver.hpp"

namespace ucsignin::net {

// Fills state, rcode, records, cname_chain, zone from a message; truncation is noted, not judged.
void judge(dns_answer& answer, const dns::message& message);

}  // namespace ucsignin::net
