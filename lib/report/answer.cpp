#include "report/answer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "report/layout.hpp"
#include "report/stages.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::report {
namespace {

std::string user_of(const report& r) {
    const auto& uri = r.facts.sip_uri;
    return uri.starts_with("sip:") ? uri.substr(4) : uri;
}

// What is looked up for each cause, of which a report may have many.
struct looked_up {
    explicit looked_up(const report& r)
        : all_messages(r.trace.messages), open(diagnosis::open_questions(r.trace, r.verdict)) {
        for (const auto& s : r.trace.spans) spans.try_emplace(s.span_id, &s);
        for (const auto& f : r.verdict.findings) findings.try_emplace(finding_key{f.id, f.subject}, &f);
        for (const auto& q : open) open_of.emplace(finding_key{q.finding_id, q.subject}, &q);
        for (std::size_t i = 0; i < all_messages.size(); ++i) note_message(i);
    }
    // Of each step the last message that came, or that was sent if none came.
    void note_message(std::size_t at) {
        const auto [known, is_new] = messages.try_emplace(all_messages[at].span_id, at);
        const bool came = all_messages[at].direction == trace::direction::received;
        if (!is_new && (came || all_messages[known->second].direction == trace::direction::sent)) known->second = at;
    }
    std::map<std::string_view, const trace::span*> spans;
    const std::vector<trace::message>& all_messages;
    std::map<std::string_view, std::size_t> messages;
    std::map<finding_key, const diagnosis::finding*> findings;
    std::vector<diagnosis::open_question> open;
    std::multimap<finding_key, const diagnosis::open_question*> open_of;
};

// The last value that any span noted under the name: late answers know best.
std::string last_text(const report& r, const trace::evidence_name<std::string>& evidence) {
    for (auto s = r.trace.spans.rbegin(); s != r.trace.spans.rend(); ++s)
        if (auto text = s->text(evidence); !text.empty()) return text;
    return {};
}

// When the user was signed in: the last gate of stage 5, not the end of the run, which may stay and signs out.
const trace::span* last_gate(const report& r) {
    const auto nodes = chart::nodes();
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node)
        if (node->role.is_needed())
            if (const auto* s = r.trace.latest(*node); s && s->outcome != trace::outcome::not_run) return s;
    return nullptr;
}

double signed_in_after(const report& r) {
    const auto* s = last_gate(r);
    return s ? s->start_ms + s->duration_ms : r.trace.duration_ms;
}

std::string signed_in_text(const report& r) {
    std::string out = "Signed in as " + user_of(r);
    const auto home = last_text(r, trace::ev::home_server);
    const auto edge = last_text(r, trace::ev::edge_server);
    const auto candidate = last_text(r, trace::ev::candidate);
    if (const auto way = edge.empty() ? candidate : edge; !way.empty()) out += " through " + way;
    if (!home.empty()) out += ", home server " + home + ",";
    out += " in " + duration_text(signed_in_after(r));
    return out + (r.verdict.root_causes.empty() ? "." : ", but not everything works.");
}

std::string stopped_text(const report& r) {
    const auto* node = chart::find(r.verdict.stopped_at);
    const int stage = node ? node->stage : r.verdict.stage_reached;
    auto out = fmt::format(
        "{} could not sign in: it stopped in stage {}, {}", user_of(r), stage, chart::stage_name(stage));
    out += fmt::format(", at \"{}\" ({})", node ? node->title : r.verdict.stopped_at, r.verdict.stopped_at);
    if (!r.verdict.stopped_candidate.empty()) out += ", on " + r.verdict.stopped_candidate;
    return out + ".";
}

const trace::span* stopping_span(const report& r) {
    if (r.verdict.stopped_at.empty()) return nullptr;
    if (const auto* s = r.trace.latest(chart::by_name(r.verdict.stopped_at), r.verdict.stopped_candidate)) return s;
    return r.trace.latest(chart::by_name(r.verdict.stopped_at));
}

std::string as_one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::string headline_of(const report& r) {
    const auto& v = r.verdict;
    if (!r.facts.fault.empty())
        return fmt::format(
            "ucsignin ended this run over a fault of its own, in stage {}: {}", v.stage_reached, r.facts.fault);
    if (v.signed_in) return as_one_line(signed_in_text(r));
    if (r.facts.interrupted)
        return fmt::format(
            "Interrupted after {}, in stage {}, {}.", duration_text(r.trace.duration_ms), v.stage_reached,
            chart::stage_name(v.stage_reached));
    if (!v.stopped_at.empty()) return as_one_line(stopped_text(r));
    return fmt::format(
        "Checked up to stage {}, {}, as asked; nothing stopped it. {} was not signed in.", r.facts.until_stage,
        chart::stage_name(r.facts.until_stage), user_of(r));
}

// The result stands, but something after it is incomplete.
std::string what_was_cut_short(const report& r) {
    if (r.facts.cut_short.empty() && !(r.facts.interrupted && r.verdict.signed_in)) return {};
    return r.facts.cut_short == "out of time"
               ? "Time ran out before everything that follows the result was done (a second look, signing out)."
               : "Interrupted after the result was known: what follows it (a second look, staying, signing out) may be "
                 "incomplete.";
}

std::string why_certain(const diagnosis::finding& f) {
    const auto* entry = diagnosis::find_entry(f.id);  // a report of another version may know others
    return entry && entry->grounds.can_decide() ? std::string(entry->grounds.because) : std::string{};
}

// Whether a message says no: a status of failure, an alert, a name that there is not.
bool says_no(const trace::message& m) {
    const auto line = std::string_view(m.start_line);
    if (m.protocol == "DNS") return !line.starts_with("NOERROR") || line.starts_with("NOERROR 0 ");
    if (m.protocol == "TLS") return line.contains("alert");
    const auto blank = line.find(' ');
    return m.direction == trace::direction::received && blank != line.npos && line.substr(blank + 1, 1) >= "4";
}

std::optional<std::size_t> message_of(const looked_up& known, const std::string& step) {
    const auto own = known.messages.find(step);
    return own == known.messages.end() || step.empty() ? std::nullopt : std::optional(own->second);
}

// Of the step itself, or else of what it waited for. That a name was found shows nothing of what came after.
std::optional<std::size_t> message_at(const looked_up& known, const std::string& step) {
    if (const auto own = message_of(known, step)) return own;
    const auto s = known.spans.find(step);
    if (s == known.spans.end()) return std::nullopt;
    for (const auto& id : s->second->waited_for)
        if (const auto other = message_of(known, id))
            if (const auto& m = known.all_messages[*other]; m.protocol != "DNS" || says_no(m)) return other;
    return std::nullopt;
}

// What failed is seen where it failed, not in the second look that excludes the look-alikes; best by a message that
// says no.
std::optional<std::size_t> telling_message(const looked_up& known, const diagnosis::finding& f) {
    std::vector<std::string> steps;
    for (const auto& id : f.evidence)
        if (const auto s = known.spans.find(id); s != known.spans.end() && s->second->outcome == trace::outcome::failed)
            steps.push_back(id);
    steps.push_back(f.decided_by.span_id);
    for (const auto& id : steps)
        if (const auto own = message_of(known, id); own && says_no(known.all_messages[*own])) return own;
    steps.insert(steps.end(), f.evidence.rbegin(), f.evidence.rend());
    for (const auto& id : steps)
        if (const auto found = message_at(known, id)) return found;
    return std::nullopt;
}

explained explain(const report& r, const looked_up& known, const diagnosis::finding& f) {
    explained out{f.id,        f.subject, f.title,    f.explanation,         f.certainty,    {},
                  f.ruled_out, {},        f.remedies, f.decided_by.evidence, why_certain(f), is_ignored(r, f),
                  {}};
    for (const auto& id : f.evidence)
        if (const auto at = known.spans.find(id); at != known.spans.end()) {
            const auto& s = *at->second;
            out.evidence.push_back({s.span_id, fact_text(s), s.start_ms + s.duration_ms});
        }
    out.message = telling_message(known, f);
    if (f.certainty != diagnosis::certainty::certain)
        for (auto [q, end] = known.open_of.equal_range({f.id, f.subject}); q != end; ++q)
            out.open.push_back(*q->second);
    return out;
}

std::vector<explained> explain_roots(const report& r, const looked_up& known) {
    std::vector<explained> all;
    for (const auto& cause : r.verdict.root_causes)
        if (const auto at = known.findings.find(finding_key{cause.id, cause.subject}); at != known.findings.end())
            all.push_back(explain(r, known, *at->second));
    return all;
}

// A run of many findings is told by the first.
std::string what_counted(const report& r) {
    constexpr std::size_t most_named = 5;
    const auto failed = counted_as_failed(r);
    std::string names;
    for (std::size_t i = 0; i < std::min(failed.size(), most_named); ++i) {
        names += (i == 0 ? "" : ", ") + failed[i].id;
        if (!failed[i].subject.empty()) names += " (" + failed[i].subject + ")";
    }
    if (failed.size() > most_named) names += fmt::format(" and {} more", failed.size() - most_named);
    return failed.empty() ? names : fmt::format("Exit code 2, as --fail-on asks: {}.", names);
}

std::optional<unexplained_stop> stop_without_cause(const report& r, const looked_up& known) {
    const auto& v = r.verdict;
    if (v.signed_in || r.facts.interrupted || v.stopped_at.empty() || !v.root_causes.empty()) return std::nullopt;
    const auto* node = chart::find(v.stopped_at);
    const auto* s = stopping_span(r);
    return unexplained_stop{
        v.stopped_at, node ? std::string(node->title) : v.stopped_at, s ? s->summary : std::string{}, known.open};
}

}  // namespace

const trace::span* ending_span(const report& r) { return r.verdict.signed_in ? last_gate(r) : stopping_span(r); }

answer answer_of(const report& r) {
    answer out;
    out.headline = headline_of(r);
    out.cut_short = what_was_cut_short(r);
    out.counted = what_counted(r);
    const looked_up known(r);
    (r.verdict.signed_in ? out.losses : out.causes) = explain_roots(r, known);
    if (r.facts.fault.empty()) out.unexplained = stop_without_cause(r, known);
    else if (r.verdict.root_causes.empty())
        out.fault =
            "Neither this PC nor a server is to blame for that. What had been seen by then is in the JSON report "
            "(--json FILE); please send it to whoever maintains ucsignin.";
    return out;
}

std::vector<std::string> further_findings(const report& r, bool also_info) {
    std::vector<std::string> lines;
    const auto causes = root_causes(r);
    for (const auto& f : r.verdict.findings) {
        const bool untold = f.severity == diagnosis::severity::info && !also_info;
        if (untold || causes.contains(finding_key{f.id, f.subject})) continue;
        lines.push_back(
            fmt::format("{}{}: {} ({})", to_string(f.severity), is_ignored(r, f) ? ", ignored" : "", f.title, f.id));
    }
    return lines;
}

std::vector<explained> explain_findings(const report& r) {
    const looked_up known(r);
    std::vector<explained> all;
    for (const auto& f : r.verdict.findings) all.push_back(explain(r, known, f));
    return all;
}

}  // namespace ucsignin::report
