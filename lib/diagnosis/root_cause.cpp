// Most failures are consequences. The order here is the order of causes: this PC before DNS, DNS before servers, and
// the place of the stop before everything else that failed.
#include "diagnosis/root_cause.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include "diagnosis/certainty.hpp"
#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/dates.hpp"

namespace ucsignin::diagnosis {
namespace {

// Every finding here was written by a draft, from its entry.
const standing& standing_of(const finding& f) { return find_entry(f.id)->standing; }

finding* by_id(std::vector<finding>& all, finding_ref id) {
    const auto at = std::ranges::find(all, id->id, &finding::id);
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

// Without a server to try: what keeps every question from an answer stands before what one answer lacks.
finding* first_before_servers(std::vector<finding>& all) {
    finding* first = nullptr;
    int lowest = 0;
    for (auto& f : all) {
        const int place = standing_of(f).before_servers;
        if (place == 0 || (first && place >= lowest)) continue;
        first = &f;
        lowest = place;
    }
    return first;
}

finding* cause_in_discovery(std::vector<finding>& all) {
    if (auto* first = first_before_servers(all)) return first;
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
    if (!is(f, "tls-expired") || !view.stop || view.clocks.empty()) return false;
    const auto until = trace::parse_iso_time(view.stop->text(ev::x509_not_after));
    const auto* clock = view.trace.latest("devices.clock");
    const auto now = trace::parse_iso_time(
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
    const bool at_proxy = view.stop->word(ev::http_fault) == "proxy" || view.stop->branch == "proxy_refuses";
    return script && at_proxy ? script : nullptr;
}

// When names lead to whoever answers for all names, what that host does wrong explains itself. A server that DNS names
// in its own right, and that failed as well, is another matter.
finding* names_mislead(const case_view& view, std::vector<finding>& all) {
    if (!view.stop || view.stop->stage != 3) return nullptr;
    if (auto* captive = by_id(all, "dns-captive-hijack")) {
        const auto candidate = candidate_of(*view.stop);
        const bool somebody_named_it = some_names_are_true(view) && view.origin_of(candidate) != "a_fallback";
        return is_made_up(view, host_of(candidate)) && !somebody_named_it ? captive : nullptr;
    }
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
    if (!view.stop || !view.stop->is_at("connection.tcp")) return nullptr;
    for (const auto id : {"local-stale-dns-cache"_finding, "dns-stale-a"_finding})
        if (auto* found = by_id(all, id); found && found->subject == candidate_of(*view.stop)) return found;
    return nullptr;
}

// The server itself ended the registration, and says why: what it refuses in the same breath follows from that.
finding* ended_by_server(const case_view& view, std::vector<finding>& all) {
    const auto* kept = view.trace.latest("registration.kept");
    if (!view.stop || view.stop->stage != 5 || !kept || !went_wrong(*kept) || kept->branch == "connection_lost")
        return nullptr;
    const auto at = std::ranges::find_if(
        all, [&](const finding& f) { return std::ranges::find(f.evidence, kept->span_id) != f.evidence.end(); });
    auto* refusal = cause_of_stop(view, all);
    if (at == all.end() || refusal == &*at) return nullptr;
    if (refusal) refusal->severity = severity::warning;
    return &*at;
}

void demote(const std::vector<const finding*>& roots, std::vector<finding>& all) {
    for (auto& f : all) {
        const bool is_root = std::ranges::any_of(roots, [&](const finding* r) { return r == &f; });
        const bool loss = f.stage == 5 || standing_of(f).lost_while_signed_in;
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
    constexpr chart::node_ref candidates = "discovery.candidates";
    return view.stopped_at == candidates->id ? cause_in_discovery(all) : cause_of_stop(view, all);
}

// One more log-in in another way, in the second round: where it is taken, only the way to a certificate is broken.
void add_follow_up(const case_view& view, finding& cause) {
    const auto* look = view.trace.latest("registration.cross_check");
    if (!look || look->text(ev::probe_result) != "accepted") return;
    cause.evidence.push_back(look->span_id);
    cause.explanation +=
        " The registrar accepts the same user name and password with NTLM (--auth ntlm), so they are right.";
    rule_out(cause, "reg-wrong-password", "the registrar accepts the password with NTLM");
    if (is(cause, "wt-401-loop")) cause.certainty = certainty::certain;
}

// Where a log-in was withheld, the record that leads to the stranger is to be mended first.
const finding* leads_to_stranger(const finding& cause, std::vector<finding>& all) {
    return is(cause, "credentials-withheld") ? by_id(all, "dns-srv-target-outside-domain") : nullptr;
}

// Autodiscover that fails and an SRV record that leads nowhere are two ways, closed each for its own reason.
const finding* other_way_closed(const finding& cause, const std::vector<finding>& all) {
    if (!is(cause, "dns-srv-target-missing") && !is(cause, "dns-srv-mistyped")) return nullptr;
    const auto at = std::ranges::find_if(all, [](const finding& f) {
        return f.stage == 2 && f.severity == severity::failure && f.id.starts_with("ad-");
    });
    return at == all.end() ? nullptr : &*at;
}

// What else is wrong with the same certificate: mended alone, the first would leave the second.
std::vector<const finding*> same_certificate(const case_view& view, const finding& cause, std::vector<finding>& all) {
    std::vector<const finding*> more;
    if (!view.stop) return more;
    for (const auto& further : further_certificate_causes(view, *view.stop, cause)) {
        const auto at = std::ranges::find_if(
            all, [&](const finding& f) { return f.id == further.id && f.subject == further.subject; });
        if (at != all.end() && &*at != &cause) more.push_back(&*at);
    }
    return more;
}

// What the registrar refused, asked in another way. Where the cause is the password itself, that is the same again.
const finding* refused_in_another_way(const case_view& view, const finding& cause, const std::vector<finding>& all) {
    const auto second = refused_all_the_same(view);
    const bool of_the_way = cause.id.starts_with("certprov-") || cause.id.starts_with("net-") ||
                            cause.id.starts_with("tls-") || cause.id.starts_with("dns-") ||
                            is(cause, "ad-host-header-rewritten") || is(cause, "ad-preauth");
    if (!second || !of_the_way) return nullptr;
    const auto at = std::ranges::find_if(
        all, [&](const finding& f) { return f.id == second->id && f.subject == second->subject; });
    return at == all.end() ? nullptr : &*at;
}

// Who was asked in one step. Where that was a web service, the candidate is only whom the log-in was for.
std::set<std::string> hosts_in(const trace::span& s) {
    std::set<std::string> all;
    for (const auto& url : {s.subject, s.text(ev::http_url), s.text(ev::ticket_endpoint)})
        if (url.find("://") != std::string::npos) all.insert(host_of_url(url));
    if (const auto candidate = candidate_of(s); all.empty() && !candidate.empty()) all.insert(host_of(candidate));
    return all;
}

// The same of each step that shows what was refused: who refused, and who issued what was looked at.
std::vector<std::set<std::string>> hosts_of(const case_view& view, const finding& cause) {
    std::vector<std::set<std::string>> all;
    for (const auto& id : cause.evidence) {
        const auto* s = view.trace.by_id(id);
        if (!s) continue;
        if (auto hosts = hosts_in(*s); !hosts.empty()) all.push_back(std::move(hosts));
    }
    return all;
}

// By the time of this PC, that is: another host's clock is as good a witness as the server's own.
bool judged_by_this_pc(const finding& cause) {
    return is(cause, "tls-expired") || is(cause, "tls-not-yet-valid") || is(cause, "tls-intermediate-expired") ||
           is(cause, "local-user-cert-expired");
}

// The refusal itself is about time. All others have causes beside a clock, a wrong password above all.
bool is_about_time(const finding& cause) {
    return judged_by_this_pc(cause) || is(cause, "wt-ticket-expired") || is(cause, "certprov-not-yet-valid") ||
           is(cause, "reg-kerberos-skew");
}

// A server's clock explains what that server refuses, provided that no server with a right clock refused as well; this
// PC's what any server refuses by the time, provided that the server which refused, or two others, tell that it is this
// PC's.
bool may_explain(const case_view& view, const finding& clock, const finding& cause) {
    if (judged_by_this_pc(cause)) return is(clock, "local-clock-skew");
    const auto steps = hosts_of(view, cause);
    const auto in_one = [&](const std::string& host) {
        return std::ranges::any_of(steps, [&](const auto& hosts) { return hosts.contains(host); });
    };
    if (is(clock, "local-clock-skew"))
        return view.clocks.size() > 1 ||
               std::ranges::any_of(view.clocks, [&](const dated_source& c) { return in_one(c.host); });
    std::set<std::string> wrong{clock.subject};
    for (const auto& c : view.clocks)
        if (!c.kept && std::llabs(c.skew_s) > harmful_skew_s) wrong.insert(c.host);
    return in_one(clock.subject) && std::ranges::all_of(steps, [&](const auto& hosts) {
               return std::ranges::any_of(hosts, [&](const std::string& h) { return wrong.contains(h); });
           });
}

// A wrong clock is enough for such a refusal, and another cause would look the same.
void leave_open(finding& clock, const finding& cause) {
    if (clock.certainty == certainty::certain) clock.certainty = certainty::likely;
    clock.decided_by = {};
    clock.explanation += fmt::format(
        " Other causes look the same: where it is refused again once the time is right, the cause is {}.", cause.id);
}

// Whether the clock alone is the cause. A server's is one of two where the refusal is not about time: log-ins by
// password bear hours of difference at most servers.
bool is_all_of_it(const case_view& view, finding& clock, const finding& cause) {
    if (is_about_time(cause)) {
        if (expired_by_every_clock(view, cause)) return false;
        clock.ruled_out.push_back({cause.id, "the difference between the clocks explains it"});
        return true;
    }
    leave_open(clock, cause);
    return is(clock, "local-clock-skew");
}

// The clock that explains the cause; null where none does.
finding* wrong_clock(const case_view& view, std::vector<finding>& all, const finding& cause) {
    if (!standing_of(cause).clock_explains) return nullptr;
    for (const auto id : {"local-clock-skew"_finding, "server-clock-skew"_finding})
        if (auto* clock = by_id(all, id); clock && clock != &cause && may_explain(view, *clock, cause)) return clock;
    return nullptr;
}

finding* first_cause(const case_view& view, std::vector<finding>& all) {
    if (auto* here = cause_on_this_pc(view, all)) return here;
    if (auto* names = names_mislead(view, all)) return names;
    if (auto* address = address_misleads(view, all)) return address;
    if (auto* ended = ended_by_server(view, all)) return ended;
    return cause_before_servers(view, all);
}

std::vector<root_cause> why_stopped(const case_view& view, std::vector<finding>& all) {
    finding* cause = first_cause(view, all);
    std::vector<const finding*> roots;
    const auto settled = [&] {
        demote(roots, all);
        return name(roots);
    };
    if (!cause) return settled();
    if (auto* clock = wrong_clock(view, all, *cause)) {
        roots.push_back(clock);
        if (is_all_of_it(view, *clock, *cause)) return settled();
    }
    add_follow_up(view, *cause);
    hold_to_grounds(view.trace, *cause);
    if (const auto* record = leads_to_stranger(*cause, all)) roots.push_back(record);
    roots.push_back(cause);
    if (const auto* other = other_way_closed(*cause, all)) roots.push_back(other);
    for (const auto* more : same_certificate(view, *cause, all)) roots.push_back(more);
    if (const auto* other = refused_in_another_way(view, *cause, all)) roots.push_back(other);
    return settled();
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
