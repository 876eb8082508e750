// A run as lines of a log.

#include <algorithm>
#include <fmt/format.h>

#include "report/layout.hpp"
#include "trace/visible.hpp"
#include "ucsignin/events.hpp"

namespace ucsignin::report {
namespace {

std::string bounded(std::string_view text) { return cut(trace::visible(text), longest_log_line); }

log_level level_of(trace::outcome o) {
    switch (o) {
        case trace::outcome::failed:
        case trace::outcome::broken: return log_level::error;
        case trace::outcome::warning: return log_level::warning;
        case trace::outcome::not_run: return log_level::debug;
        default: return log_level::info;
    }
}

std::string value_text(const trace::value& value) {
    return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

std::string_view or_other(std::string_view text, std::string_view other) { return text.empty() ? other : text; }

// Who is at the other end.
const trace::message_end& peer_of(const trace::message& m) {
    return m.direction == trace::direction::sent ? m.to : m.from;
}

}  // namespace

std::optional<log_level> log_level_from(std::string_view name) {
    const auto* const at = std::ranges::find(log_levels, name);
    if (at == std::end(log_levels)) return std::nullopt;
    return static_cast<log_level>(at - std::begin(log_levels));
}

std::vector<log_line> log_lines(const trace::span& s) {
    const auto ended = s.start_ms + s.duration_ms;
    std::vector<log_line> lines;
    const auto add = [&](log_level level, std::string_view text) {
        lines.push_back({level, ended, s.node, bounded(text)});
    };
    const auto subject = s.subject.empty() ? "" : " (" + s.subject + ")";
    add(level_of(s.outcome), fmt::format(
                                 "{}{}: {} [{}, {}]", outcome_text(s.outcome), subject, fact_text(s),
                                 or_other(s.branch, to_string(s.reason)), duration_text(s.duration_ms)));
    if (s.decision)
        for (const auto& c : s.decision->considered)
            add(log_level::debug,
                fmt::format("{}: {}{}{}", to_string(c.verdict), c.option, c.why.empty() ? "" : ": ", c.why));
    for (const auto& e : s.evidence) add(log_level::debug, fmt::format("{} = {}", e.name, value_text(e.value)));
    return lines;
}

std::vector<log_line> log_lines(const trace::message& m) {
    const auto& peer = peer_of(m);
    const auto component = trace::visible(fmt::format("{}/{}", m.protocol, or_other(peer.host, peer.role)));
    std::vector<log_line> lines{
        {log_level::info, m.time_ms, component, bounded(fmt::format("{} {}", to_string(m.direction), m.start_line))}};
    for (const auto& h : m.headers)
        lines.push_back({log_level::debug, m.time_ms, component, bounded(h.name + ": " + h.value)});
    return lines;
}

std::vector<log_line> log_lines(const report& r, int exit_code) {
    const auto& v = r.verdict;
    std::vector<log_line> lines;
    const auto add = [&](log_level level, std::string_view text) {
        lines.push_back({level, r.trace.duration_ms, "result", bounded(text)});
    };
    for (const auto& c : v.root_causes)
        add(log_level::error,
            fmt::format(
                "root cause: {}{}{} ({})", c.id, c.subject.empty() ? "" : " of ", c.subject, to_string(c.certainty)));
    if (!r.facts.fault.empty()) add(log_level::error, "an internal fault: " + r.facts.fault);
    if (!v.stopped_at.empty()) add(log_level::error, "stopped at " + v.stopped_at);
    const auto how = v.signed_in ? "signed in" : v.stopped_at.empty() ? "ended" : "not signed in";
    add(v.signed_in ? log_level::info : log_level::warning, fmt::format("{}, exit code {}", how, exit_code));
    return lines;
}

}  // namespace ucsignin::report
