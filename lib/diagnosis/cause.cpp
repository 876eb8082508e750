// Which table explains which node. Where no rule of it speaks, nothing is said: a neighbour's finding would be a guess.
#include <algorithm>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::diagnosis {
namespace {

struct explained_node {
    chart::node_ref node;
    std::span<const span_rule> (*causes)();
};

// Not here: what case_rules judge as a whole (registration.kept), and the looks of the second round.
constexpr explained_node explained_nodes[] = {
    {"discovery.autodiscover_root", autodiscover_causes},
    {"discovery.autodiscover_user", autodiscover_causes},
    {"discovery.autodiscover_domain", autodiscover_causes},
    {"connection.tcp", tcp_causes},
    {"connection.tls", tls_causes},
    {"connection.certificate", certificate_causes},
    {"connection.revocation", revocation_causes},
    {"connection.service", service_causes},
    {"registration.first_register", registration_causes},
    {"registration.challenge", registration_causes},
    {"registration.scheme", registration_causes},
    {"registration.cached_certificate", registration_causes},
    {"registration.web_ticket", web_service_causes},
    {"registration.user_certificate", web_service_causes},
    {"registration.kerberos", registration_causes},
    {"registration.ntlm", registration_causes},
    {"registration.dsk_handshake", registration_causes},
    {"registration.signed_register", registration_causes},
    {"registration.redirect", registration_causes},
    {"registration.server_signature", registration_causes},
    {"registration.edge_pool", registration_causes},
    {"registration.confirmed", registration_causes},
    {"provisioning.login", provisioning_causes},
    {"provisioning.subscription", provisioning_causes},
    {"provisioning.presentity", provisioning_causes},
};

// Where the network answers for names that do not exist, what its own host does under such a name is nobody's fault.
bool at_a_host_of_nobody(const case_view& view, const trace::span& s) {
    if (s.stage != 2 && s.stage != 3) return false;
    const auto url = s.text(ev::http_url);
    return is_made_up(view, url.empty() ? host_of(candidate_of(s)) : host_of_url(url));
}

}  // namespace

maybe cause_of(const case_view& view, const trace::span& s) {
    if (at_a_host_of_nobody(view, s)) return s.stage == 3 ? explain_made_up_address(view, s) : maybe{};
    const auto known = std::ranges::find(
        explained_nodes, s.node, [](const explained_node& e) { return std::string_view(e.node->id); });
    if (known == std::end(explained_nodes)) return {};
    if (auto here = explain_missing_mechanism(view, s)) return here;
    for (const auto rule : known->causes())
        if (auto found = rule(view, s)) return found;
    return {};
}

}  // namespace ucsignin::diagnosis
