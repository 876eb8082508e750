// The answer as the last block of the terminal report.
#include <algorithm>
#include <fmt/format.h>

#include "report/answer.hpp"
#include "report/layout.hpp"

namespace ucsignin::report {
namespace {

std::string certainty_text(diagnosis::certainty c) {
    switch (c) {
        case diagnosis::certainty::certain: return "certain";
        case diagnosis::certainty::likely: return "likely, not proven";
        case diagnosis::certainty::possible: return "possible; see what speaks for and against it";
    }
    return {};
}

std::string evidence_text(const explained& e, const text_style& style) {
    std::string out;
    for (const auto& s : e.evidence)
        out += wrapped(fmt::format("{} ({})", s.text, clock_text(s.at_ms)), "    - ", "      ", style.columns);
    if (!e.decided_by.empty() && !e.certain_because.empty())
        out += wrapped(
            fmt::format("certain by {}: {}", e.decided_by, e.certain_because), "    - ", "      ", style.columns);
    for (const auto& not_it : e.ruled_out)
        out += wrapped(fmt::format("it is not {}: {}", not_it.id, not_it.by), "    - ", "      ", style.columns);
    return out.empty() ? out : "  How we know:\n" + out;
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
    for (const auto& r : e.remedies) {
        out += wrapped(
            fmt::format("{}: {}", r.who.empty() ? "Anybody" : r.who, r.text), "    - ", "      ", style.columns);
        out += check_text(r.check);
    }
    return out.empty() ? out : "  What to do:\n" + out;
}

// What nobody has looked at yet, and would decide.
std::string open_text(
    std::string_view heading, const std::vector<diagnosis::open_question>& open, const text_style& style) {
    std::string out;
    for (const auto& q : open)
        out += wrapped(fmt::format("{}: {}", q.observation, q.why), "    - ", "      ", style.columns);
    return out.empty() ? out : fmt::format("  {}:\n{}", heading, out);
}

std::string explained_text(const explained& e, std::string_view label, const text_style& style) {
    auto title = wrapped(fmt::format("{}: {}", label, e.title), "  ", "    ", style.columns);
    auto out = coloured(title.substr(0, title.size() - 1), trace::outcome::failed, style) + "\n";
    out += wrapped(e.explanation, "    ", "    ", style.columns);
    out += wrapped(fmt::format("({}, {})", e.id, certainty_text(e.certainty)), "    ", "    ", style.columns);
    return out + evidence_text(e, style) + open_text("What would settle it", e.open, style) + remedies_text(e, style);
}

std::string explained_text(const std::vector<explained>& all, const text_style& style) {
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i)
        out += explained_text(
            all[i], all.size() == 1 ? "Cause" : fmt::format("Cause {} of {}", i + 1, all.size()), style);
    return out;
}

std::string unexplained_text(const unexplained_stop& stop, const text_style& style) {
    auto out = wrapped(
        fmt::format("Stopped at \"{}\" ({}); no rule explains it.", stop.title, stop.node), "  ", "    ",
        style.columns);
    if (!stop.seen.empty()) out += wrapped("What was seen: " + stop.seen, "  ", "    ", style.columns);
    out += open_text("What would show more", stop.open, style);
    return out + wrapped("The JSON report (--json FILE) holds all that was seen.", "  ", "    ", style.columns);
}

}  // namespace

std::string to_text(const answer& a, const text_style& style) {
    const auto first = wrapped(a.headline, "", "", style.columns);
    auto out = bold(first.substr(0, first.size() - 1), style) + "\n";
    out += wrapped(a.cut_short, "  ", "  ", style.columns) + wrapped(a.fault, "  ", "  ", style.columns);
    if (a.unexplained) out += unexplained_text(*a.unexplained, style);
    return out + explained_text(a.causes, style) + explained_text(a.losses, style);
}

}  // namespace ucsignin::report
