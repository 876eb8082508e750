// Stage 3: certificates and handshakes that are accepted here, and what other clients will make of them.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/interception.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

maybe matched_by_wildcard(const case_view& view, const span& s) {
    if (!s.is_at("connection.certificate") || !went_well(s) || !s.is(ev::x509_name_matches)) return {};
    const auto host = lower(host_of(candidate_of(s)));
    const auto names = s.texts(ev::x509_name);
    const bool exact = std::ranges::any_of(names, [&](const std::string& n) { return lower(n) == host; });
    const auto wild = std::ranges::find_if(names, [](const std::string& n) { return n.starts_with("*."); });
    if (exact || wild == names.end()) return {};
    return about_candidate(view, s, "tls-wildcard-cert")
        .known_by(fmt::format("Only {} matches {}.", *wild, host))
        .done();
}

maybe domain_left_out(const case_view& view, const span& s) {
    if (!s.is_at("connection.certificate") || !went_well(s) || !s.has(ev::x509_covers_domain) ||
        s.is(ev::x509_covers_domain))
        return {};
    const auto names = s.texts(ev::x509_name);
    const auto other = std::ranges::find_if(names, [](const std::string& n) { return n.starts_with("sip."); });
    if (other == names.end()) return {};
    auto found = about_candidate(view, s, "tls-missing-sip-domain-san");
    return found.weigh(severity::warning)
        .known_by(fmt::format("It covers {} but not sip.{}.", *other, view.domain))
        .done();
}

maybe common_name_only(const case_view& view, const span& s) {
    if (!s.is_at("connection.certificate") || s.branch != "reservations" || s.has(ev::x509_name)) return {};
    return about_candidate(view, s, "tls-cn-only-no-san").weigh(severity::warning).known_by(issued_by(s)).done();
}

// This client takes RSASSA-PSS; the desktop client's TLS often does not.
maybe alternate_signature(const case_view& view, const span& s) {
    if (!s.is_at("connection.certificate") || !went_well(s) || candidate_of(s).empty()) return {};
    const auto how = s.text(ev::x509_signature);
    if (!holds(how, "pss")) return {};
    return about_candidate(view, s, "tls-ca-alternate-signature")
        .weigh(severity::warning)
        .known_by(fmt::format("It is signed with {}.", how))
        .done();
}

// Of another network's proxy that this PC was told to trust: it works, and breaks with the next update of the
// appliance.
maybe inspected_and_trusted(const case_view& view, const span& s) {
    if (!s.is_at("connection.certificate") || !went_well(s) || candidate_of(s).empty()) return {};
    const auto by = interception_of(view, s);
    if (!by) return {};
    return about_candidate(view, s, *by.finding)
        .weigh(severity::warning)
        .as(certainty::likely)
        .known_by(issued_by(s))
        .known_by(by.sign)
        .not_because("tls-untrusted-root", "its issuer is trusted here")
        .done();
}

maybe many_issuers(const case_view& view, const span& s) {
    if (!s.is_at("connection.tls") || !went_well(s) || s.number(ev::tls_ca_bytes).value_or(0) < 15500) return {};
    draft found(view, "tls-issuer-list-truncated");
    found.seen(s).about(candidate_of(s)).weigh(severity::warning);
    found.known_by(fmt::format(
        "It names {} issuers in {} bytes when it asks for a client certificate.",
        s.number(ev::tls_ca_names).value_or(0), s.number(ev::tls_ca_bytes).value_or(0)));
    return found.not_because("tls-client-cert-demanded", "it went on without one").done();
}

maybe list_out_of_reach(const case_view& view, const span& s) {
    if (!s.is_at("connection.revocation") || s.branch != "unreachable") return {};
    draft found(view, "tls-crl-unreachable");
    found.seen(s).about(candidate_of(s)).weigh(severity::warning).known_by(fmt::format("{}.", s.summary));
    return found.not_because("tls-revoked", "no list said so").done();
}

// What --tls-scan showed: some clients will fail where this one did not.
maybe scanned(const case_view& view, const span& s) {
    if (!s.is_at("connection.versions") || s.branch != "modern") return {};
    for (const auto& one : s.together(ev::tls_tried)) {
        const auto what = one.text(ev::tls_tried), word = one.text(ev::tls_tried_result);
        const bool nameless = what == "no_sni" && word != "accepted";
        const bool resumption = what == "resumption" && word != "resumed" && word != "made_anew" && word != "not_tried";
        if (!nameless && !resumption) continue;
        draft found(view, nameless ? "tls-sni-required"_finding : "tls-session-ticket-server-bug"_finding);
        found.seen(s).about(candidate_of(s)).weigh(severity::warning);
        if (nameless)
            found.title(fmt::format("{} serves its certificate only to clients that send its name", candidate_of(s)));
        found.known_by(
            nameless ? fmt::format("Without a server name the handshake ends in: {}.", word)
                     : fmt::format("A first handshake passes, resuming its session ends in: {}.", word));
        return found.done();
    }
    return {};
}

constexpr auto certificate_note_table = std::to_array<span_rule>(
    {matched_by_wildcard, common_name_only, domain_left_out, alternate_signature, inspected_and_trusted, many_issuers,
     list_out_of_reach, scanned});

}  // namespace

std::span<const span_rule> connection_notes() { return certificate_note_table; }

}  // namespace ucsignin::diagnosis
