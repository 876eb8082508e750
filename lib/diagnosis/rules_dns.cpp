// Stage 2: questions that were not answered, or with "does not exist". What the records say: rules_dns_records.cpp.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

bool nothing_exists(const case_view& view) {
    const auto names = name_spans(view.trace);
    return !names.empty() && std::ranges::all_of(names, [](const trace::span* s) { return absent(*s); });
}

std::string zone_told(const case_view& view) {
    for (const auto* s : name_spans(view.trace))
        if (auto zone = s->text(ev::dns_zone); !zone.empty()) {
            if (zone.size() > 1 && zone.ends_with('.')) zone.pop_back();
            return zone;
        }
    return {};
}

// The negative answers came from a zone above the SIP domain, so the domain has no zone of its own.
bool zone_is_above(const std::string& zone, const std::string& domain) {
    return !zone.empty() && !is_under(zone, domain) && (zone == "." || is_under(domain, zone));
}

// -- what a second look showed --

// EDE 6 to 12 are about DNSSEC (RFC 8914 4).
std::string dnssec_complaint(const case_view& view) {
    for (const auto* s : name_spans(view.trace))
        for (const auto& e : s->together(ev::dns_ede_code)) {
            const auto code = e.number(ev::dns_ede_code).value_or(0);
            if (code >= 6 && code <= 12 && ended_in(*s, "SERVFAIL"))
                return fmt::format("{} {}", code, e.text(ev::dns_ede_text));
        }
    return {};
}

bool is_answer(std::string_view result) { return result == "records" || result == "NXDOMAIN" || result == "NODATA"; }

maybe bogus_signatures(const case_view& view) {
    const trace::span* answered = nullptr;
    for (const auto* s : looks(view, "checking_disabled"))
        if (is_answer(look_result(*s)) && s->branch == "differs") answered = s;
    const auto complaint = dnssec_complaint(view);
    if (!answered && complaint.empty()) return {};
    if (!answered && !looks(view, "checking_disabled").empty()) return {};  // it fails without checking as well
    draft found(view, "dns-dnssec-bogus");
    for (const auto* s : name_spans(view.trace))
        if (ended_in(*s, "SERVFAIL")) found.seen(*s);
    if (answered) found.seen(*answered).about(answered->text(ev::probe_of));
    else found.about(view.domain);
    found.as(answered ? certainty::certain : certainty::likely);
    if (answered)
        found.known_by("The resolver answers SERVFAIL, but returns the records when asked with checking disabled.");
    if (!complaint.empty()) found.known_by(fmt::format("The resolver itself says: {} (RFC 8914).", complaint));
    return found
        .not_because(
            "dns-servfail",
            answered ? "with checking disabled there is an answer" : "the resolver names DNSSEC as its reason")
        .done();
}

// The zone's own servers have what the resolver says is not there.
const trace::span* denied_by_resolver_only(const case_view& view) {
    for (const auto* s : looks(view, "authoritative")) {
        if (look_result(*s) != "records" || s->branch != "differs") continue;
        for (const auto& line : lines_of(*s)) {
            if (line.state != "records") continue;
            const auto told = std::ranges::any_of(name_spans(view.trace), [&](const trace::span* n) {
                if (lower(name_of(*n)) == line.name)
                    return std::ranges::any_of(n->together(ev::dns_answer_state), [&](const trace::values& a) {
                        return a.text(ev::dns_type) == line.type && is_no(a.word(ev::dns_answer_state));
                    });
                return std::ranges::any_of(n->together(ev::dns_server_state), [&](const trace::values& a) {
                    return a.text(ev::dns_server) == line.name && a.word(ev::dns_server_state) == "NXDOMAIN";
                });
            });
            if (told) return s;
        }
    }
    return nullptr;
}

maybe old_no(const case_view& view) {
    const auto* look = denied_by_resolver_only(view);
    if (!look) return {};
    draft found(view, "dns-nxdomain-negative-cache");
    std::string missing;
    std::int64_t ttl = 0;
    for (const auto& line : lines_of(*look))
        if (line.state == "records" && missing.empty()) missing = line.name;
    for (const auto* s : name_spans(view.trace)) {
        if (absent(*s)) found.seen(*s);
        ttl = std::max(ttl, s->number(ev::dns_negative_ttl).value_or(0));
    }
    found.seen(*look).about(look->text(ev::probe_of)).as(certainty::certain);
    found.known_by(
        fmt::format("The zone's own name server has {}; the resolver still says that it does not exist.", missing));
    if (ttl > 0) found.known_by(fmt::format("It keeps that negative answer for up to {} seconds.", ttl));
    return found.not_because("dns-no-records", "the zone's own server has the records").done();
}

std::string loop_at(const case_view& view, const trace::span*& where) {
    for (const auto* s : name_spans(view.trace))
        if (s->is(ev::dns_cname_loop)) {
            where = s;
            const auto chain = s->texts(ev::dns_cname);
            return fmt::format("{} -> {}", name_of(*s), fmt::join(chain, " -> "));
        }
    for (const auto* s : looks(view, "cname_chain"))
        if (const auto result = look_result(*s); result == "loop" || result == "too_long") {
            where = s;
            const auto chains = s->together(ev::probe_dns_alias);
            if (chains.empty()) return s->subject;
            const auto& last = chains.back();
            return fmt::format(
                "{} -> {}", last.text(ev::probe_dns_name), fmt::join(last.texts(ev::probe_dns_alias), " -> "));
        }
    for (const auto probe : {"authoritative"_look, "checking_disabled"_look, "dns_tcp"_look})
        for (const auto* s : looks(view, probe))
            if (look_result(*s) == "cname_loop") {
                where = s;
                return s->text(ev::probe_of);
            }
    return {};
}

maybe alias_loop(const case_view& view) {
    const trace::span* where = nullptr;
    const auto chain = loop_at(view, where);
    if (!where) return {};
    draft found(view, "dns-cname-loop");
    const auto host = first_word(chain);
    found.seen(*where).about(host).with("host", host).as(certainty::certain);
    found.title(fmt::format("The aliases of {} form a loop", host)).known_by(fmt::format("The path is: {}.", chain));
    if (where->is_at("discovery.cross_check"))
        found.not_because("dns-servfail", "asked alias by alias, the resolver answers");
    return found.not_because("dns-srv-target-missing", "there are records, but they form a loop").done();
}

const trace::span* near_miss(const case_view& view) {
    for (const auto* s : looks(view, "near_miss"))
        if (look_result(*s) == "records") return s;
    return nullptr;
}

maybe mistyped(const case_view& view) {
    const auto* look = near_miss(view);
    const auto* inner = view.trace.latest("discovery.srv_internal");
    const auto* outer = view.trace.latest("discovery.srv_external");
    if (!look || !inner || !outer || !absent(*inner) || !absent(*outer)) return {};
    const auto lines = lines_of(*look);
    const auto& owner = lines.empty() ? look->subject : lines.front().name;
    // These two are records of other SIP programs as well (RFC 3263).
    const bool usual_elsewhere = owner.starts_with("_sip._tcp.") || owner.starts_with("_sips._tcp.");
    draft found(view, "dns-srv-mistyped");
    found.seen(*outer).seen(*inner).seen(*look).about(owner).as(
        usual_elsewhere ? certainty::likely : certainty::certain);
    found.title(fmt::format("There is an SRV record at {}, where no client looks for it", owner));
    for (const auto& line : lines) found.known_by(fmt::format("{} names {}.", line.name, fmt::join(line.data, ", ")));
    return found.not_because("dns-no-records", fmt::format("{} has nearly the right name", owner)).done();
}

// Other rules say better why a name is missing.
bool otherwise_explained(const case_view& view) { return explain_kept_back_names(view) || explain_dead_alias(view); }

maybe no_such_domain(const case_view& view) {
    const auto zone = zone_told(view);
    if (otherwise_explained(view)) return {};
    if (!nothing_exists(view) || !zone_is_above(zone, view.domain)) return {};
    draft found(view, "dns-user-domain-typo");
    for (const auto* s : name_spans(view.trace)) found.seen(*s);
    found.about(view.domain)
        .as(zone.find('.') == std::string::npos || zone == "." ? certainty::certain : certainty::likely);
    found.known_by(fmt::format("Every question was answered with 'does not exist' by the zone {} above it.", zone));
    found.not_because("dns-no-records", fmt::format("there is no zone {}; {} answered for it", view.domain, zone));
    return found.done();
}

maybe no_records(const case_view& view) {
    const auto zone = zone_told(view);
    if (!nothing_exists(view) || zone_is_above(zone, view.domain)) return {};
    const trace::span* loop = nullptr;
    loop_at(view, loop);
    if (otherwise_explained(view)) return {};
    if (near_miss(view) || denied_by_resolver_only(view) || loop) return {};
    draft found(view, "dns-no-records");
    const auto names = name_spans(view.trace);
    for (const auto* s : names) found.seen(*s);
    found.about(view.domain).as(certainty::likely);  // a resolver may remember a 'no' of before
    found.known_by(
        fmt::format("All {} names that a client asks for were answered with 'does not exist'.", names.size()));
    if (!zone.empty()) found.not_because("dns-user-domain-typo", fmt::format("the zone {} answered", zone));
    found.not_because("dns-servfail", "the questions were answered");
    for (const auto* s : looks(view, "near_miss"))
        if (look_result(*s) == "none")
            found.seen(*s).not_because("dns-srv-mistyped", "there is no record under a name that is nearly right");
    const auto* own = look_at(view, "authoritative", view.domain);
    if (own && (look_result(*own) == "NXDOMAIN" || look_result(*own) == "NODATA"))
        found.as(zone.empty() ? certainty::likely : certainty::certain)
            .seen(*own)
            .not_because("dns-nxdomain-negative-cache", "the zone's own name server says the same");
    return found.done();
}

maybe unanswered(const case_view& view, ev::dns_state_word state, finding_ref id, std::string_view words) {
    std::vector<const trace::span*> hit;
    const auto names = name_spans(view.trace);
    std::ranges::copy_if(names, std::back_inserter(hit), [&](const trace::span* s) {
        return ended_in(*s, state) && filter_said(*s).empty();
    });
    if (hit.empty()) return {};
    draft found(view, id);
    for (const auto* s : hit) found.seen(*s);
    found.about(hit.size() > 1 ? view.domain : name_of(*hit.front()));
    found.known_by(fmt::format(
        "{} of {} questions {}, the first for {}.", hit.size(), names.size(), words, name_of(*hit.front())));
    return found.done();
}

// What the zone's own servers do, in a sentence; a server that refuses or is silent is a lame delegation.
std::string lameness(const trace::span& look) {
    for (const auto& one : look.together(ev::probe_dns_server))
        return fmt::format(
            "Asked directly, {} {}: {}.", one.text(ev::probe_dns_server), one.text(ev::probe_dns_server_address),
            one.word(ev::probe_dns_state).str());
    return look_result(look) == "no_name_servers" ? "The resolver cannot name a server of the zone either." : "";
}

maybe servfail(const case_view& view) {
    if (bogus_signatures(view)) return {};
    const trace::span* loop = nullptr;
    loop_at(view, loop);
    if (loop) return {};
    auto found = unanswered(view, "SERVFAIL", "dns-servfail", "ended in SERVFAIL");
    if (!found) return {};
    if (const auto* unchecked = look_at(view, "checking_disabled", found->subject)) {
        found->evidence.push_back(unchecked->span_id);
        found->certainty = certainty::certain;
        rule_out(*found, "dns-dnssec-bogus", "with checking disabled it fails as well");
    }
    if (const auto* own = look_at(view, "authoritative", found->subject)) {
        found->evidence.push_back(own->span_id);
        if (const auto said = lameness(*own); !said.empty()) found->explanation += " " + said;
    }
    return found;
}
maybe truncated(const case_view& view) {
    for (const auto* s : name_spans(view.trace)) {
        if (!s->has(ev::dns_truncated) || !(ended_in(*s, "timeout") || ended_in(*s, "unreachable"))) continue;
        draft found(view, "dns-truncated-no-tcp");
        found.seen(*s).about(name_of(*s));
        return found
            .known_by(fmt::format("The answer for {} was truncated and could not be fetched over TCP.", name_of(*s)))
            .done();
    }
    return {};
}

// Questions that ended in one way while others were answered, as "AAAA of sip.contoso.example".
std::vector<std::string> left_out(const case_view& view, ev::dns_state_word state) {
    std::vector<std::string> some;
    bool any_answer = false;
    for (const auto* s : name_spans(view.trace))
        for (const auto& answer : s->together(ev::dns_answer_state)) {
            const auto told = answer.word(ev::dns_answer_state);
            any_answer = any_answer || is_answer(told.str());
            if (told == state) some.push_back(fmt::format("{} of {}", answer.text(ev::dns_type), name_of(*s)));
        }
    return any_answer ? some : std::vector<std::string>{};
}

// Their one type; "" when they are of several.
std::string one_type_of(const std::vector<std::string>& questions) {
    const auto type = first_word(questions.front());
    const bool one = std::ranges::all_of(questions, [&](const std::string& q) { return first_word(q) == type; });
    return one ? type : std::string{};
}

void ask_for_every_answer(finding& found, const std::string& type) {
    found.certainty = certainty::likely;
    for (auto& remedy : found.remedies) {
        remedy.who = "DNS admin, network admin";
        remedy.text = fmt::format(
            "Let the resolver, or the router in front of it, answer every question: a name without {} gets NODATA, not "
            "silence or REFUSED.",
            type.empty() ? "records" : type + " records");
    }
}

// A resolver that answers some questions is not a silent one: something drops these (a filter, an old router that does
// not know AAAA), or losses hit them.
void name_the_questions(const case_view& view, finding& found) {
    const auto silent = left_out(view, "timeout");
    if (silent.empty()) return;
    const auto type = one_type_of(silent);
    found.title = type.empty() ? "Some DNS questions get no answer in time"
                               : fmt::format("Questions for {} records get no answer from DNS in time", type);
    found.explanation = fmt::format(
        "The resolver answers other questions, so it is reached; these it drops or answers late, or something on the "
        "way "
        "does. Clients wait for them. Without an answer: {}.",
        fmt::join(silent, ", "));
    ask_for_every_answer(found, type);
}

// Nor is one that refuses some questions closed to this PC.
maybe refused(const case_view& view) {
    auto found = unanswered(view, "REFUSED", "dns-refused", "were answered with REFUSED");
    const auto some = found ? left_out(view, "REFUSED") : std::vector<std::string>{};
    if (some.empty()) return found;
    const auto type = one_type_of(some);
    found->title = type.empty() ? "The DNS server refuses some questions"
                                : fmt::format("The DNS server refuses questions for {} records", type);
    found->explanation = fmt::format(
        "The resolver answers other questions of this PC, so it is not closed to it; these it refuses, or "
        "one that it asks does: {}.",
        fmt::join(some, ", "));
    ask_for_every_answer(*found, type);
    return found;
}

maybe timed_out(const case_view& view) {
    const auto names = name_spans(view.trace);
    if (std::ranges::any_of(
            names, [](const trace::span* s) { return s->has(ev::dns_truncated) && ended_in(*s, "timeout"); }))
        return {};
    auto found = unanswered(view, "timeout", "dns-timeout", "got no answer");
    if (found) {
        rule_out(*found, "local-resolver-none", "the questions were not rejected, nothing came back");
        name_the_questions(view, *found);
    }
    const auto* by_tcp = found ? look_at(view, "dns_tcp", found->subject) : nullptr;
    if (!by_tcp) return found;
    found->evidence.push_back(by_tcp->span_id);
    if (!is_answer(look_result(*by_tcp))) return found;
    found->title = fmt::format("DNS for {} answers over TCP only", found->subject);
    found->certainty = certainty::certain;
    rule_out(*found, "dns-truncated-no-tcp", "TCP works, UDP does not");
    return found;
}

constexpr auto dns_rule_table = std::to_array<case_rule>(
    {explain_kept_back_names, explain_dead_alias, no_such_domain, no_records, bogus_signatures, servfail, refused,
     truncated, timed_out, old_no, alias_loop, mistyped});

}  // namespace

std::span<const case_rule> dns_rules() { return dns_rule_table; }

}  // namespace ucsignin::diagnosis
