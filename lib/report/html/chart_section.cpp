// The chart: each stage folds to the signs of its steps, and opens to the drawing.
#include "report/html/chart_path.hpp"
#include "report/html/chart_drawing.hpp"
#include "report/html/parts.hpp"
#include "report/layout.hpp"

namespace ucsignin::report::html {
namespace {

// "hardware", "discovery+": the plus marks nodes of ours, not a stage of the published chart.
std::string published_stages(const stage_path& path) {
    std::string out, last;
    for (const auto i : path.nodes) {
        auto name = in_words(chart::nodes()[i].blog_stage);
        if (name.ends_with('+')) name.pop_back();
        if (name != last) out += (out.empty() ? "" : ", ") + name;
        last = name;
    }
    return out;
}

// Open is what the eye looks for: the stage in which it stopped, or in which something was lost.
bool is_open(const material& m, int stage) {
    const auto& v = m.r.verdict;
    if (!v.signed_in) return stage == v.stage_reached;
    for (const auto& loss : m.answer.losses)
        for (const auto& fact : loss.evidence)
            if (const auto at = m.place(fact.span_id); at && m.span(*at).stage == stage) return true;
    return false;
}

void write_strip(markup& to, const material& m, const stage_path& path) {
    to << "<span class=\"strip\" aria-hidden=\"true\">"_m;
    for (const auto i : path.nodes) {
        const auto& counts = m.nodes[i].counts;
        const auto o = counts ? m.span(*counts).outcome : trace::outcome::not_run;
        to << "<span class=\"dot\" data-n=\""_m << i << "\">"_m;
        write_sign(to, o, std::string(chart::nodes()[i].title) + ": " + std::string(spoken(o)));
        to << "</span>"_m;
    }
    to << "</span>"_m;
}

void write_stage(markup& to, const material& m, const stage_summary& s) {
    const auto path = path_of(m, s.stage);
    std::size_t count = 0;
    for (const auto i : path.nodes) count += m.nodes[i].all.empty() ? 0 : 1;
    to << "<details class=\"stage\" id=\"stage"_m << s.stage << (is_open(m, s.stage) ? "\" open>"_m : "\">"_m)
       << "<summary><span class=\"stage-head\">"_m;
    write_sign(to, s.outcome);
    to << "<b>"_m << s.stage << " "_m << s.id << "</b> <span class=\"vh\">"_m << spoken(s.outcome)
       << ", </span><span class=\"of\">"_m << count << " of "_m << path.nodes.size()
       << " steps ran; on the published chart: "_m << published_stages(path) << "</span></span>"_m;
    write_strip(to, m, path);
    to << "</summary>"_m;
    draw_stage(to, m, path, {.columns = 3, .look = "chart wide-chart"_m});
    draw_stage(to, m, path, {.columns = 1, .look = "chart narrow-chart"_m});
    to << "</details>"_m;
}

void write_key(markup& to) {
    to << "<p class=\"key\">"_m;
    for (const auto o :
         {trace::outcome::ok, trace::outcome::expected, trace::outcome::warning, trace::outcome::failed,
          trace::outcome::unknown, trace::outcome::broken, trace::outcome::not_run}) {
        to << "<span>"_m;
        write_sign(to, o);
        to << " "_m << spoken(o) << "</span>"_m;
    }
    to << "</p>"_m;
}

}  // namespace

void write_chart(markup& to, const material& m) {
    to << "<section id=\"chart\" aria-labelledby=\"chart-h\"><h2 id=\"chart-h\">Chart</h2>"_m;
    write_key(to);
    for (const auto& s : m.stages) write_stage(to, m, s);
    to << "</section>"_m;
}

}  // namespace ucsignin::report::html
