#include "ucsignin/compare.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "report/stages.hpp"
#include "report/steady.hpp"

namespace ucsignin::report {
namespace {

using trace::outcome;
using values = std::map<std::string, std::set<std::string>>;

// Nodes that draw a conclusion from others' answers, or clear up: what is different there came from elsewhere.
constexpr std::array<chart::sought_node, 9> conclusions{
    "discovery.records",     "discovery.candidates",   "discovery.vantage",
    "discovery.trust",       "connection.candidate",   "provisioning.sign_out",
    "discovery.cross_check", "connection.cross_check", "registration.cross_check"};
// Of the report, not of the sign-in; a scenario is what the lab was, and what it did differs at the steps.
constexpr std::array<std::string_view, 6> options_aside{"scenario", "scenario-options", "fail-on",
                                                        "ignore",   "messages",         "bodies"};

std::string value_text(const trace::value& value) {
    return std::visit(
        [](const auto& v) -> std::string {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string>) return v;
            else return fmt::format("{}", v);
        },
        value);
}

std::string way_of(const trace::span& s) {
    if (s.outcome == outcome::not_run) return fmt::format("not run, {}", to_string(s.reason));
    return s.branch.empty() ? std::string(to_string(s.outcome)) : fmt::format("{}, {}", to_string(s.outcome), s.branch);
}

// One report, as the comparison sees it: the last visit of each node and subject, those of one name by their place.
struct side {
    side(const report& of, bool is_masked) : r(of), masked(is_masked) {
        std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
        for (const auto& s : r.trace.spans) {
            const auto [at, added] = places.try_emplace({s.node, s.subject}, last.size());
            if (added) last.push_back(&s);
            last[at->second] = &s;
        }
        for (const auto* s : last) steps[{s->node, subject_of(*s)}].push_back(s);
        cite();
    }
    // That node asks for a name made up anew each time.
    [[nodiscard]] std::string subject_of(const trace::span& s) const {
        return s.is_at("discovery.wildcard") ? "" : steady(s.subject, masked);
    }
    [[nodiscard]] bool in_lab() const { return r.mode == "lab"; }
    [[nodiscard]] values values_of(const trace::span&) const;

    const report& r;
    bool masked;
    std::vector<const trace::span*> last;
    std::map<std::pair<std::string, std::string>, std::vector<const trace::span*>> steps;
    std::set<std::pair<std::string_view, std::string_view>> cited;  // what the first root cause rests on

private:
    void cite() {
        if (r.verdict.root_causes.empty()) return;
        const auto& cause = r.verdict.root_causes.front();
        std::set<std::string_view> ids;
        for (const auto& f : r.verdict.findings)
            if (f.id == cause.id && f.subject == cause.subject) ids.insert(f.evidence.begin(), f.evidence.end());
        for (const auto& s : r.trace.spans)
            if (ids.contains(s.span_id)) cited.emplace(s.node, s.subject);
    }
};

values side::values_of(const trace::span& s) const {
    values all;
    for (const auto& e : s.evidence)
        if (!is_of_the_run(e, in_lab())) all[e.name].insert(steady(value_text(e.value), masked));
    if (!s.decision) return all;
    if (!s.decision->chosen.empty()) all["chosen"].insert(steady(s.decision->chosen, masked));
    for (const auto& c : s.decision->considered)
        all["considered"].insert(fmt::format("{}: {}", steady(c.option, masked), to_string(c.verdict)));
    return all;
}

std::vector<std::string> listed(const std::set<std::string>& all) { return {all.begin(), all.end()}; }

std::vector<changed_value> changes(const values& before, const values& after) {
    std::vector<changed_value> all;
    for (const auto& [name, was] : before) {
        const auto now = after.find(name);
        if (now == after.end()) all.push_back({name, listed(was), {}});
        else if (now->second != was) all.push_back({name, listed(was), listed(now->second)});
    }
    for (const auto& [name, now] : after)
        if (!before.contains(name)) all.push_back({name, {}, listed(now)});
    return all;
}

struct pairing {
    const trace::span *before = nullptr, *after = nullptr;
};

std::vector<pairing> pairs_of(const side& before, const side& after) {
    std::vector<pairing> all;
    for (const auto& [key, now] : after.steps) {
        const auto was = before.steps.find(key);
        for (std::size_t i = 0; i < now.size(); ++i)
            all.push_back({was != before.steps.end() && i < was->second.size() ? was->second[i] : nullptr, now[i]});
    }
    for (const auto& [key, was] : before.steps) {
        const auto now = after.steps.find(key);
        for (std::size_t i = now == after.steps.end() ? 0 : now->second.size(); i < was.size(); ++i)
            all.push_back({was[i], nullptr});
    }
    return all;
}

bool ran(const trace::span* s) { return s && s->outcome != outcome::not_run; }

// Something new or other was seen; what merely is no more has its reason elsewhere.
bool brings_news(const pairing& p, const std::vector<changed_value>& evidence) {
    if (!ran(p.after) || p.after->outcome == outcome::unknown) return false;
    if (!p.before || way_of(*p.before) != way_of(*p.after)) return true;
    return std::ranges::any_of(evidence, [](const changed_value& v) { return !v.after.empty(); });
}

int how_bad(outcome o) {
    if (o == outcome::failed || o == outcome::broken) return 0;
    return o == outcome::warning ? 1 : 2;
}

using rank = std::tuple<bool, bool, bool, bool, bool, int, double>;

rank rank_of(const pairing& p, const changed_step& step, const side& after) {
    const auto& s = p.after ? *p.after : *p.before;
    const bool concludes = std::ranges::any_of(
        conclusions, [&](chart::sought_node node) { return node.id() == s.node; });
    const bool cited = p.after && after.cited.contains({s.node, s.subject});
    return {!brings_news(p, step.evidence), !cited, concludes, !p.before, !step.went_another_way(), how_bad(s.outcome),
            s.start_ms + s.duration_ms};
}

std::optional<changed_step> step_of(const pairing& p, const side& before, const side& after) {
    if (!ran(p.before) && !ran(p.after)) return std::nullopt;
    const auto& s = p.after ? *p.after : *p.before;
    changed_step step{.node = s.node, .subject = s.subject, .span_id = p.after ? s.span_id : ""};
    if (p.before) step.before = way_of(*p.before), step.said_before = p.before->summary;
    if (p.after) step.after = way_of(*p.after), step.said = p.after->summary;
    step.evidence = changes(
        p.before ? before.values_of(*p.before) : values{}, p.after ? after.values_of(*p.after) : values{});
    if (!step.went_another_way() && step.evidence.empty()) return std::nullopt;
    return step;
}

std::vector<changed_step> changed_steps(const std::vector<pairing>& pairs, const side& before, const side& after) {
    std::vector<std::pair<rank, changed_step>> found;
    for (const auto& p : pairs)
        if (auto step = step_of(p, before, after)) {
            const auto place = rank_of(p, *step, after);
            found.emplace_back(place, std::move(*step));
        }
    std::ranges::stable_sort(found, {}, &std::pair<rank, changed_step>::first);
    std::vector<changed_step> all;
    for (auto& [place, step] : found) all.push_back(std::move(step));
    return all;
}

// How much slower the whole run was: the middle of what each step took longer.
double slowness(const std::vector<pairing>& pairs) {
    std::vector<double> ratios;
    for (const auto& p : pairs)
        if (ran(p.before) && ran(p.after) && p.before->duration_ms > 1)
            ratios.push_back(p.after->duration_ms / p.before->duration_ms);
    if (ratios.empty()) return 1;
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::ranges::nth_element(ratios, middle);
    return std::max(1.0, *middle);
}

std::vector<changed_time> changed_times(const std::vector<pairing>& pairs) {
    constexpr double most_times = 3, least_ms = 2000;
    const double all_slower = slowness(pairs);
    std::vector<changed_time> all;
    for (const auto& p : pairs) {
        if (!ran(p.before) || !ran(p.after)) continue;
        const auto usual = p.before->duration_ms * all_slower;
        if (p.after->duration_ms > usual * most_times && p.after->duration_ms > usual + least_ms)
            all.push_back({p.after->node, p.after->subject, p.before->duration_ms, p.after->duration_ms});
    }
    return all;
}

values verdict_of(const side& of) {
    const auto& v = of.r.verdict;
    values all{
        {"exit code", {std::to_string(v.exit_code)}},
        {"signed in", {v.signed_in ? "yes" : "no"}},
        {"stage reached", {std::to_string(v.stage_reached)}}};
    if (!v.stopped_at.empty()) all["stopped at"].insert(v.stopped_at);
    for (const auto& c : v.root_causes)
        all["root causes"].insert(c.id + (c.subject.empty() ? "" : " (" + steady(c.subject, of.masked) + ")"));
    return all;
}

values settings_of(const side& of) {
    values all;
    for (const auto& [option, value] : of.r.options)
        if (std::ranges::find(options_aside, option) == options_aside.end())
            all[option].insert(steady(value, of.masked));
    return all;
}

compared_run run_of(const side& of) { return {of.r.facts.sip_uri, of.r.trace.started_at}; }

comparison compared(const side& before, const side& after) {
    const auto pairs = pairs_of(before, after);
    return {
        changes(verdict_of(before), verdict_of(after)),
        changes(settings_of(before), settings_of(after)),
        changed_steps(pairs, before, after),
        changed_times(pairs),
        run_of(before),
        run_of(after)};
}

}  // namespace

comparison compare(const report& before, const report& after) {
    const bool one = is_masked(before), other = is_masked(after);
    if (one == other) return compared({before, one}, {after, other});
    return one ? compare(before, mask(after)) : compare(mask(before), after);
}

}  // namespace ucsignin::report
