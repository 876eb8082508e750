#pragma once
// How a TLS handshake ended, in the words of the chart and of the evidence; pure. At the Edge and at a web host alike.

#include <string>

#include "net/tls.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

// Whether a fatal alert (RFC 8446 6.2) says that a client certificate is missed, given whether one was asked for.
[[nodiscard]] bool is_about_a_client_certificate(int alert, bool asked_for);

struct tls_ending {
    chart::branch_at<"connection.tls"> branch;
    trace::ev::tls_fault_word word;
};
[[nodiscard]] tls_ending how_tls_ended(const net::error&, const net::tls_facts&);
// "agreed", "alert 40", "reset", "silent", ...: of the evidence tls.tried.result and ucsignin.probe.result.
[[nodiscard]] std::string tls_in_a_word(const net::tls_outcome&);

// Whether the peer hung up without one byte, so that it may have done so whatever was sent.
[[nodiscard]] bool hung_up_without_a_word(const net::error&, const net::tls_facts&);

void note_kernel(trace::scope&, const std::optional<net::tcp_facts>&);
void note_tls(trace::scope&, const net::tls_facts&);

}  // namespace ucsignin::signin
