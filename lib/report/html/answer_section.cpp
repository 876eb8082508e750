// What is wrong, how one knows, who does what.
#include "report/account.hpp"
#include "report/html/parts.hpp"
#include "report/layout.hpp"

namespace ucsignin::report::html {
namespace {

struct badge {
    literal look;
    std::string_view text;
};

badge badge_of(const report& r) {
    if (!r.facts.fault.empty()) return {"bad"_m, "The program failed"};
    if (r.verdict.signed_in && r.verdict.root_causes.empty()) return {"good"_m, "Signed in"};
    if (r.verdict.signed_in) return {"fair"_m, "Signed in, with losses"};
    if (r.facts.interrupted) return {"fair"_m, "Interrupted"};
    if (r.verdict.stopped_at.empty()) return {"fair"_m, "Checked in part"};
    return {"bad"_m, "Not signed in"};
}

void write_stage(markup& to, const material& m, const stage_summary& s) {
    const bool stopped = !m.r.verdict.signed_in && !m.r.verdict.stopped_at.empty() &&
                         m.r.verdict.stage_reached == s.stage;
    to << "<li class=\""_m << class_of(s.outcome) << (stopped ? " stopped\">"_m : "\">"_m) << "<a href=\"#stage"_m
       << s.stage << "\">"_m;
    write_sign(to, s.outcome);
    to << "<span class=\"stage-name\">"_m << s.stage << " "_m << s.id << "</span> <span class=\"stage-how\">"_m
       << spoken(s.outcome);
    if (s.outcome != trace::outcome::not_run) to << ", "_m << duration_text(s.duration_ms);
    to << "</span>"_m;
    if (s.main) to << "<span class=\"stage-fact\">"_m << fact_text(*s.main) << "</span>"_m;
    to << "</a></li>"_m;
}

void write_open(markup& to, std::string_view heading, const std::vector<diagnosis::open_question>& open) {
    if (open.empty()) return;
    to << "<h4>"_m << heading << "</h4><ul>"_m;
    for (const auto& q : open) to << "<li>"_m << q.observation << ": "_m << q.why << "</li>"_m;
    to << "</ul>"_m;
}

void write_remedies(markup& to, const explained& e) {
    if (e.remedies.empty()) return;
    to << "<h4>"_m << remedies_heading << "</h4><ul class=\"remedies\">"_m;
    for (const auto& r : e.remedies) {
        to << "<li><p><strong class=\"who\">"_m << (r.who.empty() ? "Anybody" : r.who) << "</strong> "_m << r.text
           << "</p>"_m;
        if (!r.check.empty()) to << "<p class=\"of\">To check:</p>"_m;
        write_commands(to, r.check);
        to << "</li>"_m;
    }
    to << "</ul>"_m;
}

// What of a message says why, without opening it.
bool is_telling(const trace::message_header& h) {
    for (const std::string_view name :
         {"ms-diagnostics", "ms-diagnostics-public", "Warning", "Retry-After", "alert", "X-MS-diagnostics", "Location",
          "rcode", "answer", "certificates"})
        if (h.name == name) return true;
    return false;
}

void write_message(markup& to, const material& m, std::size_t at) {
    const auto& said = m.r.trace.messages[at];
    const auto& far = said.direction == trace::direction::sent ? said.to : said.from;
    to << "<h4>The message that shows it</h4><div class=\"proof\"><p><a href=\"#m"_m << at << "\" data-m=\""_m << at
       << "\"><span class=\"of\">"_m << clock_text(said.time_ms) << " "_m << said.protocol << direction_word(said)
       << participant(far.role) << " "_m << (far.host.empty() ? far.address : far.host) << "</span><code>"_m
       << said.start_line << "</code></a></p>"_m;
    if (said.direction == trace::direction::sent) to << "<p>Nothing came back within this step.</p>"_m;
    to << "<dl class=\"headers\">"_m;
    for (const auto& h : said.headers)
        if (is_telling(h)) to << "<div><dt>"_m << h.name << "</dt><dd>"_m << h.value << "</dd></div>"_m;
    to << "</dl></div>"_m;
}

void write_proof(markup& to, const material& m, const explained& e) {
    to << "<h4>"_m << known_by_heading << "</h4><ul class=\"proofs\">"_m;
    for (const auto& fact : e.evidence) {
        const auto at = m.place(fact.span_id);
        to << "<li>"_m;
        if (at) to << "<a href=\"#s"_m << *at << "\" data-s=\""_m << *at << "\">"_m;
        if (at) write_sign(to, m.span(*at).outcome);
        to << fact.text;
        if (at) to << "</a>"_m;
        to << " <span class=\"of\">"_m << clock_text(fact.at_ms) << "</span></li>"_m;
    }
    if (!e.decided_by.empty() && !e.certain_because.empty())
        to << "<li>certain by <code>"_m << e.decided_by << "</code>: "_m << e.certain_because << "</li>"_m;
    for (const auto& not_it : e.ruled_out) {
        to << "<li>it is not "_m;
        write_finding_id(to, m, not_it.id);
        to << ": "_m << not_it.by << "</li>"_m;
    }
    to << "</ul>"_m;
}

void write_explained(markup& to, const material& m, const explained& e, std::string_view label) {
    to << "<article class=\"cause\"><h3><span class=\"label\">"_m << label << "</span> "_m << e.title << "</h3><p>"_m
       << e.explanation << "</p><p class=\"certainty\">How sure: "_m << certainty_text(e.certainty) << " \u00b7 "_m;
    write_finding_id(to, m, e.id);
    to << (e.ignored ? " \u00b7 ignored, as asked"_m : ""_m) << "</p><div class=\"columns\"><div>"_m;
    write_proof(to, m, e);
    if (e.message) write_message(to, m, *e.message);
    to << "</div><div>"_m;
    write_remedies(to, e);
    write_open(to, settled_by_heading, e.open);
    to << "</div></div></article>"_m;
}

void write_unexplained(markup& to, const unexplained_stop& stop) {
    to << "<article class=\"cause\"><h3>Stopped at \""_m << stop.title << "\"; no rule explains it</h3>"_m;
    if (!stop.seen.empty()) to << "<p>What was seen: "_m << stop.seen << "</p>"_m;
    write_open(to, shown_by_heading, stop.open);
    to << "</article>"_m;
}

void write_causes(markup& to, const material& m) {
    const auto& all = m.answer.causes;
    for (std::size_t i = 0; i < all.size(); ++i) write_explained(to, m, all[i], cause_label(i, all.size()));
}

void write_account(markup& to, const report& r) {
    const auto facts = account_of(r);
    if (facts.empty()) return;
    to << "<h2 class=\"account\">The account</h2><dl class=\"facts account\">"_m;
    for (const auto& [label, text] : facts) to << "<div><dt>"_m << label << "</dt><dd>"_m << text << "</dd></div>"_m;
    to << "</dl>"_m;
}

void write_paragraph(markup& to, const std::string& text) {
    if (!text.empty()) to << "<p>"_m << text << "</p>"_m;
}

}  // namespace

void write_answer(markup& to, const material& m) {
    const auto [look, text] = badge_of(m.r);
    to << "<section id=\"answer\" class=\""_m << look << "\" aria-labelledby=\"answer-h\"><p class=\"badge\">"_m << text
       << "</p><h1 id=\"answer-h\">"_m << m.answer.headline << "</h1>"_m;
    write_paragraph(to, m.answer.cut_short);
    write_paragraph(to, m.answer.fault);
    write_paragraph(to, m.answer.counted);
    to << "<ol class=\"stages\" aria-label=\"The five stages\">"_m;
    for (const auto& s : m.stages) write_stage(to, m, s);
    to << "</ol>"_m;
    if (m.answer.unexplained) write_unexplained(to, *m.answer.unexplained);
    write_causes(to, m);
    for (const auto& loss : m.answer.losses) write_explained(to, m, loss, "Lost");
    write_account(to, m.r);
    to << "</section>"_m;
}

void write_findings(markup& to, const material& m) {
    const auto causes = root_causes(m.r);
    markup rows;
    for (const auto& f : m.r.verdict.findings) {
        if (causes.contains(finding_key{f.id, f.subject})) continue;
        rows << "<li class=\"find\"><span class=\"severity "_m << to_string(f.severity) << "\">"_m
             << to_string(f.severity) << "</span> "_m << f.title << " "_m;
        write_finding_id(rows, m, f.id);
        if (is_ignored(m.r, f)) rows << " (ignored, as asked)"_m;
        if (!f.explanation.empty()) rows << "<p>"_m << f.explanation << "</p>"_m;
        for (const auto& id : f.evidence)
            if (const auto at = m.place(id)) {
                rows << " "_m;
                write_step_link(rows, m, *at);
            }
        rows << "</li>"_m;
    }
    if (rows.empty()) return;
    to << "<section id=\"findings\" aria-labelledby=\"findings-h\"><h2 id=\"findings-h\">"_m << further_heading
       << "</h2><ul class=\"findings\">"_m << rows << "</ul></section>"_m;
}

}  // namespace ucsignin::report::html
