#pragma once
// How much of what others say a sign-in takes. A name server, a document or a script may name thousands of servers, and
// each would cost a connection; a client tries its list in order, so what matters stands first. What is left out is
// said where it is left out (ucsignin.dns.left_out, ucsignin.dial.left_out, ucsignin.candidates.left_out). Records of
// one answer: net::most_services and net::most_addresses (net/dns_judgement.hpp).

#include <cstddef>

namespace ucsignin::signin::limits {

// Addresses of one server that are tried: a host of 16 is a large pool already. Half of them of each family where both
// are there.
inline constexpr std::size_t addresses_per_server = 16;
// Connections of one run while servers get all of their addresses; afterwards each gets the first of each family, so
// that a server far down the list is still reached.
inline constexpr std::size_t dials = 128;
inline constexpr std::size_t addresses_when_many = 2;
// Servers that the client would try, one after the other: with 2 s of grace each, more outlast every patience.
inline constexpr std::size_t candidates = 32;
// SIP servers of either side, and links, in one Autodiscover document; real ones have one server and a dozen links.
inline constexpr std::size_t servers_per_document = 16, links_per_document = 64;
// Proxies that a script names for one host.
inline constexpr std::size_t proxies = 4;
// Looks in the second round: all probes for a few servers.
inline constexpr std::size_t second_looks = 64;

}  // namespace ucsignin::signin::limits
