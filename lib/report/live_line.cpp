// One line for each decision while the sign-in runs.

#include <fmt/format.h>

#include "report/layout.hpp"
#include "trace/visible.hpp"

namespace ucsignin::report {
namespace {

std::string_view stage_name(int stage) { return stage >= 1 && stage <= 5 ? chart::stage_name(stage) : "?"; }

bool is_plain(const trace::span& s) { return s.outcome == trace::outcome::ok || s.outcome == trace::outcome::expected; }

// The outcome is said only where it is no plain success.
std::string what_of(const trace::span& s) {
    const auto what = fact_text(s);
    if (is_plain(s)) return what;
    return fmt::format("{}: {}", outcome_text(s.outcome), what);
}

// The policies come in one answer, thirteen at once: of interest is which one is odd.
bool is_one_of_many(const trace::span& s) { return s.node.starts_with("provisioning.server_configuration."); }

}  // namespace

std::string live_line(const trace::span& s, const text_style& style) {
    if (!style.verbose && (s.outcome == trace::outcome::not_run || (is_one_of_many(s) && is_plain(s)))) return {};
    const auto head = fmt::format(
        "{:<17} {:>9}  ", fmt::format("[{} {}]", s.stage, stage_name(s.stage)), clock_text(s.start_ms + s.duration_ms));
    const auto whole = trace::visible(what_of(s));
    const auto room = static_cast<std::size_t>(std::max(style.columns, 40)) - width(head);
    const auto what = style.verbose || !style.cut_lines ? whole : cut(whole, room);
    return head + (is_plain(s) ? what : coloured(what, s.outcome, style));
}

}  // namespace ucsignin::report
