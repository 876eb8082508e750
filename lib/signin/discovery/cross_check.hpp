#pragma once
// discovery.cross_check: names and records looked at in another way. Some looks cost nothing and are taken beside the
// sign-in, the others in the second round. Each writes one span, whatever happens.
//
//   probe              asks                                                 ucsignin.probe.result
//   checking_disabled  the resolver, with the CD bit (RFC 4035)             a state of dns.state, cname_loop
//   dns_tcp            the resolver, over TCP                               "
//   authoritative      the zone's own name servers, without recursion       ", no_name_servers
//   cname_chain        alias by alias                                       loop, too_long, ends, none
//   near_miss          SRV records under names nearly right                 records, none, no_answer
//   unrelated_name     names that nobody has, in other domains              same_address, resolves, none, no_answer
//   other_resolver     each configured resolver, the client's names         same, differs, no_answer
//   nat64              AAAA of ipv4only.arpa, which has none (RFC 7050)     made_up, none, no_answer

#include <string_view>

#include "signin/base/second_look.hpp"

namespace ucsignin::signin::discovery {

// How to carry a probe out; nullptr for a word that this stage does not know.
[[nodiscard]] look find_look(std::string_view probe);

[[nodiscard]] net::awaitable<void> look_with_checking_disabled(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_over_tcp(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_at_authority(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_along_aliases(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_at_near_misses(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_at_unrelated_names(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_at_other_resolvers(context&, second_look, net::deadline);
[[nodiscard]] net::awaitable<void> look_for_nat64(context&, second_look, net::deadline);

// -- what they share --

// All questions at one server, side by side; the answers in the order of the questions.
[[nodiscard]] net::awaitable<std::vector<net::dns_answer>> ask_side_by_side(
    context&, std::vector<net::dns::question>, net::endpoint server, net::dns_way, net::deadline);
// What the sign-in was told; from memory where it asked.
[[nodiscard]] net::awaitable<std::vector<net::dns_answer>> told_before(
    context&, std::vector<net::dns::question>, net::deadline);

}  // namespace ucsignin::signin::discovery
