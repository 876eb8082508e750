// The terminal report: a line a stage, what else was noticed, and the answer last, where the eye is when it ends.

#include <utility>

#include <fmt/format.h>

#include "report/account.hpp"
#include "report/answer.hpp"
#include "report/layout.hpp"
#include "report/shown.hpp"
#include "report/stages.hpp"

namespace ucsignin::report {
namespace {

std::string stage_line(const report& r, const stage_summary& s, const text_style& style) {
    const bool ran = s.outcome != trace::outcome::not_run;
    const auto head = fmt::format("  {} {:<13} ", s.stage, s.id);
    const auto time = fmt::format("{:>8}  ", ran ? duration_text(s.duration_ms) : "");
    const auto fact = fact_text(r, s);
    const std::string indent(width(head) + 8 + width(time), ' ');
    const auto lines = wrapped(fact, indent, indent, style.columns);
    return head + coloured(padded(outcome_text(s.outcome), 8), s.outcome, style) + time + lines.substr(indent.size());
}

std::string value_text(const trace::value& value) {
    return std::visit(
        [](const auto& v) -> std::string {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, bool>) return v ? "yes" : "no";
            else return fmt::format("{}", v);
        },
        value);
}

// A line a value, or a group.
std::string evidence_text(const trace::span& s, const text_style& style) {
    std::string out, line;
    for (std::size_t i = 0; i < s.evidence.size(); ++i) {
        const auto& e = s.evidence[i];
        line += fmt::format("{}{} = {}", line.empty() ? "" : ", ", e.name, value_text(e.value));
        const bool goes_on = e.group != 0 && i + 1 < s.evidence.size() && s.evidence[i + 1].group == e.group;
        if (!goes_on) out += wrapped(std::exchange(line, {}), "    . ", "      ", style.columns);
    }
    return out;
}

std::string span_text(const trace::span& s, const text_style& style) {
    auto out = fmt::format(
        "{} {}{}{}\n", clock_text(s.start_ms + s.duration_ms), s.node, s.subject.empty() ? "" : " ", s.subject);
    out += wrapped(fmt::format("{}: {}", outcome_text(s.outcome), s.summary), "    ", "    ", style.columns);
    if (s.decision)
        for (const auto& c : s.decision->considered)
            out += wrapped(
                fmt::format("{} {}: {}", trace::to_string(c.verdict), c.option, c.why), "    * ", "      ",
                style.columns);
    return out + evidence_text(s, style);
}

// Megabytes with a large account: no copy of it is made.
void add_every_span(std::string& to, const report& r, const text_style& style) {
    const auto before = to.size();
    for (const auto& s : r.trace.spans)
        if (s.outcome != trace::outcome::not_run || s.reason != trace::not_run_reason::not_implemented)
            to += span_text(s, style);
    if (to.size() > before) to += '\n';
}

// Each step with what it added: the time from the end of the one before to its own.
std::string what_it_waited_for(const report& r, const text_style& style) {
    std::string out;
    double before = 0;
    const auto* last = ending_span(r);
    for (const auto* s : last ? trace::critical_path(r.trace, *last) : std::vector<const trace::span*>{}) {
        const double end = s->start_ms + s->duration_ms;
        const auto head = fmt::format("  {:>8} ", duration_text(end - before));
        out += wrapped(fmt::format("{} {}", s->node, s->subject), head, std::string(width(head), ' '), style.columns);
        before = end;
    }
    if (out.empty()) return out;
    return "What the result waited for, step after step, and the time that each added:\n" + out + "\n";
}

std::string further_text(const report& r, const text_style& style) {
    std::string out;
    for (const auto& line : further_findings(r, style.verbose)) out += wrapped(line, "  - ", "    ", style.columns);
    return out.empty() ? out : fmt::format("{}:\n{}\n", further_heading, out);
}

std::string account_text(const report& r, const text_style& style) {
    std::string out;
    for (const auto& [label, text] : account_of(r)) {
        const auto head = fmt::format("  {:<15} ", label);
        out += wrapped(text, head, std::string(width(head), ' '), style.columns);
    }
    return out.empty() ? out : "The account:\n" + out + "\n";
}

std::string title_line(const report& r) {
    auto out = fmt::format("{} {}  {}  {}", r.tool_name, r.tool_version, r.facts.sip_uri, r.trace.started_at);
    if (r.mode != "live") out += fmt::format("  ({})", r.mode);
    return out + "\n\n";
}

}  // namespace

std::string to_text(const report& as_read, const text_style& style) {
    const auto r = shown(as_read);
    std::string out = title_line(r);
    if (style.verbose) {
        add_every_span(out, r, style);
        out += what_it_waited_for(r, style);
    }
    for (const auto& stage : summarize_stages(r)) out += stage_line(r, stage, style);
    out += "\n" + account_text(r, style) + further_text(r, style) + to_text(answer_of(r), style);
    return out;
}

}  // namespace ucsignin::report
