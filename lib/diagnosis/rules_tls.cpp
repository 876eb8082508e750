// Stage 3: why the TLS handshake did not complete, and what answers behind it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

draft about_candidate(const case_view& view, const span& s, std::string_view id) {
    draft found(view, id);
    found.seen(s).about(candidate_of(s));
    return found;
}

std::string alert_words(const span& s) {
    const auto text = s.text(ev::tls_alert_text.name);
    const auto number = code_of(s, ev::tls_alert);
    if (!number) return text;
    return text.empty() ? fmt::format("alert {}", *number) : fmt::format("alert {} ({})", *number, text);
}

maybe redirected_there(const case_view& view, const span& s) {
    if (!view.from_redirect(candidate_of(s))) return {};
    auto found = about_candidate(view, s, "reg-301-target-unreachable");
    found.title(fmt::format("The registrar sends {} to {}, where TLS does not come up", view.user, candidate_of(s)));
    return found.as(certainty::likely).known_by(fmt::format("The TLS handshake ended in: {}.", s.branch)).done();
}

maybe client_certificate(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    const bool after_request = s.is(ev::tls_client_auth.name) && alert && (*alert == 40 || *alert == 42 || *alert == 46 || *alert == 48);
    if (s.branch != "client_certificate" && alert != 116 && !after_request) return {};
    auto found = about_candidate(view, s, "tls-client-cert-demanded");
    if (alert) found.known_by(fmt::format("It asked for a client certificate and, since none was shown, ended with {}.", alert_words(s)));
    return found.not_because("tls-cipher-mismatch", "version and cipher had been agreed").done();
}

maybe version(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    if (s.branch != "version" && alert != 70 && alert != 86) return {};
    auto found = about_candidate(view, s, "tls-protocol-version");
    if (alert) found.known_by(fmt::format("It answered the ClientHello with {}.", alert_words(s)));
    return found.not_because("local-tls-versions-disabled", "this client offered TLS 1.2").done();
}

maybe server_name(const case_view& view, const span& s) {
    if (code_of(s, ev::tls_alert) != 112) return {};
    return about_candidate(view, s, "tls-sni-required").known_by(fmt::format("It answered the name {} with {}.", host_of(candidate_of(s)), alert_words(s))).done();
}

maybe cipher(const case_view& view, const span& s) {
    const auto alert = code_of(s, ev::tls_alert);
    if (s.branch != "cipher" && alert != 40 && alert != 71) return {};
    auto found = about_candidate(view, s, "tls-cipher-mismatch");
    found.as(s.branch == "cipher" || alert == 71 ? certainty::certain : certainty::likely);
    if (alert) found.known_by(fmt::format("It answered the ClientHello with {}.", alert_words(s)));
    return found.not_because("tls-protocol-version", "no alert about the version came").done();
}

maybe not_tls(const case_view& view, const span& s) {
    if (s.branch != "not_tls") return {};
    const auto bytes = s.text(ev::tls_first_bytes.name);
    const auto other = std::ranges::find_if(view.candidates, [&](const std::string& c) {
        return c != candidate_of(s) && host_of(c) == host_of(candidate_of(s)) && view.reached("connection.tls", c);
    });
    const bool srv_misleads = view.origin_of(candidate_of(s)).starts_with("srv") && other != view.candidates.end();
    auto found = about_candidate(view, s, srv_misleads ? "dns-srv-wrong-port" : "tls-not-tls");
    if (!bytes.empty()) found.known_by(fmt::format("It began with '{}'.", bytes));
    return found.not_because("tls-protocol-version", "what came is no TLS record").done();
}

maybe cut_off(const case_view& view, const span& s) {
    if (s.branch != "reset") return {};
    const bool began = s.find(ev::tls_version.name) || !s.text(ev::tls_first_bytes.name).empty();
    if (began) return about_candidate(view, s, "net-rst-mid-handshake").not_because("net-rst-after-clienthello", "the server had begun to answer").done();
    const bool orderly = s.text(ev::tls_fault.name) == "closed";
    auto found = about_candidate(view, s, orderly ? "net-lb-no-member" : "net-rst-after-clienthello");
    found.known_by(orderly ? "The connection was closed in order, without one byte of TLS." : "A reset came, without one byte of TLS.");
    return found.as(certainty::likely).not_because("tls-protocol-version", "no alert came").done();
}

maybe silent(const case_view& view, const span& s) {
    if (s.branch != "silent") return {};
    const bool began = s.find(ev::tls_version.name) || !s.text(ev::tls_first_bytes.name).empty();
    auto found = about_candidate(view, s, began ? "net-mtu-blackhole" : "tls-handshake-timeout");
    found.as(certainty::likely).known_by(began ? "The answer began and its large part never came." : "TCP came up; the ClientHello got no answer before the deadline.");
    return found.not_because("net-tcp-filtered", "TCP came up").done();
}

constexpr std::array<span_rule, 9> causes{redirected_there, client_certificate, explain_local_tls, version, server_name, cipher, not_tls, cut_off, silent};

// -- connection.service --

const span* certificate_of(const case_view& view, const span& s) { return view.latest(s, "connection.certificate"); }

bool other_edge_role(const span* certificate) {
    if (!certificate) return false;
    return std::ranges::any_of(certificate->texts(ev::x509_name.name), [](const std::string& n) {
        return n.starts_with("webconf") || n.starts_with("av.") || n.starts_with("wc.") || n.starts_with("avedge");
    });
}

bool inspected(const span* certificate) {
    return certificate && std::ranges::any_of(std::array{"zscaler", "blue coat", "bluecoat", "fortinet", "fortigate", "palo alto", "netskope",
                                                         "forcepoint", "websense", "umbrella", "ssl inspection", "proxy"},
                                              [&](const char* maker) { return holds(certificate->text(ev::x509_issuer.name), maker); });
}

maybe web_server(const case_view& view, const span& s) {
    if (s.branch != "http") return {};
    const auto* certificate = certificate_of(view, s);
    const bool proxy = inspected(certificate);
    auto found = about_candidate(view, s, proxy ? "net-tls-inspection-breaks-sip" : "tls-http-on-sip-port");
    if (proxy) found.known_by(fmt::format("Its certificate was issued by {}.", certificate->text(ev::x509_issuer.name)));
    else found.not_because("net-tls-inspection-breaks-sip", "the certificate is not of a known inspecting proxy").known_by("The SIP message was answered in HTTP.");
    return found.done();
}

maybe other_sip(const case_view& view, const span& s) {
    if (s.branch != "other_sip") return {};
    const auto server = s.text(ev::sip_server.name);
    const auto schemes = s.texts(ev::auth_scheme_offered.name);
    const auto status = s.number(ev::sip_status.name).value_or(0);
    auto found = about_candidate(view, s, schemes.empty() && status == 200 ? "reg-unchallenged" : "reg-no-common-scheme");
    const auto kind = server.empty() ? std::string("a SIP server of another kind") : fmt::format("'{}'", server);
    found.title(schemes.empty() ? fmt::format("{} is {}, not Skype for Business: it answers REGISTER with {}", candidate_of(s), kind, status)
                                : fmt::format("{} is {}, not Skype for Business: it offers only {}", candidate_of(s), kind, fmt::join(schemes, ", ")));
    found.known_by("Skype for Business offers TLS-DSK, NTLM or Kerberos.").not_because("tls-http-on-sip-port", "it answers in SIP");
    found.remedy("DNS admin, SfB admin", fmt::format("Find out what runs at {} and point the records of {} at the pool or the Access Edge.", candidate_of(s), view.domain));
    return found.done();
}

maybe no_sip(const case_view& view, const span& s) {
    if (s.branch != "something_else" && s.branch != "silent") return {};
    const auto error = s.text(ev::sip_error.name);
    const bool hung_up = error == "closed" || error == "reset";
    const bool mixed_up = other_edge_role(certificate_of(view, s));
    if (s.branch == "silent" && !hung_up && !mixed_up) {
        auto found = about_candidate(view, s, "reg-timeout");
        return found.as(certainty::likely).known_by("The REGISTER was sent over a sound TLS connection; no answer came before the deadline.").done();
    }
    auto found = about_candidate(view, s, "tls-wrong-edge-service");
    found.as(mixed_up ? certainty::certain : certainty::likely);
    if (hung_up) found.known_by("It hung up when SIP came.");
    if (mixed_up) found.known_by(fmt::format("Its certificate names {}.", fmt::join(certificate_of(view, s)->texts(ev::x509_name.name), ", ")));
    return found.not_because("tls-http-on-sip-port", "it did not answer in HTTP").done();
}

constexpr std::array<span_rule, 3> service_rules{web_server, other_sip, no_sip};

}  // namespace

std::span<const span_rule> tls_causes() { return causes; }
std::span<const span_rule> service_causes() { return service_rules; }

}  // namespace ucsignin::diagnosis
