// Which observation would decide between look-alikes that remain.
#include <algorithm>

#include "trace/evidence.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis {
namespace {

struct question {
    std::string_view finding, probe, observation, why;
};

constexpr question questions[] = {
    {"dns-servfail", "checking_disabled", "ask the same questions with checking disabled (CD)", "an answer then means dns-dnssec-bogus, none means a broken zone or forwarder"},
    {"dns-no-records", "authoritative", "ask the zone's own name servers", "records there mean that the resolver remembers an old 'no' (dns-nxdomain-negative-cache)"},
    {"dns-timeout", "dns_tcp", "ask the same resolver by TCP", "an answer then means that only UDP or large answers are dropped"},
    {"net-tcp-refused", "usual_ports", "try the usual ports 5061 and 443 of the same host", "an open one means dns-srv-wrong-port; none means a stopped service or dns-stale-a"},
    {"net-tcp-filtered", "", "connect from another source address, and to another port of the host", "tells net-source-acl and net-5061-blocked-443-open from a firewall that drops all"},
    {"tls-handshake-timeout", "", "send the ClientHello without a server name, in smaller segments, and with TLS 1.2 at most", "tells tls-sni-required, net-mtu-blackhole and an intolerant server from a hung one"},
    {"net-rst-after-clienthello", "", "send the ClientHello with a neutral server name, and with TLS 1.2 at most", "if one survives, a filter on the way looks at it; if none does, the server hangs up"},
    {"net-lb-no-member", "", "send the ClientHello with TLS 1.2 at most", "if that survives, the server closes for the version (tls-protocol-version)"},
    {"tls-cipher-mismatch", "", "offer TLS 1.1 at most, or more signature algorithms", "success then means tls-ca-alternate-signature"},
    {"local-vpn-adapter-preferred", "other_adapter", "connect from the address of an adapter that is no tunnel", "a connection then means that the tunnel does not lead there; none means net-tcp-filtered"},
    {"local-missing-root-ca", "", "compare the root with the trust store of a PC of the domain", "trusted there: this PC lacks it; trusted nowhere: tls-untrusted-root"},
    {"tls-untrusted-root", "", "compare the fingerprint with one seen from another network", "another certificate there means net-tls-inspection"},
    {"tls-missing-intermediate", "", "fetch the issuer that the certificate names (AIA)", "if the chain verifies with it, only the intermediate is missing"},
    {"reg-wrong-password", "", "log in at another service with the same password, once", "accepted there: wt-401-loop or a log-in name of another form; refused: password or account (locked, expired)"},
    {"wt-bad-credentials-fault", "", "log in at another service with the same password, once", "accepted there: the log-in name is not the one of this account (UPN or DOMAIN\\user)"},
    {"wt-401-loop", "", "ask one front end directly, without the load balancer", "success there means missing affinity"},
    {"reg-403-no-reason", "", "sign in from inside", "inside, the server sends its reason"},
    {"reg-404-not-sip-enabled", "", "ask when the user was enabled (Get-CsUser)", "enabled a short while ago: reg-404-not-replicated"},
    {"reg-503-generic", "", "sign in as another user of the same pool", "success means reg-quorum-loss"},
    {"limited-functionality", "", "sign in as another user of the same pool", "success means data of this user (roaming-data-corrupt) or its routing group"},
    {"reg-dsk-cert-revoked", "", "fetch a new user certificate and try again", "success means that only the old one was refused"}};

bool looked_at(const trace::record& trace, std::string_view probe, std::string_view subject) {
    if (probe.empty()) return false;
    return std::ranges::any_of(trace.spans, [&](const trace::span& s) {
        return s.node.ends_with(".cross_check") && s.text(trace::ev::probe_kind.name) == probe && s.text(trace::ev::probe_of.name) == subject;
    });
}

}  // namespace

std::vector<open_question> open_questions(const trace::record& trace, const verdict& judged) {
    std::vector<open_question> open;
    for (const auto& root : judged.root_causes)
        for (const auto& q : questions)
            if (q.finding == root.id && !looked_at(trace, q.probe, root.subject))
                open.push_back({root.id, root.subject, std::string(q.probe), std::string(q.observation), std::string(q.why)});
    return open;
}

}  // namespace ucsignin::diagnosis
