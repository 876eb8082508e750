#include <algorithm>

#include "diagnosis/root_cause.hpp"
#include "diagnosis/rules.hpp"
#include "diagnosis/stop.hpp"

namespace ucsignin::diagnosis {
namespace {

// The same fault seen again (another URL, another address) is one finding with more evidence.
void add(std::vector<finding>& all, maybe found) {
    if (!found) return;
    const auto same = std::ranges::find_if(all, [&](const finding& f) { return f.id == found->id && f.subject == found->subject; });
    if (same == all.end()) {
        all.push_back(std::move(*found));
        return;
    }
    for (auto& id : found->evidence)
        if (std::ranges::find(same->evidence, id) == same->evidence.end()) same->evidence.push_back(std::move(id));
}

// Spans that a later one on the same node, subject and candidate did not supersede.
std::vector<const trace::span*> standing_spans(const trace::record& record) {
    std::vector<const trace::span*> all;
    for (auto s = record.spans.rbegin(); s != record.spans.rend(); ++s) {
        const bool superseded = std::ranges::any_of(all, [&](const trace::span* later) {
            return later->node == s->node && later->subject == s->subject && candidate_of(*later) == candidate_of(*s) &&
                   later->text(ev::probe_of.name) == s->text(ev::probe_of.name);
        });
        if (!superseded && ran(*s)) all.push_back(&*s);
    }
    std::ranges::reverse(all);
    return all;
}

// A step of a candidate that had success with it later (another address of the same host) is no finding of its own.
bool overtaken(const case_view& view, const trace::span& s) { return is_gate(s.node) && !candidate_of(s).empty() && view.reached(s.node, candidate_of(s)); }

std::vector<finding> all_findings(const case_view& view) {
    std::vector<finding> all;
    if (view.stop) add(all, cause_of(view, *view.stop));
    for (const auto rules : {clock_rules(), device_rules(), name_rules(), proxy_rules(), profile_rules(), dns_rules(), dns_record_rules(), autodiscover_rules(), kept_rules()})
        for (const auto rule : rules) add(all, rule(view));
    for (const auto* s : standing_spans(view.trace)) {
        if (went_wrong(*s) && s != view.stop && !overtaken(view, *s)) add(all, cause_of(view, *s));
        // When no request after the 200 is served, each that was refused says the same again.
        const bool said = view.stopped_at == "provisioning.login" && s->stage == 5;
        for (const auto notes : {connection_notes(), path_notes(), registration_notes(), provisioning_notes()})
            for (const auto rule : notes) add(all, said ? maybe{} : rule(view, *s));
    }
    return all;
}

// Root causes first, then by severity, else as found.
void sort(std::vector<finding>& all, const std::vector<root_cause>& roots) {
    const auto rank = [&](const finding& f) {
        const auto at = std::ranges::find_if(roots, [&](const root_cause& r) { return r.id == f.id && r.subject == f.subject; });
        if (at != roots.end()) return static_cast<int>(at - roots.begin());
        return 1000 + static_cast<int>(f.severity);
    };
    std::ranges::stable_sort(all, [&](const finding& a, const finding& b) { return rank(a) < rank(b); });
}

}  // namespace

verdict judge(const trace::record& record, const facts& run) {
    const auto view = look_at(record, run);
    verdict result;
    result.signed_in = view.signed_in;
    result.stage_reached = stage_reached(view);
    result.stopped_at = view.stopped_at;
    if (view.stop && view.stop->stage >= 3) result.stopped_candidate = candidate_of(*view.stop);
    result.exit_code = exit_code(view);
    result.findings = all_findings(view);
    result.root_causes = settle(view, result.findings);
    sort(result.findings, result.root_causes);
    return result;
}

}  // namespace ucsignin::diagnosis
