#pragma once
// What a DNS message means for the question that was asked. Pure. Internal to net/.

#include "net/resolver.hpp"

namespace ucsignin::net {

// What is kept of an answer, which may hold thousands of records. A connection is made for each: the first services in
// the order of RFC 2782, the first addresses in the order of the answer.
inline constexpr std::size_t most_services = 16;
inline constexpr std::size_t most_addresses = 16;  // and of every other type

// Fills state, rcode, records, cname_chain, zone from a message; truncation is noted, not judged.
void judge(dns_answer& answer, const dns::message& message);

}  // namespace ucsignin::net
