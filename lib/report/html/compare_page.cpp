// What changed between two reports: the likely reason first, then tables.
#include <array>

#include "report/compared_words.hpp"
#include "report/html/frame.hpp"
#include "report/layout.hpp"
#include "trace/visible.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::report {
namespace {

using namespace html;
using trace::visible;

template <std::size_t Columns>
void write_table_head(markup& to, std::string_view caption, const std::array<std::string_view, Columns>& heads) {
    to << "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\""_m << caption << "\"><table><thead><tr>"_m;
    for (const auto head : heads) to << "<th scope=\"col\">"_m << head << "</th>"_m;
    to << "</tr></thead><tbody>"_m;
}

void end_table(markup& to) { to << "</tbody></table></div>"_m; }

void write_values(markup& to, const std::vector<std::string>& all) {
    to << "<td>"_m;
    if (all.empty()) to << "<span class=\"of\">"_m << nothing_there << "</span>"_m;
    for (const auto& one : all) to << "<div>"_m << visible(one) << "</div>"_m;
    to << "</td>"_m;
}

void write_changes(markup& to, std::string_view caption, const std::vector<changed_value>& all) {
    if (all.empty()) return;
    write_table_head<3>(to, caption, {"What", "Before", "After"});
    for (const auto& v : all) {
        to << "<tr><th scope=\"row\">"_m << visible(v.name) << "</th>"_m;
        write_values(to, v.before);
        write_values(to, v.after);
        to << "</tr>"_m;
    }
    end_table(to);
}

void write_section(markup& to, literal id, std::string_view heading, const markup& inside) {
    if (inside.empty()) return;
    to << "<section id=\""_m << id << "\" aria-labelledby=\""_m << id << "-h\"><h2 id=\""_m << id << "-h\">"_m
       << heading << "</h2>"_m << inside << "</section>\n"_m;
}

std::string title_of_node(const std::string& node) {
    const auto* known = chart::find(node);
    return known ? std::string(known->title) : visible(node);
}

void write_ways(markup& to, const changed_step& s) {
    to << "<dl class=\"facts ways\"><div><dt>After</dt><dd>"_m << visible(way_text(s.after, s.said))
       << "</dd></div><div><dt>Before</dt><dd>"_m << visible(way_text(s.before, s.said_before)) << "</dd></div></dl>"_m;
}

void write_first(markup& to, const changed_step& s) {
    to << "<article class=\"cause\"><h3><span class=\"label\">"_m << first_heading << "</span> "_m
       << visible(step_name(s.node, s.subject)) << "</h3>"_m;
    write_ways(to, s);
    write_changes(to, "What the step noted", s.evidence);
    to << "</article>"_m;
}

std::string headline(const comparison& c) {
    if (c.same()) return std::string(nothing_changed);
    if (c.steps.empty()) return "Every step went the same way, but not all is the same.";
    const auto& s = c.steps[0];
    const auto subject = s.subject.empty() ? "" : " of " + s.subject;
    return title_of_node(s.node) + subject + ": " + way_text(s.after, s.said);
}

void write_answer(markup& to, const comparison& c) {
    to << "<section id=\"answer\" class=\""_m << (c.same() ? "good"_m : "bad"_m)
       << "\" aria-labelledby=\"answer-h\"><p class=\"badge\">"_m << (c.same() ? "Same" : "Changed")
       << "</p><h1 id=\"answer-h\">"_m << visible(headline(c)) << "</h1>"_m;
    if (!c.steps.empty()) write_first(to, c.steps[0]);
    to << "</section>\n"_m;
}

markup further_steps(const std::vector<changed_step>& all) {
    markup out;
    for (std::size_t i = 1; i < all.size(); ++i) {
        const auto& s = all[i];
        out << "<details class=\"step\"><summary><b>"_m << title_of_node(s.node) << "</b> <span class=\"of\">"_m
            << visible(s.subject) << "</span> <span class=\"sum\">"_m << visible(short_way(s.after)) << ", was "_m
            << visible(short_way(s.before)) << "</span></summary><div class=\"inside\">"_m;
        write_ways(out, s);
        write_changes(out, visible(step_name(s.node, s.subject)), s.evidence);
        out << "</div></details>"_m;
    }
    return out;
}

markup changes(std::string_view caption, const std::vector<changed_value>& all) {
    markup out;
    write_changes(out, caption, all);
    return out;
}

markup slower(const std::vector<changed_time>& all) {
    markup out;
    if (all.empty()) return out;
    write_table_head<3>(out, slower_heading, {"Step", "Before", "After"});
    for (const auto& t : all)
        out << "<tr><th scope=\"row\">"_m << visible(step_name(t.node, t.subject)) << "</th><td>"_m
            << duration_text(t.before_ms) << "</td><td>"_m << duration_text(t.after_ms) << "</td></tr>"_m;
    end_table(out);
    return out;
}

void write_run(markup& to, std::string_view which, const compared_run& run) {
    to << "<span>"_m << which << ": "_m << visible(run.account) << " "_m << visible(run.started_at) << "</span>"_m;
}

}  // namespace

std::string to_html(const comparison& c) {
    markup page;
    begin_page(page, "What changed - ucsignin", scripted::no);
    page << "<header class=\"top\"><p class=\"whose\"><b>ucsignin</b> comparison "_m;
    write_run(page, "before", c.run_before);
    write_run(page, "after", c.run_after);
    page << "</p></header>\n<main>\n"_m;
    write_answer(page, c);
    write_section(page, "result"_m, result_heading, changes(result_heading, c.verdict));
    write_section(page, "steps"_m, steps_heading, further_steps(c.steps));
    write_section(page, "options"_m, settings_heading, changes(settings_heading, c.settings));
    write_section(page, "slower"_m, slower_heading, slower(c.times));
    end_page(page, scripted::no);
    return std::move(page).take();
}

}  // namespace ucsignin::report
