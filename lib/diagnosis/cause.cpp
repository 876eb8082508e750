// Which table explains which node, and what to say when none does.
#include <fmt/format.h>

#include "diagnosis/rules.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::diagnosis {
namespace {

std::span<const span_rule> table_for(std::string_view node) {
    if (node.starts_with("discovery.autodiscover_root") || node.starts_with("discovery.autodiscover_user") ||
        node == "discovery.autodiscover_domain")
        return autodiscover_causes();
    if (node == "connection.tcp") return tcp_causes();
    if (node == "connection.tls") return tls_causes();
    if (node == "connection.certificate") return certificate_causes();
    if (node == "connection.revocation") return revocation_causes();
    if (node == "connection.service") return service_causes();
    if (node == "registration.web_ticket" || node == "registration.user_certificate") return web_service_causes();
    if (node == "registration.kept" || node == "registration.cross_check")
        return {};  // kept_rules(), and the rules that ask for it
    if (node.starts_with("registration.")) return registration_causes();
    if (node == "provisioning.login" || node == "provisioning.subscription" || node == "provisioning.presentity")
        return provisioning_causes();
    return {};
}

struct fallback {
    std::string_view node, finding;
};
// The nearest truthful entry for a stop that nothing explains.
// clang-format off
constexpr fallback fallbacks[] = {
    {"devices.adapters", "local-no-network"}, {"devices.route", "local-no-default-route"}, {"discovery.sip_domain", "dns-user-domain-typo"},
    {"discovery.candidates", "dns-no-records"}, {"connection.tcp", "net-tcp-filtered"}, {"connection.tls", "net-rst-mid-handshake"},
    {"connection.certificate", "tls-untrusted-root"}, {"connection.service", "tls-wrong-edge-service"},
    {"registration.first_register", "reg-403-no-reason"}, {"registration.challenge", "reg-no-common-scheme"},
    {"registration.scheme", "reg-no-common-scheme"}, {"registration.web_ticket", "certprov-unreachable"},
    {"registration.user_certificate", "certprov-500"}, {"registration.kerberos", "reg-kerberos-spn"}, {"registration.ntlm", "reg-no-common-scheme"},
    {"registration.dsk_handshake", "reg-dsk-inner-tls-fail"}, {"registration.signed_register", "reg-403-no-reason"},
    {"registration.server_signature", "reg-unsigned-200"}, {"registration.redirect", "reg-301-loop"},
    {"registration.confirmed", "reg-503-generic"}, {"provisioning.login", "prov-error"}, {"provisioning.subscription", "prov-error"},
    {"provisioning.presentity", "publish-refused"}};
// clang-format on

}  // namespace

finding explain_generally(const case_view& view, std::string_view node, const trace::span* s) {
    std::string_view id = "dns-no-records";
    for (const auto& f : fallbacks)
        if (f.node == node) id = f.finding;
    draft found(view, id);
    const auto* at = chart::find(node);
    const auto where = s && !candidate_of(*s).empty() ? candidate_of(*s) : view.domain;
    if (s) found.seen(*s);
    else found.about(where);
    found.as(certainty::possible);
    const auto* taken = s && at ? at->find(s->branch) : nullptr;
    found.title(fmt::format(
        "The sign-in stopped at '{}' for {}{}{}", at ? at->title : node, where, taken ? ": " : "",
        taken ? taken->meaning : std::string_view{}));
    found.known_by("No rule explains what was seen; this is the nearest entry of the catalogue.");
    if (s && !s->summary.empty()) found.known_by(fmt::format("The trace says: {}.", s->summary));
    return *found.done();
}

maybe cause_of(const case_view& view, const trace::span& s) {
    for (const auto rule : table_for(s.node))
        if (auto found = rule(view, s)) return found;
    if (&s == view.stop && s.node != "discovery.candidates" && s.stage > 1) return explain_generally(view, s.node, &s);
    return {};
}

}  // namespace ucsignin::diagnosis
