// The waterfall: every step that ran on one axis.
#include <algorithm>
#include <numeric>

#include "report/html/parts.hpp"
#include "report/html/timeline.hpp"
#include "report/layout.hpp"

namespace ucsignin::report::html {
namespace {

constexpr double narrowest = 0.35;  // per cent: what takes no time is seen all the same

literal look_of(time_went into) {
    switch (into) {
        case time_went::step: return "step"_m;
        case time_went::wire: return "wire"_m;
        case time_went::work: return "work"_m;
    }
    return "work"_m;
}

void write_bar(markup& to, double start, double length, literal look) {
    const double width = std::clamp(length, narrowest, 100.0);
    to << "<rect class=\""_m << look << "\" x=\""_m << std::clamp(start, 0.0, 100 - width) << "%\" width=\""_m << width
       << "%\"/>"_m;
}

void write_row(markup& to, const material& m, std::size_t at, double whole_ms) {
    const auto& s = m.span(at);
    to << "<li><a class=\"row "_m << class_of(s.outcome) << "\" href=\"#s"_m << at << "\""_m;
    write_marks(to, m, at);
    to << "><span class=\"what\">"_m;
    write_sign(to, s.outcome);
    to << "<span class=\"vh\">"_m << spoken(s.outcome) << (m.critical[at] ? ", on the critical path" : "")
       << ": </span>"_m << title_of(s) << " <span class=\"of\">"_m << s.subject
       << "</span></span><svg class=\"bar\" aria-hidden=\"true\">"_m;
    const auto parts = parts_of(m, at);
    if (parts.empty()) write_bar(to, 100 * s.start_ms / whole_ms, 0, "work"_m);
    for (const auto& p : parts)
        write_bar(to, 100 * p.start_ms / whole_ms, 100 * (p.end_ms - p.start_ms) / whole_ms, look_of(p.into));
    to << "</svg><span class=\"took\">"_m << duration_text(s.duration_ms) << "</span></a></li>"_m;
}

std::vector<std::size_t> in_order(const material& m) {
    std::vector<std::size_t> all(m.r.trace.spans.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::erase_if(all, [&](std::size_t i) { return !ran(m.span(i)); });
    std::ranges::stable_sort(all, {}, [&](std::size_t i) { return m.span(i).start_ms; });
    return all;
}

void write_axis(markup& to, double step_ms) {
    to << "<div class=\"axis\" aria-hidden=\"true\"><span></span><span class=\"ticks\">"_m;
    for (int i = 0; i < 4; ++i) to << "<span>"_m << duration_text(i * step_ms) << "</span>"_m;
    to << "</span><span>took</span></div>"_m;
}

}  // namespace

void write_timeline(markup& to, const material& m) {
    const auto order = in_order(m);
    double last = m.r.trace.duration_ms;
    for (const auto i : order) last = std::max(last, end_of(m.span(i)));
    const double step = axis_step(last);
    to << R"(<section id="timeline" aria-labelledby="timeline-h"><h2 id="timeline-h">Timeline</h2>
<p class="key"><span><svg class="bar" aria-hidden="true"><rect class="work" width="100%"/></svg> works</span>
<span><svg class="bar" aria-hidden="true"><rect class="wire" width="100%"/></svg> waits for an answer from the network</span>
<span><svg class="bar" aria-hidden="true"><rect class="step" width="100%"/></svg> waits for another step</span>
<span><span class="critical-key"></span> critical path: what the result waited for</span></p>
<div class="scroll" tabindex="0" role="group" aria-label="Timeline of all steps">)"_m;
    write_axis(to, step);
    write_in_batches(to, order.size(), "<ol class=\"rows\">"_m, "</ol>"_m, [&](std::size_t i) {
        write_row(to, m, order[i], 4 * step);
    });
    to << "</div></section>"_m;
}

}  // namespace ucsignin::report::html
