// Which observation would decide between look-alikes that remain.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "diagnosis/catalogue.hpp"
#include "diagnosis/indexed_trace.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::diagnosis {
namespace {

using namespace trace::literals;

struct question {
    finding_ref finding;
    std::optional<trace::look_ref> look;
    std::string_view observation, why;
    bool always = false;  // also when the finding is not what stopped the sign-in
};

constexpr auto by_people = std::nullopt;

// clang-format off
constexpr question questions[] = {
    {"dns-servfail", "checking_disabled"_look, "ask the same questions with checking disabled (CD)", "an answer then means dns-dnssec-bogus, none means a broken zone or forwarder", true},
    {"dns-servfail", "cname_chain"_look, "ask for the aliases one by one", "a chain that comes back to itself means dns-cname-loop", true},
    {"dns-servfail", "authoritative"_look, "ask the zone's own name servers", "a refusal or silence there means a broken delegation"},
    {"dns-dnssec-bogus", "checking_disabled"_look, "ask the same questions with checking disabled (CD)", "an answer then proves it", true},
    {"dns-no-records", "authoritative"_look, "ask the zone's own name servers", "records there mean that the resolver remembers an old negative answer (dns-nxdomain-negative-cache)"},
    {"dns-no-records", "near_miss"_look, "ask for SRV records under similar names", "one that exists means dns-srv-mistyped"},
    {"dns-srv-target-missing", "authoritative"_look, "ask the zone's own name servers for the target", "an address there means dns-nxdomain-negative-cache", true},
    {"dns-srv-target-missing", "cname_chain"_look, "ask for the target's aliases one by one", "a chain that comes back to itself means dns-cname-loop", true},
    {"dns-wildcard-catch-all", "unrelated_name"_look, "ask for made-up names in other domains", "an address for them means dns-captive-hijack", true},
    {"net-tcp-refused", "authoritative"_look, "ask the zone's own name servers for the address", "another address there means local-stale-dns-cache, the same one leaves dns-stale-a", true},
    {"net-tcp-filtered", "authoritative"_look, "ask the zone's own name servers for the address", "another address there means local-stale-dns-cache, the same one leaves dns-stale-a", true},
    {"net-host-unreachable", "authoritative"_look, "ask the zone's own name servers for the address", "another address there means local-stale-dns-cache, the same one leaves dns-stale-a", true},
    {"dns-stale-a", "authoritative"_look, "ask the zone's own name servers for the address", "the same address there proves it, another one means local-stale-dns-cache", true},
    {"dns-name-filtered", "authoritative"_look, "ask the zone's own name servers for the address", "another address there proves the filter, the same one means that the record itself is wrong"},
    {"dns-timeout", "dns_tcp"_look, "ask the same resolver over TCP", "an answer then means that only UDP or large answers are dropped"},
    {"net-tcp-refused", "usual_ports"_look, "try the usual ports 5061 and 443 of the same host", "an open one means dns-srv-wrong-port; none means a stopped service or dns-stale-a"},
    {"net-tcp-filtered", "usual_ports"_look, "try the other usual port of the host", "an open one means net-5061-blocked-443-open or dns-srv-wrong-port"},
    {"net-tcp-filtered", "other_source"_look, "connect from another address of this PC", "success from there means net-source-acl"},
    {"net-host-unreachable", "other_source"_look, "connect from another address of this PC", "success from there means net-source-acl"},
    {"tls-handshake-timeout", "small_segments"_look, "repeat the handshake in small segments", "success means net-mtu-blackhole"},
    {"tls-handshake-timeout", "no_sni"_look, "send the ClientHello without a server name", "success means that something inspects the name"},
    {"tls-handshake-timeout", "neutral_sni"_look, "send the ClientHello with a neutral server name", "success means that something inspects the name"},
    {"tls-handshake-timeout", "tls_1_2"_look, "offer TLS 1.2 at most", "success means a server or a device that cannot handle the newer offer"},
    {"net-mtu-blackhole", "small_segments"_look, "repeat the handshake in small segments", "success makes it certain"},
    {"net-asymmetric-stateful", "small_segments"_look, "repeat the handshake in small segments", "success means net-mtu-blackhole"},
    {"net-asymmetric-stateful", "other_source"_look, "connect from another address of this PC", "success makes it certain"},
    {"net-rst-after-clienthello", "neutral_sni"_look, "send the ClientHello with a neutral server name", "if that gets through, a filter on the way inspects the name"},
    {"net-rst-after-clienthello", "no_sni"_look, "send the ClientHello without a server name", "if that gets through, a filter on the way inspects the name"},
    {"net-rst-after-clienthello", "tls_1_2"_look, "offer TLS 1.2 at most", "if that gets through, something cannot handle the newer offer"},
    {"net-rst-after-clienthello", "tls_1_1"_look, "offer TLS 1.1 at most", "if that gets through, the server is too old (tls-protocol-version)"},
    {"net-lb-no-member", "tls_1_2"_look, "offer TLS 1.2 at most", "if that gets through, something cannot handle the newer offer"},
    {"net-lb-no-member", "tls_1_1"_look, "offer TLS 1.1 at most", "if that gets through, the server closes because of the version (tls-protocol-version)"},
    {"tls-cipher-mismatch", "tls_1_1"_look, "offer TLS 1.1 at most", "success means tls-ca-alternate-signature or a server that is too old"},
    {"tls-cipher-mismatch", "no_sni"_look, "send the ClientHello without a server name", "success means tls-sni-required"},
    {"tls-cipher-mismatch", "neutral_sni"_look, "send the ClientHello with a neutral server name", "success means tls-sni-required"},
    {"tls-protocol-version", "tls_scan"_look, "try each TLS version by itself", "shows which versions the server still speaks"},
    {"local-clock-skew", by_people, "compare this PC's clock with one outside this deployment (w32tm /stripchart /computer:time.windows.com)", "agreement with that one means server-clock-skew, of all servers"},
    {"local-vpn-adapter-preferred", "other_adapter"_look, "connect from the address of an adapter that is not a tunnel", "a connection then means that the tunnel does not reach the server; none means net-tcp-filtered"},
    {"local-ipv6-only", "nat64"_look, "ask for the IPv6 address of ipv4only.arpa", "a synthesised one means that NAT64 is there, and something else is wrong"},
    {"local-missing-root-ca", by_people, "compare the root with the trust store of a PC in the domain", "trusted there: this PC lacks it; trusted nowhere: tls-untrusted-root"},
    {"tls-untrusted-root", "neutral_sni"_look, "ask the same address for an unrelated name", "a certificate for that name means net-tls-inspection"},
    {"tls-untrusted-root", "unrelated_host"_look, "see who issued the certificate of an unrelated host", "the same issuer means net-tls-inspection"},
    {"tls-untrusted-root", "plain_http"_look, "send the request by which Windows tests whether it is online", "another page means net-captive-portal"},
    {"local-missing-root-ca", "neutral_sni"_look, "ask the same address for an unrelated name", "a certificate for that name means net-tls-inspection"},
    {"local-missing-root-ca", "unrelated_host"_look, "see who issued the certificate of an unrelated host", "the same issuer means net-tls-inspection"},
    {"tls-self-signed", "plain_http"_look, "send the request by which Windows tests whether it is online", "another page means net-captive-portal"},
    {"tls-name-mismatch", "plain_http"_look, "send the request by which Windows tests whether it is online", "another page means net-captive-portal"},
    {"tls-http-on-sip-port", "neutral_sni"_look, "ask the same address for an unrelated name", "a certificate for that name means net-tls-inspection-breaks-sip"},
    {"tls-http-on-sip-port", "unrelated_host"_look, "see who issued the certificate of an unrelated host", "the same issuer means net-tls-inspection-breaks-sip"},
    {"net-tcp-filtered", "plain_http"_look, "send the request by which Windows tests whether it is online", "another page means net-captive-portal"},
    {"net-tcp-refused", "plain_http"_look, "send the request by which Windows tests whether it is online", "another page means net-captive-portal"},
    {"net-rst-after-clienthello", "plain_http"_look, "send the request by which Windows tests whether it is online", "another page means net-captive-portal"},
    {"tls-untrusted-root", by_people, "compare the fingerprint with one seen from another network", "another certificate there means net-tls-inspection"},
    {"tls-missing-intermediate", "aia"_look, "fetch the issuer that the certificate names (AIA)", "if the chain verifies with it, only the intermediate is missing"},
    {"reg-wrong-password", by_people, "log in at another service with the same password, once", "accepted there: wt-401-loop or a log-in name in another form; refused: password or account (locked, expired)"},
    {"wt-bad-credentials-fault", by_people, "log in at another service with the same password, once", "accepted there: the log-in name does not belong to this account (UPN or DOMAIN\\user)"},
    {"wt-401-loop", by_people, "ask one front end directly, without the load balancer", "success there means missing affinity"},
    {"reg-403-no-reason", by_people, "sign in from inside", "inside, the server sends its reason"},
    {"reg-404-not-sip-enabled", by_people, "ask when the user was enabled (Get-CsUser)", "enabled a short while ago: reg-404-not-replicated"},
    {"reg-503-generic", by_people, "sign in as another user of the same pool", "success means reg-quorum-loss"},
    {"limited-functionality", by_people, "sign in as another user of the same pool", "success means data of this user (roaming-data-corrupt) or its routing group"},
    {"reg-dsk-cert-revoked", by_people, "fetch a new user certificate and try again", "success means that only the old one was refused"}};
// clang-format on

using two_words = std::pair<std::string_view, std::string_view>;

// What was looked at already: probe and subject.
std::set<two_words> looks_of(const trace::record& trace) {
    std::set<two_words> all;
    for (const auto& s : trace.spans)
        if (s.node.ends_with(".cross_check"))
            all.insert({text_of(s, trace::ev::probe_kind), text_of(s, trace::ev::probe_of)});
    return all;
}

// Where log-on by certificate came to nothing, the registrar has not heard of the password yet.
bool by_certificate(std::string_view stopped_at) {
    constexpr chart::node_ref nodes[] = {
        "registration.web_ticket", "registration.user_certificate", "registration.dsk_handshake"};
    return std::ranges::any_of(nodes, [&](chart::node_ref node) { return node->id == stopped_at; });
}

bool is_unexplained(const verdict& v) { return !v.signed_in && !v.stopped_at.empty() && v.root_causes.empty(); }

// The cause of the stop, if the question is of use to it; for a stop without one, the question stands by itself.
std::optional<two_words> log_in_in_doubt(const verdict& v) {
    if (!by_certificate(v.stopped_at)) return std::nullopt;
    if (is_unexplained(v)) return two_words{"", v.stopped_candidate};
    if (v.root_causes.empty()) return std::nullopt;
    const auto& root = v.root_causes.front();
    const auto* entry = find_entry(root.id);
    return entry && entry->stage == 4 ? std::optional(two_words{root.id, root.subject}) : std::nullopt;
}

}  // namespace

std::vector<open_question> open_questions(const trace::record& trace, const verdict& judged) {
    std::vector<open_question> open;
    const auto looked_at = looks_of(trace);
    const bool any_helps = is_unexplained(judged);
    std::set<two_words> roots;
    for (const auto& r : judged.root_causes) roots.insert({r.id, r.subject});
    for (const auto& f : judged.findings)
        for (const auto& q : questions) {
            if (!is(f, q.finding) || !(q.always || any_helps || roots.contains({f.id, f.subject}))) continue;
            const auto probe = q.look ? q.look->word() : std::string_view{};
            if (!q.look || !looked_at.contains({probe, f.subject}))
                open.push_back({f.id, f.subject, std::string(probe), std::string(q.observation), std::string(q.why)});
        }
    if (const auto about = log_in_in_doubt(judged); about && !trace.latest("registration.cross_check"))
        open.push_back(
            {std::string(about->first), std::string(about->second), std::string("sip_ntlm"_look.word()),
             "log in at the registrar by NTLM (--auth ntlm), once",
             "accepted there: user name and password are right, and obtaining a certificate is what fails"});
    return open;
}

}  // namespace ucsignin::diagnosis
