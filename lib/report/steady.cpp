#include "report/steady.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "trace/evidence_provisioning.hpp"

namespace ucsignin::report {
namespace {

namespace ev = trace::ev;

constexpr std::string_view digits = "0123456789";
// Behind these stands the number of a mask (stand_ins.hpp).
constexpr std::array<std::string_view, 13> masks{"host",        "sub",        "domain", "user",  "DOMAIN",
                                                 "name",        "adapter",    "guid",   "phone", "192.0.2.",
                                                 "198.51.100.", "203.0.113.", "10.0.0."};

constexpr std::array<const trace::evidence_entry*, 24> measured{
    &ev::x509_expired_days,
    &ev::clock_skew,
    &ev::clock_error,
    &ev::resolver_ms,
    &ev::pac_ms,
    &ev::dns_record_ttl,
    &ev::dns_latency,
    &ev::dns_negative_ttl,
    &ev::tcp_ms,
    &ev::tcp_rtt,
    &ev::tcp_retransmits,
    &ev::tcp_out_of_order,
    &ev::tcp_bytes_in,
    &ev::tcp_unacked,
    &ev::tls_ms,
    &ev::tls_bytes_in,
    &ev::user_cert_early,
    &ev::connection_age,
    &ev::connection_idle,
    &ev::relay_udp_ms,
    &ev::sip_call_id,
    &ev::password_uses,
    &ev::media_ports_taken,
    &ev::media_ports_denied};

// Linux's; those of Windows lie above it as well.
bool is_handed_out(std::string_view port) {
    constexpr unsigned first = 32768;
    unsigned number = 0;
    const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
    return read.ec == std::errc{} && number >= first;
}

}  // namespace

std::string steady(std::string_view text, bool masked) {
    const bool of_a_process = text.starts_with("/proc/");
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = std::min(text.find_first_of(digits, at), text.size());
        const auto end = std::min(text.find_first_not_of(digits, begin), text.size());
        const auto before = text.substr(0, begin), number = text.substr(begin, end - begin);
        out += text.substr(at, begin - at);
        const bool of_mask = masked &&
                             std::ranges::any_of(masks, [&](std::string_view mask) { return before.ends_with(mask); });
        if (!number.empty() && of_mask) out += '#';
        else if (of_a_process || (before.ends_with(':') && is_handed_out(number))) out += number.empty() ? "" : "*";
        else out += number;
        at = end;
    }
    return out;
}

bool is_of_the_run(const trace::evidence& e, bool in_lab) {
    if (e.kind == trace::value_kind::time || (in_lab && e.name == ev::x509_fingerprint.name)) return true;
    return std::ranges::any_of(measured, [&](const auto* name) { return name->name == e.name; });
}

bool is_masked(const report& r) {
    const auto uri = steady(r.facts.sip_uri, true);
    return uri == "sip:user#@domain#.example" && uri != r.facts.sip_uri;
}

}  // namespace ucsignin::report
