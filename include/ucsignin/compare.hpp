#pragma once
// What changed between two reports, as between one of a day when signing in worked and one of a day when it doesn't. A
// pure function of the two. What differs from run to run and says nothing is left out: times, ports that the system
// hands out, ids, dates, what an emulated pool makes anew for each run. In masked reports the numbers of masks are left
// out as well, since they go by order of mention: what they stand for is matched by its place and kind.

#include <string>
#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

// Empty where there was nothing.
struct changed_value {
    std::string name;  // an evidence name, an option, a word for a part of the verdict
    std::vector<std::string> before, after;
};

// A decision: a node and its subject.
struct changed_step {
    std::string node, subject;
    std::string span_id;                  // of the later report; empty where it has no such step
    std::string before, after;            // outcome and branch, "failed, refused"; empty: there was no such step
    std::string said_before, said;        // what the steps said
    std::vector<changed_value> evidence;  // DNS answers, servers, certificates, settings, what was chosen
    [[nodiscard]] bool went_another_way() const { return before != after; }
};

struct changed_time {
    std::string node, subject;
    double before_ms = 0, after_ms = 0;
};

struct compared_run {
    std::string account, started_at;
};

struct comparison {
    std::vector<changed_value> verdict;   // signed in, where it stopped, root causes, exit code
    std::vector<changed_value> settings;  // options of the runs
    // The first one is the likely reason of the others: a step that the later report's cause rests on, or else one that
    // was there before and went another way; the failed before the others, conclusions last; then by time.
    std::vector<changed_step> steps;
    // Steps that took three times as long, and two seconds more, beyond what all others took longer.
    std::vector<changed_time> times;
    compared_run run_before, run_after;  // which two runs these are; says nothing about what changed
    [[nodiscard]] bool same() const { return verdict.empty() && settings.empty() && steps.empty() && times.empty(); }
};

[[nodiscard]] comparison compare(const report& before, const report& after);
[[nodiscard]] std::string to_text(const comparison&, const text_style&);
// "format": "ucsignin-comparison/1"
[[nodiscard]] std::string to_json(const comparison&);
// A page without a script that needs no network: the likely reason, then tables of all that changed.
[[nodiscard]] std::string to_html(const comparison&);

}  // namespace ucsignin::report
