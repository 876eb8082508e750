// Parses Date headers and judges them together: one server that disagrees has a wrong clock, when all disagree it is
// this PC's. Transmission time and whole seconds bound how exact that is.
#include "signin/base/clock_watch.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <fmt/format.h>

#include "signin/base/context.hpp"
#include "signin/base/notes.hpp"

namespace ucsignin::signin {
namespace {

constexpr double harmless_s = 60;  // below: nobody notices
constexpr double fatal_s = 300;    // beyond: Kerberos and web tickets fail (catalogue, rule 1)

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

double largest(const std::vector<dated_answer>& seen) {
    double most = 0;
    for (const auto& s : seen)
        if (std::abs(s.skew_s) > std::abs(most)) most = s.skew_s;
    return most;
}

std::string in_words(double skew) {
    const auto amount = std::abs(skew) >= 120 ? fmt::format("{:.0f} minutes", std::abs(skew) / 60)
                                              : fmt::format("{:.0f} s", std::abs(skew));
    return amount + (skew > 0 ? " behind" : " ahead of");
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT") return std::nullopt;
    const auto month = std::ranges::find(months, text.substr(8, 3));
    const auto day = number(text.substr(5, 2)), year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)),
               second = number(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60 || *hour < 0 || *minute < 0 || *second < 0)
        return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return std::int64_t{days} * 86400 + *hour * 3600 + *minute * 60 + *second;
}

clock_verdict judge_clock(const std::vector<dated_answer>& seen) {
    if (seen.empty()) return {"unknown", trace::outcome::unknown, "no server sent its time"};
    const auto off = std::ranges::count_if(
        seen, [](const auto& s) { return std::abs(s.skew_s) - s.error_s > fatal_s; });
    const double most = largest(seen);
    if (off == static_cast<std::ptrdiff_t>(seen.size()))
        return {
            "wrong_here", trace::outcome::failed,
            fmt::format(
                "this PC's clock is {} {} ({})", in_words(most), seen.size() > 1 ? "every server" : "the server",
                seen.front().source)};
    if (off > 0) {
        const auto which = std::ranges::find_if(
            seen, [](const auto& s) { return std::abs(s.skew_s) - s.error_s > fatal_s; });
        return {
            "wrong_at_server", trace::outcome::warning,
            fmt::format("{} is off by {:.0f} s, the others agree with this PC", which->source, which->skew_s)};
    }
    if (std::abs(most) > harmless_s)
        return {
            "drifting", trace::outcome::warning,
            fmt::format("this PC's clock is {} {}", in_words(most), seen.front().source)};
    return {
        "right", trace::outcome::ok,
        fmt::format("agrees with {} within {:.0f} s", seen.front().source, std::abs(most) + 1)};
}

void clock_watch::observe(const std::string& source, std::string_view date, double sent, double received) {
    const auto theirs = parse_http_date(date);
    if (!theirs) return;
    if (std::ranges::any_of(seen_, [&](const auto& s) { return s.source == source; })) return;
    // The header has whole seconds, cut off: on average the server's clock stood half a second later.
    seen_.push_back({source, static_cast<double>(*theirs) + 0.5 - (sent + received) / 2, (received - sent) / 2 + 0.5});
}

void clock_watch::decide(trace::recorder& trace, double now) {
    if (ever_ && decided_ == seen_.size()) return;
    ever_ = true;
    decided_ = seen_.size();
    auto span = trace.open<"devices.clock">();
    span.note(ev::clock_utc, rfc3339(static_cast<std::int64_t>(now)));
    for (const auto& s : seen_) {
        span.note(ev::clock_source, s.source).note(ev::clock_skew, s.skew_s).note(ev::clock_error, s.error_s);
    }
    const auto verdict = judge_clock(seen_);
    span.finish(verdict.branch, verdict.outcome, verdict.summary);
}

}  // namespace ucsignin::signin
