#include "report/stages.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "report/layout.hpp"

namespace ucsignin::report {
namespace {

using trace::outcome;

// Signing out belongs to no stage's success: it also runs when stage 5 was never reached.
constexpr std::string_view sign_out = "provisioning.sign_out";

using visits = std::vector<const trace::span*>;

// The spans of a stage that ran: of each node and subject the first visit, or the last, which supersedes.
visits visits_of(const trace::record& trace, int stage, bool last) {
    visits found;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
    for (const auto& s : trace.spans) {
        if (s.stage != stage || s.node == sign_out || s.outcome == outcome::not_run) continue;
        const auto [known, is_new] = places.try_emplace({s.node, s.subject}, found.size());
        if (is_new) found.push_back(&s);
        else if (last) found[known->second] = &s;
    }
    return found;
}

int weight(outcome o) {
    switch (o) {
        case outcome::broken: return 6;
        case outcome::failed: return 5;
        case outcome::warning: return 4;
        case outcome::ok:
        case outcome::expected: return 3;
        case outcome::unknown: return 2;
        case outcome::not_run: return 1;
    }
    return 0;
}

bool got_past(const report& r, int stage) {
    if (r.verdict.signed_in) return stage <= 4;
    return stage >= 2 && stage < r.verdict.stage_reached;
}

outcome forgiven(outcome o) { return o == outcome::failed ? outcome::warning : o; }

outcome worst(const visits& spans, bool past) {
    outcome found = outcome::not_run;
    for (const auto* s : spans) {
        auto o = s->outcome == outcome::expected ? outcome::ok : s->outcome;
        if (past) o = forgiven(o);
        if (weight(o) > weight(found)) found = o;
    }
    return found;
}

const trace::span* stopping_span(const report& r, const visits& spans) {
    for (const auto* s : spans)
        if (s->node == r.verdict.stopped_at && s->subject == r.verdict.stopped_candidate) return s;
    for (const auto* s : spans)
        if (s->node == r.verdict.stopped_at && weight(s->outcome) >= weight(outcome::failed)) return s;
    return nullptr;
}

// The steps that a root cause rests on.
std::set<std::string_view> cited(const report& r) {
    const auto causes = root_causes(r);
    std::set<std::string_view> ids;
    for (const auto& f : r.verdict.findings)
        if (causes.contains(finding_key{f.id, f.subject})) ids.insert(f.evidence.begin(), f.evidence.end());
    return ids;
}

// What spoiled the stage: a step that a root cause rests on, else the first of the worst.
const trace::span* spoiling_span(const std::set<std::string_view>& cited, const visits& spans) {
    const trace::span* found = nullptr;
    for (const auto* s : spans) {
        if (weight(s->outcome) < weight(outcome::warning)) continue;
        if (cited.contains(s->span_id)) return s;
        if (!found || weight(s->outcome) > weight(found->outcome)) found = s;
    }
    return found;
}

// Where the result stands when all went well.
const trace::span* result_span(const visits& spans) {
    const trace::span* found = nullptr;
    int lowest = 0;
    for (const auto* s : spans) {
        const auto* node = chart::find(s->node);
        const int place = node ? node->role.main_fact : 0;
        if (place == 0 || (found && place >= lowest)) continue;
        found = s;
        lowest = place;
    }
    return found;
}

const trace::span* telling_span(const report& r, const std::set<std::string_view>& cited, const visits& spans) {
    if (const auto* stop = stopping_span(r, spans)) return stop;
    if (const auto* bad = spoiling_span(cited, spans)) return bad;
    if (const auto* result = result_span(spans)) return result;
    return spans.empty() ? nullptr : spans.back();
}

void time(stage_summary& stage, const visits& first) {
    if (first.empty()) return;
    // As reports are written: one that was read back says the same of its stages.
    const auto written = [](double ms) { return std::round(ms * 1000) / 1000; };
    double end = 0;
    stage.start_ms = written(first.front()->start_ms);
    for (const auto* s : first) {
        stage.start_ms = std::min(stage.start_ms, written(s->start_ms));
        end = std::max(end, written(s->start_ms) + written(s->duration_ms));
    }
    stage.duration_ms = end - stage.start_ms;
}

}  // namespace

std::set<finding_key> root_causes(const report& r) {
    std::set<finding_key> all;
    for (const auto& c : r.verdict.root_causes) all.emplace(c.id, c.subject);
    return all;
}

outcome counted_outcome(const report& r, const trace::span& s) {
    return s.node == sign_out || got_past(r, s.stage) ? forgiven(s.outcome) : s.outcome;
}

std::string fact_text(const report& r, const stage_summary& s) {
    if (s.outcome != outcome::not_run) return s.main ? fact_text(*s.main) : "-";
    if (r.facts.interrupted && s.stage == r.verdict.stage_reached) return "interrupted";
    return s.stage > r.facts.until_stage ? "not asked for" : "not reached";
}

std::array<stage_summary, 5> summarize_stages(const report& r) {
    std::array<stage_summary, 5> all;
    const auto rests_on = cited(r);
    for (int n = 1; n <= 5; ++n) {
        auto& stage = all[static_cast<std::size_t>(n - 1)];
        stage.stage = n;
        stage.id = chart::stage_name(n);
        // A web ticket for discovery is a step of stage 4, which does not mean that stage 4 was reached.
        if (n > r.verdict.stage_reached) continue;
        const auto last = visits_of(r.trace, n, true);
        stage.outcome = worst(last, got_past(r, n));
        stage.main = telling_span(r, rests_on, last);
        time(stage, visits_of(r.trace, n, false));
    }
    return all;
}

}  // namespace ucsignin::report
