#include "signin/base/tls_ending.hpp"

#include <fmt/format.h>

namespace ucsignin::signin {
namespace {

namespace ev = trace::ev;
using net::fault;
using net::handshake_refusal;

// Alerts of RFC 8446 6.2.
constexpr int handshake_failure = 40, bad_certificate = 42, unsupported_certificate = 43, certificate_unknown = 46,
              unknown_ca = 48, protocol_version = 70, insufficient_security = 71, inappropriate_fallback = 86,
              certificate_required = 116;

tls_ending ended_by_alert(const net::tls_facts& facts) {
    if (facts.alert == protocol_version || facts.alert == inappropriate_fallback) return {"version", "version"};
    if (facts.alert == insufficient_security) return {"cipher", "cipher"};
    if (is_about_a_client_certificate(facts.alert, facts.client_certificate_wanted))
        return {"client_certificate", "client_certificate"};
    return {"alert", "alert"};
}

// This side gave up: what the server offers is not enough for it.
tls_ending refused_here(handshake_refusal why) {
    switch (why) {
        case handshake_refusal::version: return {"version", "version"};
        case handshake_refusal::cipher: return {"cipher", "cipher"};
        case handshake_refusal::weak_key: return {"cipher", "weak_key"};
        case handshake_refusal::weak_signature: return {"cipher", "weak_signature"};
        default: return {"reset", "protocol"};
    }
}

}  // namespace

bool is_about_a_client_certificate(int alert, bool asked_for) {
    if (alert == certificate_required) return true;
    return asked_for && (alert == handshake_failure || alert == bad_certificate || alert == unsupported_certificate ||
                         alert == certificate_unknown || alert == unknown_ca);
}

tls_ending how_tls_ended(const net::error& e, const net::tls_facts& facts) {
    if (!facts.first_bytes.empty()) return {"not_tls", "not_tls"};
    if (facts.alert >= 0) return ended_by_alert(facts);
    switch (e.what) {
        case fault::timed_out: return {"silent", "silent"};
        case fault::closed: return {"reset", "closed"};
        case fault::protocol: return refused_here(facts.refused_for);
        default: return {"reset", "reset"};
    }
}

std::string tls_in_a_word(const net::tls_outcome& o) {
    if (o.stream) return "agreed";
    const auto ending = how_tls_ended(o.stream.error(), o.facts);
    return o.facts.alert >= 0 ? fmt::format("alert {}", o.facts.alert) : std::string(ending.word.word());
}

bool hung_up_without_a_word(const net::error& e, const net::tls_facts& facts) {
    return (e.what == fault::reset || e.what == fault::closed) && facts.bytes_in == 0 && facts.alert < 0;
}

void note_kernel(trace::scope& span, const std::optional<net::tcp_facts>& facts) {
    if (!facts) return;
    span.note(ev::tcp_rtt, facts->rtt_ms).note(ev::tcp_retransmits, facts->retransmissions);
    span.note(ev::tcp_mss, facts->mss)
        .note(ev::tcp_path_mtu, facts->path_mtu)
        .note(ev::tcp_out_of_order, facts->out_of_order);
    span.note(ev::tcp_bytes_in, facts->bytes_received).note(ev::tcp_unacked, facts->unacked);
}

void note_tls(trace::scope& span, const net::tls_facts& facts) {
    if (!facts.version.empty()) span.note(ev::tls_version, facts.version).note(ev::tls_cipher, facts.cipher);
    span.note(ev::tls_ms, facts.handshake_ms).note(ev::tls_bytes_in, facts.bytes_in);
    if (facts.alert >= 0)
        span.note(ev::tls_alert, std::to_string(facts.alert)).note(ev::tls_alert_text, facts.alert_text);
    if (!facts.first_bytes.empty()) span.note(ev::tls_first_bytes, facts.first_bytes);
    span.note(ev::tls_client_auth, facts.client_certificate_wanted);
    if (facts.client_certificate_wanted)
        span.note(ev::tls_ca_names, std::int64_t{facts.acceptable_issuers})
            .note(ev::tls_ca_bytes, facts.acceptable_issuers_bytes);
    note_kernel(span, facts.kernel);
}

}  // namespace ucsignin::signin
