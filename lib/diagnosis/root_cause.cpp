#include "diagnosis/root_cause.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

// Without a server to try, the first of these that was found is the cause: what keeps every question from an answer
// stands before what one answer lacks.
constexpr std::array<std::string_view, 37> discovery_order{
    "local-no-network",
    "local-firewall-blocks-process",
    "local-no-default-route",
    "local-resolver-none",
    "local-vpn-dns-only-leak",
    "dns-captive-hijack",
    "dns-cname-loop",
    "dns-truncated-no-tcp",
    "dns-timeout",
    "dns-refused",
    "dns-dnssec-bogus",
    "dns-servfail",
    "dns-user-domain-typo",
    "dns-srv-mistyped",
    "dns-nxdomain-negative-cache",
    "dns-no-records",
    "dns-srv-target-missing",
    "ad-user-unknown",
    "dns-wildcard-catch-all",
    "dns-lyncdiscover-wrong-host",
    "ad-redirect-loop",
    "ad-host-header-rewritten",
    "ad-internal-urls-outside",
    "ad-redirect-foreign-domain",
    "ad-preauth",
    "ad-403",
    "ad-404",
    "ad-500",
    "ad-502-504",
    "ad-503",
    "ad-not-xml",
    "ad-partial-no-sip-endpoint",
    "ad-https-cert-name",
    "net-proxy-407",
    "net-proxy-connect-denied",
    "net-tcp-refused",
    "net-tcp-filtered"};

// What a wrong clock makes look wrong.
constexpr std::array<std::string_view, 17> explained_by_clock{
    "tls-expired",
    "tls-intermediate-expired",
    "tls-not-yet-valid",
    "wt-ticket-expired",
    "wt-ticket-invalid",
    "wt-bad-credentials-fault",
    "wt-401-loop",
    "certprov-not-yet-valid",
    "server-clock-skew",
    "reg-kerberos-skew",
    "reg-wrong-password",
    "reg-dsk-cert-revoked",
    "reg-dsk-inner-tls-fail",
    "certprov-500",
    "wt-adfs-cert",
    "local-user-cert-expired",
    "tls-crl-unreachable"};

// Things that are lost although the sign-in went on; a revoked certificate ends the desktop client's.
constexpr std::array<std::string_view, 6> losses_while_signed_in{
    "reg-endpoint-limit",           "reg-deregistered-disabled", "reg-user-moved",
    "reg-backup-registrar-limited", "net-idle-timeout-drop",     "tls-revoked"};

bool one_of(std::span<const std::string_view> ids, std::string_view id) {
    return std::ranges::find(ids, id) != ids.end();
}

finding* by_id(std::vector<finding>& all, std::string_view id) {
    const auto at = std::ranges::find(all, id, &finding::id);
    return at == all.end() ? nullptr : &*at;
}

// Findings about the very server where it stopped come before those about other steps.
finding* cause_of_stop(const case_view& view, std::vector<finding>& all) {
    const auto own = std::ranges::find_if(all, [&](const finding& f) {
        return view.stop && !f.evidence.empty() && f.evidence.front() == view.stop->span_id &&
               f.severity == severity::failure;
    });
    if (own != all.end()) return &*own;
    const auto any = std::ranges::find_if(all, [&](const finding& f) {
        return view.stop && !f.evidence.empty() && f.evidence.front() == view.stop->span_id;
    });
    return any == all.end() ? nullptr : &*any;
}

finding* cause_in_discovery(std::vector<finding>& all) {
    for (const auto id : discovery_order)
        if (auto* found = by_id(all, id)) return found;
    // Last, what kept autodiscover from the user's document: the ticket service is asked on its behalf.
    for (const int stage : {2, 4}) {
        const auto at = std::ranges::find_if(
            all, [&](const finding& f) { return f.stage == stage && f.severity == severity::failure; });
        if (at != all.end()) return &*at;
    }
    return nullptr;
}

// A certificate that has expired by the server's own clock too has to be renewed as well.
bool expired_by_every_clock(const case_view& view, const finding& f) {
    if (f.id != "tls-expired" || !view.stop || view.clocks.empty()) return false;
    const auto until = seconds_of(view.stop->text(ev::x509_not_after));
    const auto* clock = view.trace.latest("devices.clock");
    const auto now = seconds_of(
        clock && !clock->text(ev::clock_utc).empty() ? clock->text(ev::clock_utc) : view.trace.started_at);
    if (until && now) return *until < *now + view.clocks.front().skew_s;
    const auto days = days_expired(*view.stop);
    return days && *days * 86400 + view.clocks.front().skew_s > 0;
}

// The hosts file explains whatever the host that it names did wrong; a script that names two proxies, what one of them
// refused.
finding* cause_on_this_pc(const case_view& view, std::vector<finding>& all) {
    if (!view.stop) return nullptr;
    auto* hosts = by_id(all, "local-hosts-override");
    if (hosts && hosts->severity == severity::failure && view.stop->stage == 3) return hosts;
    auto* guid = by_id(all, "local-machineguid-braces");
    if (guid && guid->severity == severity::failure && view.stop->stage == 4) return guid;
    auto* script = by_id(all, "local-pac-wrong-proxy");
    const bool at_proxy = view.stop->text(ev::http_fault) == "proxy" || view.stop->branch == "proxy_refuses";
    return script && at_proxy ? script : nullptr;
}

// When names lead to whoever answers for all names, what that host does wrong explains itself. A server that DNS names
// in its own right, and that failed as well, is another matter.
finding* names_mislead(const case_view& view, std::vector<finding>& all) {
    if (!view.stop || view.stop->stage != 3) return nullptr;
    if (auto* captive = by_id(all, "dns-captive-hijack")) return captive;
    auto* found = by_id(all, "dns-wildcard-catch-all");
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    if (!found || !wildcard) return nullptr;
    const auto addresses = wildcard->texts(ev::dns_address);
    const std::set<std::string> everywhere(addresses.begin(), addresses.end());
    const auto own = [&](const trace::span* s) {
        return std::ranges::any_of(
            s->texts(ev::peer), [&](const std::string& p) { return !everywhere.contains(host_of(p)); });
    };
    return std::ranges::any_of(view.trace.at("connection.tcp"), own) ? nullptr : found;
}

// What DNS says about the very server that was not reached.
finding* address_misleads(const case_view& view, std::vector<finding>& all) {
    if (!view.stop || view.stop->node != "connection.tcp") return nullptr;
    for (const std::string_view id : {"local-stale-dns-cache", "dns-stale-a"})
        if (auto* found = by_id(all, id); found && found->subject == candidate_of(*view.stop)) return found;
    return nullptr;
}

void demote(const std::vector<const finding*>& roots, std::vector<finding>& all) {
    for (auto& f : all) {
        const bool is_root = std::ranges::any_of(roots, [&](const finding* r) { return r == &f; });
        const bool loss = f.stage == 5 || one_of(losses_while_signed_in, f.id);
        if (is_root) f.severity = severity::failure;
        else if (f.severity == severity::failure && !loss) f.severity = severity::warning;
    }
}

std::vector<root_cause> name(const std::vector<const finding*>& roots) {
    std::vector<root_cause> named;
    for (const auto* f : roots) named.push_back({f->id, f->subject, f->certainty});
    return named;
}

finding* cause_before_servers(const case_view& view, std::vector<finding>& all) {
    if (view.stop && view.stop->stage == 1) return cause_of_stop(view, all);
    return view.stopped_at == "discovery.candidates" ? cause_in_discovery(all) : cause_of_stop(view, all);
}

// One more log-in in another way, in the second round: where it is taken, only the way to a certificate is broken.
void add_follow_up(const case_view& view, finding& cause) {
    const auto* look = view.trace.latest("registration.cross_check");
    if (!look || look->text(ev::probe_result) != "accepted") return;
    cause.evidence.push_back(look->span_id);
    cause.explanation +=
        " The registrar takes the same user name and password by NTLM (--auth ntlm), so they are right.";
    cause.ruled_out.push_back({"reg-wrong-password", "the registrar takes the password by NTLM"});
    if (cause.id == "wt-401-loop") cause.certainty = certainty::certain;
}

// Where a log-in was withheld, the record that leads to the stranger is to be mended first.
const finding* leads_to_stranger(const finding& cause, std::vector<finding>& all) {
    return cause.id == "credentials-withheld" ? by_id(all, "dns-srv-target-outside-domain") : nullptr;
}

std::vector<root_cause> why_stopped(const case_view& view, std::vector<finding>& all) {
    finding* cause = cause_on_this_pc(view, all);
    if (!cause) cause = names_mislead(view, all);
    if (!cause) cause = address_misleads(view, all);
    if (!cause) cause = cause_before_servers(view, all);
    if (!cause) {
        all.push_back(explain_generally(view, view.stopped_at, view.stop));
        cause = &all.back();
    }
    std::vector<const finding*> roots;
    for (const std::string_view id : {"local-clock-skew", "server-clock-skew"}) {
        auto* clock = by_id(all, id);
        if (!clock || clock == cause || !one_of(explained_by_clock, cause->id)) continue;
        clock->ruled_out.push_back({cause->id, "the difference between the clocks explains it"});
        roots.push_back(clock);
        if (!expired_by_every_clock(view, *cause)) {
            demote(roots, all);
            return name(roots);
        }
        clock->ruled_out.pop_back();
        break;
    }
    add_follow_up(view, *cause);
    if (const auto* record = leads_to_stranger(*cause, all)) roots.push_back(record);
    roots.push_back(cause);
    demote(roots, all);
    return name(roots);
}

}  // namespace

std::vector<root_cause> settle(const case_view& view, std::vector<finding>& all) {
    if (!view.signed_in && !view.stopped_at.empty()) return why_stopped(view, all);
    demote({}, all);
    std::vector<const finding*> roots;
    for (const auto& f : all)
        if (view.signed_in && f.severity == severity::failure) roots.push_back(&f);
    return name(roots);
}

}  // namespace ucsignin::diagnosis
