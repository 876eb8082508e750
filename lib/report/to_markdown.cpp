// The report for a ticket: the answer, and folded below it what it rests on. It never gets longer than a ticket takes:
// the longer texts are cut, and of each list the first items stand there that there is room for.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "report/answer.hpp"
#include "report/layout.hpp"
#include "report/markdown_text.hpp"
#include "report/shown.hpp"
#include "report/stages.hpp"

namespace ucsignin::report {
namespace {

constexpr std::size_t most_of_answer = 40'000, most_of_all = 60'000, longest_text = 2'000;
// What ends a list, and a fold.
constexpr std::size_t most_of_ending = 120;

std::string shortened(std::string_view text) {
    auto end = std::min(text.size(), longest_text);
    while (end < text.size() && end > 0 && (text[end] & 0xc0) == 0x80) --end;  // within a character
    return std::string(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

std::string line(std::string_view text) { return markdown_text(shortened(text)); }

std::string item(std::string_view text) { return "- " + line(text) + "\n"; }

// What was written so far, and how much more it may become.
class page {
public:
    explicit page(std::size_t most) : most_(most) {}
    void allow(std::size_t most) { most_ = most; }
    // False when there is no room for it beside the ending of what it stands in.
    bool add(std::string_view text) {
        if (text_.size() + text.size() + most_of_ending > most_) return false;
        text_ += text;
        return true;
    }
    void end(std::string_view text) { text_ += text; }
    void list(std::string_view heading, const std::vector<std::string>& items);
    void fold(std::string_view summary, const std::vector<std::string>& items);
    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    void items(const std::vector<std::string>& all);
    std::size_t most_;
    std::string text_;
};

void page::items(const std::vector<std::string>& all) {
    std::size_t written = 0;
    while (written < all.size() && add(all[written])) ++written;
    if (written < all.size())
        end(fmt::format("- {} more are left out here: see the JSON report\n", all.size() - written));
}

void page::list(std::string_view heading, const std::vector<std::string>& all) {
    if (all.empty() || !add(fmt::format("\n{}:\n\n", heading))) return;
    items(all);
}

void page::fold(std::string_view summary, const std::vector<std::string>& all) {
    if (all.empty() || !add(fmt::format("\n<details>\n<summary>{}</summary>\n\n", summary))) return;
    items(all);
    end("\n</details>\n");
}

template <class Values, class Text>
std::vector<std::string> items_of(const Values& values, Text text) {
    std::vector<std::string> all;
    for (const auto& value : values) all.push_back(item(text(value)));
    return all;
}

std::string remedy_item(const diagnosis::remedy& r) {
    return item(remedy_text(r)) + (r.check.empty() ? "" : "\n" + code_block(shortened(r.check), "  "));
}

bool write(page& to, const explained& e, std::string_view label) {
    if (!to.add(fmt::format("\n### {}: {}\n\n", label, line(e.title)))) return false;
    if (!e.explanation.empty()) to.add(line(e.explanation) + "\n\n");
    to.add(line(name_text(e)) + "\n");
    to.list(known_by_heading, items_of(known_by(e), [](const auto& text) { return text; }));
    to.list(settled_by_heading, items_of(e.open, question_text));
    std::vector<std::string> remedies;
    for (const auto& r : e.remedies) remedies.push_back(remedy_item(r));
    to.list(remedies_heading, remedies);
    return true;
}

void write(page& to, const std::vector<explained>& all) {
    std::size_t written = 0;
    while (written < all.size() && write(to, all[written], cause_label(written, all.size()))) ++written;
    if (written < all.size())
        to.end(fmt::format("\n{} more are left out here: see the JSON report\n", all.size() - written));
}

void write(page& to, const unexplained_stop& stop) {
    for (const auto& text : seen_at(stop)) to.add("\n" + line(text) + "\n");
    to.list(shown_by_heading, items_of(stop.open, question_text));
}

void write(page& to, const answer& a) {
    to.add(fmt::format("**{}**\n", line(a.headline)));
    for (const auto* text : {&a.cut_short, &a.fault, &a.counted})
        if (!text->empty()) to.add("\n" + line(*text) + "\n");
    if (a.unexplained) write(to, *a.unexplained);
    write(to, a.causes);
    write(to, a.losses);
}

std::vector<std::string> stage_items(const report& r) {
    const auto stages = summarize_stages(r);
    return items_of(stages, [&](const stage_summary& s) {
        const bool ran = s.outcome != trace::outcome::not_run;
        return fmt::format(
            "{} {}: {}{}; {}", s.stage, s.id, outcome_text(s.outcome), ran ? ", " + duration_text(s.duration_ms) : "",
            fact_text(r, s));
    });
}

std::string step_text(const trace::span& s) {
    return fmt::format(
        "{} {}{}{}: {}: {}", clock_text(s.start_ms + s.duration_ms), s.node, s.subject.empty() ? "" : " ", s.subject,
        outcome_text(s.outcome), s.summary);
}

// Those that ran, in their order, and why the others did not.
std::vector<std::string> step_items(const report& r) {
    std::vector<std::string> all;
    std::map<trace::not_run_reason, std::string> others;
    for (const auto& s : r.trace.spans)
        if (s.outcome != trace::outcome::not_run) all.push_back(item(step_text(s)));
        else others[s.reason] += " " + s.node;
    for (const auto& [reason, nodes] : others) all.push_back(item(fmt::format("{}:{}", to_string(reason), nodes)));
    return all;
}

std::vector<std::string> run_items(const report& r) {
    auto all = std::vector{
        item(fmt::format("{} {} ({}), {}", r.tool_name, r.tool_version, r.tool_commit, r.platform)),
        item(fmt::format("{}, {}, {}", r.trace.started_at, duration_text(r.trace.duration_ms), r.mode)),
        item("run " + r.run_id)};
    for (const auto& [option, value] : r.options) all.push_back(item(fmt::format("--{} {}", option, value)));
    return all;
}

}  // namespace

std::string to_markdown(const report& as_read) {
    const auto r = shown(as_read);
    page out(most_of_answer);
    write(out, answer_of(r));
    out.allow(most_of_all);
    out.fold(further_heading, items_of(further_findings(r, true), [](const auto& text) { return text; }));
    out.fold("Stages", stage_items(r));
    out.fold("Steps", step_items(r));
    out.fold("This run", run_items(r));
    return std::move(out).take();
}

}  // namespace ucsignin::report
