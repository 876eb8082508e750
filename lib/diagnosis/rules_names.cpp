// Stage 1: resolvers, and names that this PC knows otherwise than DNS.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

struct resolver_said {
    std::string address;
    trace::told_word<ev::dns_states> state;
    bool answered = false;

    [[nodiscard]] std::string in_words() const {
        return fmt::format("{} {}: {}", address, answered ? "yes" : "no", state.str());
    }
    // "timeout" is silence; this is a host that rejects the question.
    [[nodiscard]] bool rejects() const { return !answered && state == "unreachable"; }
    [[nodiscard]] bool serves() const { return answered && state != "REFUSED"; }
};

std::vector<resolver_said> all_said(const span& resolvers) {
    std::vector<resolver_said> all;
    for (const auto& one : resolvers.together(ev::resolver_answered))
        all.push_back({one.text(ev::resolver), one.word(ev::resolver_state), one.is(ev::resolver_answered)});
    return all;
}

maybe no_resolver(const case_view& view) {
    const auto* resolvers = view.trace.latest("devices.resolvers");
    // Where no packet leaves this PC, its resolvers are not to blame.
    if (!resolvers || resolvers->branch != "none" || (view.stop && view.stop->stage == 1)) return {};
    const auto configured = resolvers->texts(ev::resolver);
    const auto answers = all_said(*resolvers);
    const bool none_listed = configured.empty() && answers.empty();
    if (!none_listed && (answers.empty() || !std::ranges::all_of(answers, &resolver_said::rejects))) return {};
    draft found(view, "local-resolver-none");
    found.seen(*resolvers);
    if (none_listed) found.title("No DNS server is configured on this PC").known_by("The list of resolvers is empty.");
    else {
        std::vector<std::string> who, words;
        for (const auto& a : answers) who.push_back(a.address), words.push_back(a.in_words());
        found.title(fmt::format("Nothing listens at the configured DNS server {}", fmt::join(who, ", ")));
        found.known_by(fmt::format("Every configured resolver rejected the question: {}.", fmt::join(words, "; ")));
        found.not_because("dns-timeout", "the question was rejected at once, not left unanswered");
    }
    return found.done();
}

// "10.8.0.1:53" lies in one of the adapters' own networks when an address there has the same first three bytes or more:
// such a resolver is the site's own, not one of a network that is gone.
bool near(const span& adapters, const std::string& resolver) {
    const auto host = host_of(resolver);
    const auto part = host.substr(0, host.rfind('.') == std::string::npos ? host.rfind(':') : host.rfind('.'));
    return host.starts_with("127.") || host == "::1" ||
           std::ranges::any_of(adapters.texts(ev::adapter_ip), [&](const std::string& ip) {
               return ip.starts_with(part + ".") || ip.starts_with(part + ":");
           });
}

bool reached_by_tunnel(const case_view& view, const span& resolvers, const std::string& resolver) {
    const auto* adapters = view.trace.latest("devices.adapters");
    if (!adapters) return false;
    std::set<std::string> tunnels;
    for (const auto& one : adapters->together(ev::adapter_kind))
        if (one.word(ev::adapter_kind) == "tunnel") tunnels.insert(one.text(ev::adapter_name));
    return std::ranges::any_of(resolvers.together(ev::adapter_name), [&](const trace::values& way) {
        return way.text(ev::resolver) == resolver && tunnels.contains(way.text(ev::adapter_name));
    });
}

// A resolver of elsewhere stands before one that answers, and does not (or refuses): questions wait for it first.
maybe leaked_resolver(const case_view& view) {
    const auto* resolvers = view.trace.latest("devices.resolvers");
    const auto* adapters = view.trace.latest("devices.adapters");
    if (!resolvers || !adapters || !ran(*resolvers)) return {};
    const auto answers = all_said(*resolvers);
    const auto living = std::ranges::find_if(answers, &resolver_said::serves);
    if (living == answers.begin() || living == answers.end()) return {};
    const auto dead = answers.front().address;
    if (near(*adapters, dead) || reached_by_tunnel(view, *resolvers, dead)) return {};
    draft found(view, "local-vpn-dns-only-leak");
    found.seen(*resolvers).about(dead).as(is_private(host_of(dead)) ? certainty::likely : certainty::possible);
    found.title(fmt::format("The first DNS server of this PC, {}, cannot be used from here", host_of(dead)));
    found.known_by(fmt::format("{}, while {} answers.", answers.front().in_words(), living->address));
    if (view.signed_in) found.weigh(severity::warning);
    return found.not_because("dns-timeout", "another resolver answers").done();
}

// "line 3: 10.0.0.1 sip.contoso.example, DNS: 198.51.100.7"
std::string in_words(const trace::values& line) {
    const auto text = fmt::format(
        "line {}: {} {}", line.number(ev::hosts_line).value_or(0), line.text(ev::hosts_address),
        line.text(ev::hosts_name));
    if (!line.is(ev::hosts_differs)) return text;
    const auto dns = line.texts(ev::hosts_dns);
    return fmt::format("{}, DNS: {}", text, dns.empty() ? "nothing" : fmt::format("{}", fmt::join(dns, ", ")));
}

maybe hosts_override(const case_view& view) {
    const auto* hosts = view.trace.latest("devices.hosts");
    if (!hosts || hosts->branch != "yes_different") return {};
    auto lines = hosts->together(ev::hosts_differs);
    if (lines.empty()) lines = hosts->together(ev::hosts_line);
    const auto stopped = view.stop ? host_of(candidate_of(*view.stop)) : std::string{};
    const auto named = std::ranges::find_if(
        lines, [&](const trace::values& l) { return !stopped.empty() && l.text(ev::hosts_name) == stopped; });
    const auto line = named != lines.end() ? *named : lines.empty() ? trace::values{} : lines.front();
    draft found(view, "local-hosts-override");
    found.seen(*hosts).with("host", line.text(ev::hosts_name)).about(line.text(ev::hosts_name));
    found.known_by(fmt::format("The line is '{}'; DNS says something else.", in_words(line)));
    if (named == lines.end()) found.weigh(severity::warning);
    return found.not_because("dns-stale-a", "DNS does not say what the hosts file says").done();
}

// What this PC's own look-up gave for a name, where DNS gave none of it and no line of the hosts file explains it.
struct other_answer {
    std::string name;
    std::vector<std::string> system, dns;
};

std::vector<other_answer> other_answers(const case_view& view, const span& hosts) {
    std::map<std::string, other_answer> all;
    for (const auto& answer : hosts.together(ev::nss_answer)) {
        auto& one = all[answer.text(ev::nss_name)];
        one.name = answer.text(ev::nss_name);
        one.system.push_back(answer.text(ev::nss_answer));
    }
    for (const auto& name : hosts.texts(ev::hosts_name)) all.erase(name);
    std::map<std::string_view, const span*> asked_first;  // by name
    for (const auto& s : view.trace.spans)
        if (s.stage == 2) asked_first.try_emplace(text_of(s, ev::dns_name), &s);
    std::vector<other_answer> differing;
    for (auto& [name, one] : all) {
        const auto asked = asked_first.find(name);
        if (asked == asked_first.end() || asked->second->branch == "error") continue;
        one.dns = asked->second->texts(ev::dns_address);
        const std::set<std::string> told(one.dns.begin(), one.dns.end());
        const bool shared = std::ranges::any_of(one.system, [&](const std::string& a) { return told.contains(a); });
        if (!shared) differing.push_back(std::move(one));
    }
    return differing;
}

maybe known_otherwise(const case_view& view) {
    const auto* hosts = view.trace.latest("devices.hosts");
    if (!hosts || !ran(*hosts)) return {};
    const auto differing = other_answers(view, *hosts);
    if (differing.empty()) return {};
    const auto& one = differing.front();
    const auto suffix = hosts->text(ev::search_suffix);
    draft found(view, suffix.empty() ? "local-stale-dns-cache"_finding : "local-dns-suffix-hijack"_finding);
    found.seen(*hosts)
        .about(one.name)
        .with("host", one.name)
        .weigh(severity::warning)
        .as(suffix.empty() ? certainty::likely : certainty::certain);
    found.known_by(fmt::format(
        "Programs on this PC get {} for {}, DNS says {}.", fmt::join(one.system, ", "), one.name,
        one.dns.empty() ? "that there is no such name" : fmt::format("{}", fmt::join(one.dns, ", "))));
    if (!suffix.empty()) {
        found.title(fmt::format("The search suffix {} answers in place of {}", suffix, view.domain));
        found.not_because("dns-wildcard-catch-all", fmt::format("the answer is that of {}.{}", one.name, suffix));
    }
    return found.not_because("local-hosts-override", "no line of the hosts file has the name").done();
}

constexpr auto names_rule_table = std::to_array<case_rule>(
    {no_resolver, leaked_resolver, hosts_override, known_otherwise});

}  // namespace

std::span<const case_rule> name_rules() { return names_rule_table; }

}  // namespace ucsignin::diagnosis
