#include "report/answer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "report/layout.hpp"
#include "report/stages.hpp"

namespace ucsignin::report {
namespace {

std::string user_of(const report& r) {
    const auto& uri = r.facts.sip_uri;
    return uri.starts_with("sip:") ? uri.substr(4) : uri;
}

// What is looked up for each cause, of which a report may have many.
struct looked_up {
    explicit looked_up(const report& r) : open(diagnosis::open_questions(r.trace, r.verdict)) {
        for (const auto& s : r.trace.spans) spans.try_emplace(s.span_id, &s);
        for (const auto& f : r.verdict.findings) findings.try_emplace(finding_key{f.id, f.subject}, &f);
    }
    std::map<std::string_view, const trace::span*> spans;
    std::map<finding_key, const diagnosis::finding*> findings;
    std::vector<diagnosis::open_question> open;
};

// The last value that any span noted under the name: late answers know best.
std::string last_text(const report& r, std::string_view evidence) {
    for (auto s = r.trace.spans.rbegin(); s != r.trace.spans.rend(); ++s)
        if (auto text = s->text(evidence); !text.empty()) return text;
    return {};
}

// When the user was signed in: the last gate of stage 5, not the end of the run, which may stay and signs out.
double signed_in_after(const report& r) {
    for (const auto* node : {"provisioning.presentity", "provisioning.subscription", "registration.confirmed"})
        if (const auto* s = r.trace.latest(node); s && s->outcome != trace::outcome::not_run)
            return s->start_ms + s->duration_ms;
    return r.trace.duration_ms;
}

std::string signed_in_text(const report& r) {
    std::string out = "Signed in as " + user_of(r);
    const auto home = last_text(r, "sip.home_server");
    const auto edge = last_text(r, "sip.edge_server");
    const auto candidate = last_text(r, "ucsignin.candidate");
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
    if (const auto* s = r.trace.latest(r.verdict.stopped_at, r.verdict.stopped_candidate)) return s;
    return r.trace.latest(r.verdict.stopped_at);
}

std::string certainty_text(diagnosis::certainty c) {
    switch (c) {
        case diagnosis::certainty::certain: return "certain";
        case diagnosis::certainty::likely: return "likely, not proven";
        case diagnosis::certainty::possible: return "possible; see what speaks for and against it";
    }
    return {};
}

std::string evidence_text(const looked_up& known, const diagnosis::finding& f, const text_style& style) {
    std::string out;
    for (const auto& id : f.evidence)
        if (const auto at = known.spans.find(id); at != known.spans.end()) {
            const auto& s = *at->second;
            out += wrapped(
                fmt::format("{} ({})", fact_text(s), clock_text(s.start_ms + s.duration_ms)), "    - ", "      ",
                style.columns);
        }
    for (const auto& not_it : f.ruled_out)
        out += wrapped(fmt::format("it is not {}: {}", not_it.id, not_it.by), "    - ", "      ", style.columns);
    return out.empty() ? out : "  How one knows:\n" + out;
}

// Commands are never broken: they are there to be copied.
std::string check_text(std::string_view commands) {
    std::string out;
    while (!commands.empty()) {
        const auto end = std::min(commands.find('\n'), commands.size());
        out += (out.empty() ? "      check:  " : "              ") + std::string(commands.substr(0, end)) + "\n";
        commands.remove_prefix(std::min(end + 1, commands.size()));
    }
    return out;
}

std::string remedies_text(const diagnosis::finding& f, const text_style& style) {
    std::string out;
    for (const auto& r : f.remedies) {
        out += wrapped(
            fmt::format("{}: {}", r.who.empty() ? "Anybody" : r.who, r.text), "    - ", "      ", style.columns);
        out += check_text(r.check);
    }
    return out.empty() ? out : "  What to do:\n" + out;
}

// What nobody has looked at yet, and would decide between this cause and its look-alikes.
std::string open_text(const looked_up& known, const diagnosis::finding& f, const text_style& style) {
    if (f.certainty == diagnosis::certainty::certain) return {};
    std::string out;
    for (const auto& q : known.open)
        if (q.finding_id == f.id && q.subject == f.subject)
            out += wrapped(fmt::format("{}: {}", q.observation, q.why), "    - ", "      ", style.columns);
    return out.empty() ? out : "  What would tell for sure:\n" + out;
}

std::string cause_text(
    const looked_up& known, const diagnosis::finding& f, std::string_view label, const text_style& style) {
    auto title = wrapped(fmt::format("{}: {}", label, f.title), "  ", "    ", style.columns);
    auto out = coloured(title.substr(0, title.size() - 1), trace::outcome::failed, style) + "\n";
    out += wrapped(f.explanation, "    ", "    ", style.columns);
    out += wrapped(fmt::format("({}, {})", f.id, certainty_text(f.certainty)), "    ", "    ", style.columns);
    return out + evidence_text(known, f, style) + open_text(known, f, style) + remedies_text(f, style);
}

std::string unexplained_text(const report& r, const text_style& style) {
    if (!r.facts.fault.empty())
        return wrapped(
            "Neither this PC nor a server is to blame for that. What had been seen by then is in the JSON report "
            "(--json FILE); please send it to whoever maintains ucsignin.",
            "  ", "  ", style.columns);
    if (r.facts.interrupted || r.verdict.signed_in) return {};
    std::string out;
    if (const auto* s = stopping_span(r)) out = wrapped("What was seen: " + s->summary, "  ", "    ", style.columns);
    if (r.verdict.stopped_at.empty()) return out;
    return out + wrapped(
                     "No known cause matches. The JSON report (--json FILE) holds all that was seen.", "  ", "    ",
                     style.columns);
}

// The result stands, but something after it is incomplete.
std::string cut_short_text(const report& r, const text_style& style) {
    if (r.facts.cut_short.empty() && !(r.facts.interrupted && r.verdict.signed_in)) return {};
    return wrapped(
        r.facts.cut_short == "out of time"
            ? "The time was over before all was done that follows the result (a second look, signing out)."
            : "Interrupted when the result was there: what follows it (a second look, staying, signing out) may be "
              "incomplete.",
        "  ", "  ", style.columns);
}

std::string as_one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

}  // namespace

std::string headline(const report& r) {
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

std::string answer(const report& r, const text_style& style) {
    auto first = wrapped(headline(r), "", "", style.columns);
    std::string out = bold(first.substr(0, first.size() - 1), style) + "\n" + cut_short_text(r, style);
    const auto count = r.verdict.root_causes.size();
    if (count == 0) return out + unexplained_text(r, style);
    const looked_up known(r);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& cause = r.verdict.root_causes[i];
        const auto at = known.findings.find(finding_key{cause.id, cause.subject});
        if (at == known.findings.end()) continue;
        out += cause_text(
            known, *at->second, count == 1 ? "Cause" : fmt::format("Cause {} of {}", i + 1, count), style);
    }
    return out;
}

}  // namespace ucsignin::report
