#pragma once
// The five stages as a report shows them: computed from the trace, never stored.

#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <string_view>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

struct stage_summary {
    int stage = 0;
    std::string_view id;  // "devices" ... "provisioning"
    trace::outcome outcome = trace::outcome::not_run;
    double start_ms = 0, duration_ms = 0;  // first visit of each node; both 0 when nothing ran
    const trace::span* main = nullptr;     // the span whose summary tells the most; null when there is none
};

// The worst outcome of the last visits decides. A failed step that the sign-in got past is a warning, except in stage 5
// and, while nobody is signed in, in stage 1: there it is something that the user lost or that may be the cause.
// `main` points into the report.
[[nodiscard]] std::array<stage_summary, 5> summarize_stages(const report&);
std::array<stage_summary, 5> summarize_stages(report&&) = delete;
// What a stage came to: its main fact, or why there is none.
[[nodiscard]] std::string fact_text(const report&, const stage_summary&);
// How a span counts for its stage and for the whole: a failure that the sign-in got past is a warning.
[[nodiscard]] trace::outcome counted_outcome(const report&, const trace::span&);

// A finding by its id and subject, as root causes name it. Views into the report.
using finding_key = std::pair<std::string_view, std::string_view>;
[[nodiscard]] std::set<finding_key> root_causes(const report&);

}  // namespace ucsignin::report
