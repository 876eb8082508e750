// What a terminal shows below the history while a run goes on.

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <unordered_set>

#include "report/layout.hpp"
#include "report/stages.hpp"
#include "trace/visible.hpp"
#include "ucsignin/events.hpp"

namespace ucsignin::report {
namespace {

using spans = std::vector<trace::span>;

// Of those that are under way: they last until now.
spans take_open(trace::record& now) {
    const auto is_open = [&now](const trace::span& s) {
        constexpr double a_moment = 0.01;
        return s.reason == trace::not_run_reason::interrupted &&
               s.start_ms + s.duration_ms > now.duration_ms - a_moment;
    };
    const auto rest = std::ranges::stable_partition(now.spans, [&](const auto& s) { return !is_open(s); });
    spans open(std::move_iterator(rest.begin()), std::move_iterator(rest.end()));
    now.spans.erase(rest.begin(), rest.end());
    return open;
}

// A step that waits for another one of its own is not what is waited for.
spans without_parents(spans open) {
    std::unordered_set<std::string> parents;
    for (const auto& s : open) parents.insert(s.parent_span_id);
    std::erase_if(open, [&](const auto& s) { return parents.contains(s.span_id); });
    return open;
}

std::string waits_for(const trace::span& s, std::ptrdiff_t others) {
    const auto* node = chart::find(s.node);
    std::string text = fmt::format("waits for {}", node ? node->title : s.node);
    if (!s.subject.empty()) text += " (" + trace::visible(s.subject) + ")";
    if (others > 0) text += fmt::format(" and {} more", others);
    return text;
}

std::string seconds_text(double ms) { return fmt::format("{:.0f} s", ms / 1000); }

std::string line_of(const stage_summary& stage, const spans& open, std::size_t columns) {
    const auto in_stage = [&](const trace::span& s) { return s.stage == stage.stage; };
    const auto count = std::ranges::count_if(open, in_stage);
    std::string state, what;
    if (count > 0) {  // the one that has waited longest; the recorder's come latest first
        const auto longest = std::ranges::find_if(open.rbegin(), open.rend(), in_stage);
        state = seconds_text(longest->duration_ms);
        what = waits_for(*longest, count - 1);
    } else {
        state = stage.outcome == trace::outcome::not_run ? "-" : outcome_text(stage.outcome);
        if (stage.main) what = trace::visible(fact_text(*stage.main));
    }
    return cut(fmt::format("  {} {:<13} {:<8} {}", stage.stage, stage.id, state, what), columns);
}

// In which anything was done.
int last_stage(const spans& of) {
    int last = 1;
    for (const auto& s : of)
        if (s.outcome != trace::outcome::not_run || s.reason == trace::not_run_reason::interrupted)
            last = std::max(last, s.stage);
    return last;
}

}  // namespace

std::vector<std::string> live_view(trace::record now, int columns) {
    const auto open = without_parents(take_open(now));
    report so_far;
    so_far.verdict.stage_reached = std::max(last_stage(now.spans), last_stage(open));
    so_far.trace = std::move(now);
    std::vector<std::string> lines;
    for (const auto& stage : summarize_stages(so_far))
        lines.push_back(line_of(stage, open, static_cast<std::size_t>(std::max(columns, 1))));
    return lines;
}

}  // namespace ucsignin::report
