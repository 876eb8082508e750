#pragma once
// How answers become evidence: the same facts by the same names at every node.

#include <string>

#include "net/http.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"
#include "signin/base/web_client.hpp"
#include "sip/connection.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::signin {

// Status, reason, server, date, warnings and every ms-diagnostics header of a SIP answer.
void note_sip(trace::scope& span, const sip::message& answer);
// The code word for what went wrong on a connection.
[[nodiscard]] trace::ev::fault_word word_of(net::fault);
// The same for how a DNS question ended.
[[nodiscard]] trace::ev::dns_state_word word_of(net::answer_state);
// sip.error for a request that got no answer.
void note_sip_error(trace::scope& span, const net::error& error);
// Diagnostics, in groups of id, header, reason, source.
void note_diagnostics(trace::scope& span, const sip::diagnostics& d);

// Status and headers of an HTTP answer, or why there was none; X-MS-diagnostics and a SOAP fault if it holds one.
void note_web(trace::scope& span, const web_answer& answer);

// The chain, names, validity and every verification error.
void note_certificate(trace::scope& span, const net::tls_facts& facts, const std::string& sip_domain, std::int64_t now);

// One line for people: "403 Forbidden (4003: From URI not enabled for remote access)".
[[nodiscard]] std::string in_words(const sip::message& answer);
[[nodiscard]] std::string in_words(const net::error& error);
[[nodiscard]] std::string in_words(const web_answer& answer);
// Nothing came, or a server answers in HTTP, but the service is not there for our purposes.
[[nodiscard]] bool is_out_of_reach(const web_answer& answer);

}  // namespace ucsignin::signin
