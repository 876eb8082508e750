#pragma once
// What a second look asks, and what its answers amount to. Pure, but for the random labels and the notes.

#include <string>
#include <string_view>
#include <vector>

#include "net/resolver.hpp"
#include "signin/base/context.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::signin::discovery {

// A label that nobody has made: 16 random letters.
[[nodiscard]] std::string random_label();

// The subject of a finding: the SIP domain (all names of the client's list), a record, a host, host:port, or
// "*.domain".
[[nodiscard]] std::vector<net::dns::question> questions_for(const std::string& subject, const std::string& domain);

// Owners at which SRV records end up that were meant for _sip._tls or _sipinternaltls._tcp.
[[nodiscard]] std::vector<std::string> near_misses(const std::string& domain);

// "records" when one of them holds any; else the word of the answer that tells most: an answer before a failure before
// silence. "cname_loop" when a chain of aliases does not end.
[[nodiscard]] trace::ev::dns_state_word result_of(const std::vector<net::dns_answer>&);

// The same state, and the same addresses, servers and aliases in any order.
[[nodiscard]] bool says_the_same(const net::dns_answer&, const net::dns_answer&);

// Question, state and data, for a group of the look's evidence.
void note_answer(trace::together said, const net::dns_answer&);

}  // namespace ucsignin::signin::discovery
