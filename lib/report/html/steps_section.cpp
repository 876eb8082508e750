// Every step with all that was noted of it, and the decisions by themselves.
#include "report/html/parts.hpp"
#include "report/layout.hpp"

namespace ucsignin::report::html {
namespace {

std::string_view sign_of(trace::verdict v) {
    switch (v) {
        case trace::verdict::chosen: return "chosen";
        case trace::verdict::passed_over: return "passed over";
        case trace::verdict::failed: return "failed";
        case trace::verdict::not_tried: return "not tried";
    }
    return {};
}

void write_decision(markup& to, const material& m, std::size_t at) {
    const auto& s = m.span(at);
    to << "<article class=\"decision\" id=\"d"_m << at << "\""_m;
    write_marks(to, m, at);
    to << "><h3>"_m << s.decision->question << "</h3><p>"_m;
    write_step_link(to, m, at);
    to << "</p><ul class=\"options\">"_m;
    for (const auto& c : s.decision->considered)
        to << "<li class=\"v-"_m << trace::to_string(c.verdict) << "\"><span class=\"verdict\">"_m << sign_of(c.verdict)
           << "</span> <b>"_m << c.option << "</b> <span class=\"why\">"_m << c.why << "</span></li>"_m;
    to << "</ul></article>"_m;
}

void write_fact(markup& to, std::string_view name, std::string_view value) {
    if (!value.empty()) to << "<div><dt>"_m << name << "</dt><dd>"_m << value << "</dd></div>"_m;
}

void write_result(markup& to, const trace::span& s) {
    const auto* node = chart::find(s.node);
    if (node) write_fact(to, "Question", node->question);
    const auto* branch = node ? node->find(s.branch) : nullptr;
    if (!s.branch.empty())
        write_fact(to, "Result", in_words(s.branch) + (branch ? ": " + std::string(branch->meaning) : std::string()));
    if (!ran(s)) write_fact(to, "Not run", in_words(trace::to_string(s.reason)));
    else write_fact(to, "Time", clock_text(s.start_ms) + ", took " + duration_text(s.duration_ms));
    write_fact(to, "Id", s.node);
}

void write_waits(markup& to, const material& m, const trace::span& s) {
    if (s.waited_for.empty()) return;
    to << "<div><dt>Waited for</dt><dd>"_m;
    for (const auto& id : s.waited_for)
        if (const auto at = m.place(id)) {
            write_step_link(to, m, *at);
            to << " "_m;
        }
    to << "</dd></div>"_m;
}

// Values that belong together follow one another, under one line.
void write_evidence(markup& to, const trace::span& s) {
    if (s.evidence.empty()) return;
    to << "<table class=\"evidence\"><caption class=\"vh\">Evidence</caption><thead><tr><th "
          "scope=\"col\">Evidence</th><th "
          "scope=\"col\">Value</th><th scope=\"col\">Said by</th></tr></thead><tbody>"_m;
    int group = -1;
    for (const auto& e : s.evidence) {
        to << (e.group != 0 && e.group == group ? "<tr class=\"and\"><td>"_m : "<tr><td>"_m) << e.name << "</td><td>"_m;
        write_value(to, e.value);
        to << "</td><td>"_m << trace::to_string(e.from) << "</td></tr>"_m;
        group = e.group;
    }
    to << "</tbody></table>"_m;
}

void write_messages(markup& to, const material& m, std::size_t at) {
    if (m.messages_of[at].empty()) return;
    to << "<h4>Messages</h4><ul class=\"of-step\">"_m;
    for (const auto i : m.messages_of[at]) {
        const auto& said = m.r.trace.messages[i];
        to << "<li><a href=\"#m"_m << i << "\" data-m=\""_m << i << "\"><span class=\"of\">"_m
           << (said.direction == trace::direction::sent ? "\u2192 "
               : is_silence(said)                       ? "\u00d7 "
                                                        : "\u2190 ")
           << said.protocol << "</span> "_m << said.start_line << "</a></li>"_m;
    }
    to << "</ul>"_m;
}

// Where scripts run, what is inside is text until the step is opened: three quarters of the page's elements are here,
// and a browser goes through all there are at each click.
void write_step(markup& to, const material& m, std::size_t at) {
    const auto& s = m.span(at);
    to << "<details class=\"step\" id=\"s"_m << at << "\""_m;
    write_marks(to, m, at);
    to << "><summary>"_m;
    write_sign(to, s.outcome);
    to << "<span class=\"vh\">"_m << spoken(s.outcome) << ": </span><b>"_m << title_of(s)
       << "</b> <span class=\"of\">"_m << s.subject << "</span> <span class=\"sum\">"_m << s.summary
       << "</span></summary><noscript><div class=\"inside\"><dl class=\"facts\">"_m;
    write_result(to, s);
    write_waits(to, m, s);
    to << "</dl>"_m;
    if (s.decision) to << "<p><a href=\"#d"_m << at << "\">The decision and its options</a></p>"_m;
    write_messages(to, m, at);
    write_evidence(to, s);
    to << "</div></noscript></details>"_m;
}

}  // namespace

void write_decisions(markup& to, const material& m) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < m.r.trace.spans.size(); ++i)
        if (m.span(i).decision) all.push_back(i);
    to << "<section id=\"decisions\" aria-labelledby=\"decisions-h\"><h2 id=\"decisions-h\">Decisions</h2>"_m;
    if (all.empty()) to << "<p>No step had to choose.</p>"_m;
    write_in_batches(to, all.size(), "<div class=\"decisions batch\">"_m, "</div>"_m, [&](std::size_t i) {
        write_decision(to, m, all[i]);
    });
    to << "</section>"_m;
}

void write_steps(markup& to, const material& m) {
    to << "<section id=\"steps\" aria-labelledby=\"steps-h\"><h2 id=\"steps-h\">All steps</h2><p class=\"hint\">A step "
          "opens to "
          "its evidence.</p>"_m;
    write_in_batches(to, m.r.trace.spans.size(), "<div class=\"batch\">"_m, "</div>"_m, [&](std::size_t i) {
        write_step(to, m, i);
    });
    to << "</section>"_m;
}

}  // namespace ucsignin::report::html
