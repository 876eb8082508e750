// Parses Date headers and judges them together: one server that disagrees has a wrong clock, when all disagree it is
// this PC's. Transmission time and whole seconds bound how exact that is.
#include "signin/base/clock_watch.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <fmt/format.h>

#include "signin/base/context.hpp"
#include "signin/base/notes.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin {
namespace {

constexpr double a_moment_s = 30;  // an answer no older than that is as good as new
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

// Caches do not keep their answers for the same time: dates that differ are no clock's.
clock_verdict judge_kept(const std::vector<dated_answer>& seen) {
    const auto [least, most] = std::ranges::minmax(seen, {}, &dated_answer::skew_s);
    if (most.skew_s - least.skew_s > harmless_s || std::abs(most.skew_s) - most.error_s <= fatal_s)
        return {"unknown", trace::outcome::unknown, "only answers that a cache may have kept told a time"};
    return {
        "wrong_here", trace::outcome::warning,
        fmt::format(
            "this PC's clock is {} {}, unless a cache had kept that answer", in_words(most.skew_s), most.source)};
}

}  // namespace

std::vector<dated_answer> clock_witnesses(const std::vector<dated_answer>& seen) {
    if (std::ranges::all_of(seen, &dated_answer::kept)) return seen;
    const auto borne_out = [&](const dated_answer& one) {
        return std::ranges::any_of(seen, [&](const dated_answer& other) {
            const auto apart = std::abs(one.skew_s - other.skew_s) - one.error_s - other.error_s;
            return !other.kept && apart <= harmless_s;
        });
    };
    std::vector<dated_answer> heard;
    std::ranges::copy_if(
        seen, std::back_inserter(heard), [&](const dated_answer& one) { return !one.kept || borne_out(one); });
    return heard;
}

clock_verdict judge_clock(const std::vector<dated_answer>& seen) {
    if (seen.empty()) return {"unknown", trace::outcome::unknown, "no server sent its time"};
    if (std::ranges::all_of(seen, &dated_answer::kept)) return judge_kept(seen);
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

void clock_watch::observe(
    const std::string& source, std::string_view date, double sent, double received, answer_age age) {
    const auto theirs = trace::parse_http_date(date);
    if (!theirs) return;
    // The header has whole seconds, cut off: on average the server's clock stood half a second later.
    dated_answer now{source, static_cast<double>(*theirs) + 0.5 - (sent + received) / 2, (received - sent) / 2 + 0.5};
    now.kept = age == answer_age::any && now.skew_s + now.error_s < -a_moment_s;
    const auto known = std::ranges::find(seen_, source, &dated_answer::source);
    // The later of two dates is nearer to what the clock of their host shows.
    if (known != seen_.end() && (!known->kept || (now.kept && now.skew_s <= known->skew_s))) return;
    if (known == seen_.end()) seen_.push_back(std::move(now));
    else *known = std::move(now);
    decided_ = false;
}

void clock_watch::decide(trace::recorder& trace, double now) {
    if (decided_) return;
    decided_ = true;
    const auto heard = clock_witnesses(seen_);
    auto span = trace.open<"devices.clock">();
    span.note(ev::clock_utc, trace::iso_time(static_cast<std::int64_t>(now)));
    for (const auto& s : heard) {
        span.note(ev::clock_source, s.source).note(ev::clock_skew, s.skew_s).note(ev::clock_error, s.error_s);
        if (s.kept) span.note(ev::clock_kept, true);
    }
    const auto verdict = judge_clock(heard);
    span.finish(verdict.branch, verdict.outcome, verdict.summary);
}

}  // namespace ucsignin::signin
