// Parses Date headers and judges them together: one server that disagrees has a wrong clock, when all disagree it is
// this PC's. Transmission time and whole seconds bound how exact that is.
#include "signin/base/clock_watch.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "signin/base/context.hpp"
#include "signin/base/notes.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin {
namespace {

constexpr double harmless_s = 60;  // below: nobody notices
constexpr double fatal_s = 300;    // beyond: Kerberos and web tickets fail (catalogue, rule 1)

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
    const auto theirs = trace::parse_http_date(date);
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
    span.note(ev::clock_utc, trace::iso_time(static_cast<std::int64_t>(now)));
    for (const auto& s : seen_) {
        span.note(ev::clock_source, s.source).note(ev::clock_skew, s.skew_s).note(ev::clock_error, s.error_s);
    }
    const auto verdict = judge_clock(seen_);
    span.finish(verdict.branch, verdict.outcome, verdict.summary);
}

}  // namespace ucsignin::signin
