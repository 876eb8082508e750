// Writes HTTP, SIP, TLS and error facts into spans, in one place, so that a rule finds the same fact under the same
// name whichever step met it.
#include "signin/base/notes.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "auth/web_ticket.hpp"
#include "net/challenges.hpp"
#include "signin/base/context.hpp"
#include "trace/dates.hpp"
#include "trace/http_status.hpp"

namespace ucsignin::signin {
namespace {

void note_header(
    trace::scope& span, const sip::message& m, std::string_view header, const trace::evidence_name<std::string>& name) {
    for (const auto& value : m.all(header)) span.note(name, value);
}

void note_header(
    trace::scope& span, const net::http::response& r, std::string_view header,
    const trace::evidence_name<std::string>& name) {
    for (const auto& value : r.all(header)) span.note(name, value);
}

void note_failed_handshake(trace::scope& span, ev::tls_fault_word why, const net::tls_facts& facts) {
    span.note(ev::tls_fault, why).note(ev::tls_bytes_in, facts.bytes_in);
    if (!facts.version.empty()) span.note(ev::tls_version, facts.version);
    if (facts.alert >= 0)
        span.note(ev::tls_alert, std::to_string(facts.alert)).note(ev::tls_alert_text, facts.alert_text);
    if (!facts.first_bytes.empty()) span.note(ev::tls_first_bytes, facts.first_bytes);
    span.note(ev::tls_client_auth, facts.client_certificate_wanted);
}

void note_fault(trace::scope& span, const net::http::response& r) {
    const auto fault = r.status == 200 ? std::nullopt : auth::parse_fault(r.body);
    if (!fault) return;
    span.note(ev::soap_code, fault->code).note(ev::soap_text, fault->text);
    if (fault->error_id != 0) note_diagnostics(span, {"soap", fault->error_id, fault->reason, {}, {}});
}

void note_errors(trace::scope& span, const net::tls_facts& facts) {
    for (const auto& e : facts.errors)
        span.group()
            .note(ev::x509_error_code, e.code)
            .note(ev::x509_error_depth, e.depth)
            .note(ev::x509_error_text, e.what);
}

}  // namespace

void note_diagnostics(trace::scope& span, const sip::diagnostics& d) {
    span.note(ev::diagnostics_id, std::int64_t{d.id}).note(ev::diagnostics_header, d.header);
    span.note(ev::diagnostics_reason, d.reason).note(ev::diagnostics_source, d.source);
    for (const auto& [name, value] : d.parameters)
        if (name != "reason" && name != "source")
            span.group().note(ev::diagnostics_parameter, name).note(ev::diagnostics_value, value);
}

void note_sip(trace::scope& span, const sip::message& answer) {
    span.note(ev::sip_status, std::int64_t{answer.status}).note(ev::sip_reason, answer.reason);
    note_header(span, answer, "Server", ev::sip_server);
    for (const auto& line : answer.odd_lines) span.note(ev::sip_odd_line, line);
    note_header(span, answer, "Date", ev::sip_date);
    note_header(span, answer, "Warning", ev::sip_warning);
    note_header(span, answer, "ms-user-logon-data", ev::remote_user);
    if (const auto after = answer.header("Retry-After")) {
        std::int64_t seconds = 0;
        if (std::from_chars(after->data(), after->data() + after->size(), seconds).ec == std::errc{})
            span.note(ev::sip_retry_after, seconds);
    }
    if (answer.status >= 300 && answer.status < 400) note_header(span, answer, "Contact", ev::sip_contact);
    for (const auto& d : sip::diagnostics_of(answer)) note_diagnostics(span, d);
}

ev::dns_state_word word_of(net::answer_state state) {
    using enum net::answer_state;
    switch (state) {
        case records: return "records";
        case no_data: return "NODATA";
        case nxdomain: return "NXDOMAIN";
        case servfail: return "SERVFAIL";
        case refused: return "REFUSED";
        case timed_out: return "timeout";
        case malformed: return "malformed";
        case unreachable: return "unreachable";
        case other: break;
    }
    return "other";
}

ev::fault_word word_of(net::fault what) {
    switch (what) {
        case net::fault::timed_out: return "timed_out";
        case net::fault::refused: return "refused";
        case net::fault::unreachable: return "unreachable";
        case net::fault::reset: return "reset";
        case net::fault::closed: return "closed";
        case net::fault::cancelled: return "cancelled";
        case net::fault::protocol: return "protocol";
        case net::fault::tls_alert: return "tls_alert";
        case net::fault::not_found: return "not_found";
        case net::fault::proxy: return "proxy";
        case net::fault::other: break;
    }
    return "other";
}

void note_sip_error(trace::scope& span, const net::error& error) { span.note(ev::sip_error, word_of(error.what)); }

// Words of error pages that balancers, proxies and firewalls write, and no server of the pool.
constexpr std::string_view gateway_words[] = {
    "No server is available to handle this request",  // haproxy
    "nginx",
    "Guru Meditation",  // varnish
    "squid",
    "Web server received an invalid response while acting as a gateway or proxy server",  // IIS ARR
    "The requested URL was rejected. Please consult with your administrator",             // F5 ASM
    "Proxy Error",                                                                        // Apache
    "The proxy server received an invalid response from an upstream server",
    "Forefront TMG",
    "ISA Server",
    "Web Application Proxy",
    "cloudflare",
    "NetScaler",
    "Http/1.1 Internal Server Error 43531",  // Citrix ADC
    "The service is unavailable for this virtual server",
    "upstream connect error"};  // envoy

void note_gateway(trace::scope& span, const net::http::response& r) {
    if (r.status < 400) return;
    const auto page = std::string_view(r.body).substr(0, 8192);
    const auto words = std::ranges::find_if(
        gateway_words, [&](std::string_view w) { return page.find(w) != page.npos; });
    if (words != std::end(gateway_words)) span.note(ev::http_gateway, std::string(*words));
}

void note_validity(trace::scope& span, const net::certificate_facts& leaf, std::int64_t now) {
    span.note(ev::x509_not_before, trace::iso_time(leaf.not_before))
        .note(ev::x509_not_after, trace::iso_time(leaf.not_after));
    if (now > 0) span.note(ev::x509_expired_days, (now - leaf.not_after) / 86400);
}

void note_certificate_seen(trace::scope& span, const net::tls_facts& facts) {
    if (facts.chain.empty()) return;
    span.note(ev::x509_name_matches, facts.name_matches);
    span.note(ev::x509_subject, facts.chain.front().subject).note(ev::x509_issuer, facts.chain.front().issuer);
    for (const auto& name : facts.chain.front().dns_names) span.note(ev::x509_name, name);
}

void note_no_answer(trace::scope& span, const web_error& why, const std::optional<net::tls_facts>& tls) {
    span.note(ev::http_fault, why.kind).note(ev::http_error, why.detail);
    for (const auto& address : why.tried) span.note(ev::peer, address);
    if (why.kind == "proxy" && why.code > 0) span.note(ev::proxy_status, why.code);
    if (!tls) return;
    if (why.tls) note_failed_handshake(span, *why.tls, *tls);
    note_errors(span, *tls);
    note_certificate_seen(span, *tls);
}

void note_web(trace::scope& span, const web_answer& answer) {
    if (answer.tls && !answer.tls->chain.empty())
        note_validity(
            span, answer.tls->chain.front(), static_cast<std::int64_t>(std::max(answer.sent, answer.received)));
    if (!answer.response) return note_no_answer(span, answer.response.error(), answer.tls);
    const auto& r = *answer.response;
    span.note(ev::http_status, std::int64_t{r.status});
    note_header(span, r, "Content-Type", ev::http_type);
    note_header(span, r, "Server", ev::http_server);
    note_header(span, r, "Date", ev::http_date);
    note_header(span, r, "Location", ev::http_location);
    note_header(span, r, "Via", ev::http_via);
    const auto lines = r.all("WWW-Authenticate");  // challenges may carry tokens: only the scheme's name is evidence
    for (const auto& offered : net::read_challenges(lines))
        span.note(ev::http_authenticate, std::string(offered.scheme));
    note_header(span, r, "X-MS-Server-Fqdn", ev::http_server_name);
    note_header(span, r, "X-MS-Correlation-Id", ev::http_correlation);
    for (const auto& word : r.lax) span.note(ev::http_lax, word);
    if (std::ranges::find(r.lax, "encoded") != r.lax.end()) note_header(span, r, "Content-Encoding", ev::http_encoding);
    note_gateway(span, r);
    if (r.status >= 400 && !r.reason.empty()) span.note(ev::http_reason, r.reason);
    for (const auto& text : r.all("X-MS-diagnostics"))
        if (const auto d = sip::parse_diagnostics("X-MS-diagnostics", text)) note_diagnostics(span, *d);
    note_fault(span, r);
    // IIS tells the sub-status ("403.16") in the page only.
    if (r.status == 403 && r.body.find("403.16") != std::string::npos) span.note(ev::http_body, std::string("403.16"));
}

void note_certificate(
    trace::scope& span, const net::tls_facts& facts, const std::string& sip_domain, std::int64_t now) {
    for (std::size_t i = 0; i < facts.chain.size(); ++i)
        span.group()
            .note(ev::x509_chain_depth, i)
            .note(ev::x509_chain_subject, facts.chain[i].subject)
            .note(ev::x509_chain_issuer, facts.chain[i].issuer);
    note_errors(span, facts);
    span.note(ev::x509_name_matches, facts.name_matches);
    if (facts.chain.empty()) return;
    const auto& leaf = facts.chain.front();
    span.note(ev::x509_subject, leaf.subject).note(ev::x509_issuer, leaf.issuer);
    bool covers = false;
    for (const auto& name : leaf.dns_names) {
        span.note(ev::x509_name, name);
        covers = covers || name == "sip." + sip_domain || name == "*." + sip_domain;
    }
    span.note(ev::x509_covers_domain, covers);
    note_validity(span, leaf, now);
    span.group().note(ev::x509_key_type, leaf.key_type).note(ev::x509_key_bits, leaf.key_bits);
    span.note(ev::x509_signature, leaf.signature_algorithm);
    span.note(ev::x509_fingerprint, leaf.sha256);
}

std::string in_words(const sip::message& answer) {
    auto text = fmt::format("{} {}", answer.status, answer.reason);
    for (const auto& d : sip::diagnostics_of(answer)) text += fmt::format(" ({} {}: {})", d.header, d.id, d.reason);
    return text;
}

std::string in_words(const net::error& error) {
    return error.what == net::fault::timed_out ? "no answer in time" : error.detail;
}

bool is_out_of_reach(const web_answer& answer) {
    if (!answer.response) return true;
    const int status = answer.response->status;
    return trace::nothing_serves_there(status) || status == 503;
}

std::string in_words(const web_answer& answer) {
    if (!answer.response) return answer.response.error().detail;
    auto text = fmt::format("HTTP {} {}", answer.response->status, answer.response->reason);
    if (const auto fault = answer.response->status == 200 ? std::nullopt : auth::parse_fault(answer.response->body))
        text += fmt::format(
            " ({}{})", fault->error_id ? fmt::format("{}: ", fault->error_id) : "",
            fault->reason.empty() ? fault->text : fault->reason);
    return text;
}

}  // namespace ucsignin::signin
