// The answer as the last block of the terminal report.
#include <algorithm>
#include <fmt/format.h>

#include "report/answer.hpp"
#include "report/layout.hpp"

namespace ucsignin::report {
namespace {

std::string bullet(std::string_view text, const text_style& style) {
    return wrapped(text, "    - ", "      ", style.columns);
}

std::string evidence_text(const explained& e, const text_style& style) {
    std::string out;
    for (const auto& line : known_by(e)) out += bullet(line, style);
    return out.empty() ? out : fmt::format("  {}:\n{}", known_by_heading, out);
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

std::string remedies_text(const explained& e, const text_style& style) {
    std::string out;
    for (const auto& r : e.remedies) out += bullet(remedy_text(r), style) + check_text(r.check);
    return out.empty() ? out : fmt::format("  {}:\n{}", remedies_heading, out);
}

// What nobody has looked at yet, and would decide.
std::string open_text(
    std::string_view heading, const std::vector<diagnosis::open_question>& open, const text_style& style) {
    std::string out;
    for (const auto& q : open) out += bullet(question_text(q), style);
    return out.empty() ? out : fmt::format("  {}:\n{}", heading, out);
}

std::string explained_text(const std::vector<explained>& all, const text_style& style) {
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i) out += to_text(all[i], cause_label(i, all.size()), style);
    return out;
}

std::string unexplained_text(const unexplained_stop& stop, const text_style& style) {
    std::string out;
    for (const auto& line : seen_at(stop)) out += wrapped(line, "  ", "    ", style.columns);
    out += open_text(shown_by_heading, stop.open, style);
    return out + wrapped(all_is_in_json, "  ", "    ", style.columns);
}

}  // namespace

std::string certainty_text(diagnosis::certainty c) {
    switch (c) {
        case diagnosis::certainty::certain: return "certain";
        case diagnosis::certainty::likely: return "likely, not proven";
        case diagnosis::certainty::possible: return "possible; see what speaks for and against it";
    }
    return {};
}

std::string name_text(const explained& e) {
    return fmt::format("{}, {}{}", e.id, certainty_text(e.certainty), e.ignored ? "; ignored, as asked" : "");
}

std::vector<std::string> seen_at(const unexplained_stop& stop) {
    std::vector<std::string> lines{fmt::format("Stopped at \"{}\" ({}); no rule explains it.", stop.title, stop.node)};
    if (!stop.seen.empty()) lines.push_back("What was seen: " + stop.seen);
    return lines;
}

std::vector<std::string> known_by(const explained& e) {
    std::vector<std::string> lines;
    for (const auto& s : e.evidence) lines.push_back(fmt::format("{} ({})", s.text, clock_text(s.at_ms)));
    if (!e.decided_by.empty() && !e.certain_because.empty())
        lines.push_back(fmt::format("certain by {}: {}", e.decided_by, e.certain_because));
    for (const auto& not_it : e.ruled_out) lines.push_back(fmt::format("it is not {}: {}", not_it.id, not_it.by));
    return lines;
}

std::string question_text(const diagnosis::open_question& q) { return fmt::format("{}: {}", q.observation, q.why); }

std::string remedy_text(const diagnosis::remedy& r) {
    return fmt::format("{}: {}", r.who.empty() ? "Anybody" : r.who, r.text);
}

std::string cause_label(std::size_t place, std::size_t count) {
    return count == 1 ? "Cause" : fmt::format("Cause {} of {}", place + 1, count);
}

std::string to_text(const explained& e, std::string_view label, const text_style& style) {
    auto title = wrapped(fmt::format("{}: {}", label, e.title), "  ", "    ", style.columns);
    auto out = coloured(title.substr(0, title.size() - 1), trace::outcome::failed, style) + "\n";
    out += wrapped(e.explanation, "    ", "    ", style.columns);
    out += wrapped("(" + name_text(e) + ")", "    ", "    ", style.columns);
    return out + evidence_text(e, style) + open_text(settled_by_heading, e.open, style) + remedies_text(e, style);
}

std::string to_text(const answer& a, const text_style& style) {
    const auto first = wrapped(a.headline, "", "", style.columns);
    auto out = bold(first.substr(0, first.size() - 1), style) + "\n";
    for (const auto* line : {&a.cut_short, &a.fault, &a.counted}) out += wrapped(*line, "  ", "  ", style.columns);
    if (a.unexplained) out += unexplained_text(*a.unexplained, style);
    return out + explained_text(a.causes, style) + explained_text(a.losses, style);
}

}  // namespace ucsignin::report
