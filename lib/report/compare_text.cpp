// A comparison as text and as JSON.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "report/compared_words.hpp"
#include "report/layout.hpp"
#include "trace/visible.hpp"
#include "ucsignin/compare.hpp"

namespace ucsignin::report {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t most_values = 6, most_steps = 12;

std::string joined(const std::vector<std::string>& all) {
    if (all.empty()) return std::string(nothing_there);
    if (all.size() <= most_values) return fmt::format("{}", fmt::join(all, ", "));
    const auto end = all.begin() + most_values;
    return fmt::format("{} and {} more", fmt::join(all.begin(), end, ", "), all.end() - end);
}

std::string bullet(std::string_view text, std::string_view indent, const text_style& style) {
    return wrapped(trace::visible(text), std::string(indent) + "- ", std::string(indent) + "  ", style.columns);
}

std::string values_text(const std::vector<changed_value>& all, std::string_view indent, const text_style& style) {
    std::string out;
    for (const auto& v : all)
        out += bullet(fmt::format("{}: {}, was {}", v.name, joined(v.after), joined(v.before)), indent, style);
    return out;
}

std::string headed(std::string_view heading, std::string text) {
    return text.empty() ? text : fmt::format("{}:\n{}", heading, text);
}

std::string step_text(const changed_step& s, const text_style& style) {
    auto out = bullet(step_name(s.node, s.subject), "  ", style);
    const auto said = [&](std::string_view when, const std::string& way, const std::string& words) {
        out += wrapped(
            trace::visible(fmt::format("{} {}", when, way_text(way, words))), "    ", "         ", style.columns);
    };
    said("now:", s.after, s.said);
    said("was:", s.before, s.said_before);
    return out + values_text(s.evidence, "    ", style);
}

std::string steps_text(const comparison& c, const text_style& style) {
    std::string out;
    const auto shown = style.verbose ? c.steps.size() : std::min(c.steps.size(), most_steps);
    for (std::size_t i = 1; i < shown; ++i) {
        const auto& s = c.steps[i];
        out += style.verbose
                   ? step_text(s, style)
                   : bullet(
                         fmt::format(
                             "{}: {}, was {}", step_name(s.node, s.subject), short_way(s.after), short_way(s.before)),
                         "  ", style);
    }
    if (shown < c.steps.size()) out += bullet(fmt::format("{} more (-v)", c.steps.size() - shown), "  ", style);
    return out;
}

json values_json(const std::vector<changed_value>& all) {
    auto out = json::array();
    for (const auto& v : all) out.push_back({{"name", v.name}, {"before", v.before}, {"after", v.after}});
    return out;
}

json or_null(const std::string& text) { return text.empty() ? json() : json(text); }

json step_json(const changed_step& s) {
    return {
        {"node", s.node},
        {"subject", or_null(s.subject)},
        {"span_id", or_null(s.span_id)},
        {"before", or_null(s.before)},
        {"after", or_null(s.after)},
        {"said_before", or_null(s.said_before)},
        {"said", or_null(s.said)},
        {"evidence", values_json(s.evidence)}};
}

json run_json(const compared_run& run) { return {{"account", or_null(run.account)}, {"started_at", run.started_at}}; }

}  // namespace

std::string step_name(std::string_view node, std::string_view subject) {
    const auto* known = chart::find(node);
    return fmt::format("{} ({}{}{})", known ? known->title : node, node, subject.empty() ? "" : " ", subject);
}

std::string way_text(const std::string& way, const std::string& said) {
    if (way.empty()) return "there was no such step";
    return way + (said.empty() ? "" : ": " + said);
}

std::string short_way(const std::string& way) { return way.empty() ? "not there" : way; }

std::string to_text(const comparison& c, const text_style& style) {
    if (c.same()) return fmt::format("{}\n", nothing_changed);
    auto out = headed(result_heading, values_text(c.verdict, "  ", style));
    if (!c.steps.empty()) out += headed(first_heading, step_text(c.steps[0], style));
    out += headed(steps_heading, steps_text(c, style));
    out += headed(settings_heading, values_text(c.settings, "  ", style));
    std::string slower;
    for (const auto& t : c.times)
        slower += bullet(
            fmt::format(
                "{}: {}, was {}", step_name(t.node, t.subject), duration_text(t.after_ms), duration_text(t.before_ms)),
            "  ", style);
    return out + headed(slower_heading, slower);
}

std::string to_json(const comparison& c) {
    auto steps = json::array(), times = json::array();
    for (const auto& s : c.steps) steps.push_back(step_json(s));
    for (const auto& t : c.times)
        times.push_back(
            {{"node", t.node}, {"subject", or_null(t.subject)}, {"before_ms", t.before_ms}, {"after_ms", t.after_ms}});
    const json out{
        {"format", "ucsignin-comparison/1"},
        {"runs", {{"before", run_json(c.run_before)}, {"after", run_json(c.run_after)}}},
        {"same", c.same()},
        {"likely_reason", c.steps.empty() ? json() : step_json(c.steps.front())},
        {"verdict", values_json(c.verdict)},
        {"settings", values_json(c.settings)},
        {"steps", std::move(steps)},
        {"times", std::move(times)}};
    return trace::visible_json(out.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace ucsignin::report
