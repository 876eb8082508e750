// The clock, before any verdict on certificates, tickets or passwords.
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

bool harmful(const dated_source& s) { return std::llabs(s.skew_s) > harmful_skew_s; }

std::string amount(std::int64_t seconds) {
    const auto minutes = (std::llabs(seconds) + 30) / 60;  // Date headers are good for a second or two
    if (minutes >= 2 * 1440) return fmt::format("{} days", minutes / 1440);
    if (minutes >= 2 * 60) return fmt::format("{} hours", minutes / 60);
    return fmt::format("{} minutes", minutes);
}

// Caches do not keep their answers for the same time, so a difference that several share is a clock's. What a single
// kept answer says may as well be its age.
certainty weight_of(const std::vector<dated_source>& clocks) {
    return clocks.size() == 1 && clocks.front().kept ? certainty::possible : certainty::likely;
}

bool ages_of_caches(const std::vector<dated_source>& clocks) {
    constexpr std::int64_t alike_s = 60;
    const auto [least, most] = std::ranges::minmax(clocks, {}, &dated_source::skew_s);
    return std::ranges::all_of(clocks, &dated_source::kept) && most.skew_s - least.skew_s > alike_s;
}

// Every server disagrees with us in the same direction: it is our clock.
maybe wrong_here(const case_view& view) {
    if (view.clocks.empty() || !std::ranges::all_of(view.clocks, harmful) || ages_of_caches(view.clocks)) return {};
    const auto& first = view.clocks.front();
    const bool agree = std::ranges::all_of(
        view.clocks, [&](const dated_source& s) { return (s.skew_s > 0) == (first.skew_s > 0); });
    if (!agree) return {};
    draft found(view, "local-clock-skew");
    found.seen(*view.trace.latest("devices.clock")).about("this PC").with("host", first.host);
    found.as(weight_of(view.clocks));
    found.title(fmt::format("The clock of this PC is {} {}", amount(first.skew_s), first.skew_s > 0 ? "slow" : "fast"));
    std::vector<std::string> told;
    for (const auto& s : view.clocks) told.push_back(fmt::format("{} by {:+} s", s.host, s.skew_s));
    found.known_by(fmt::format("Servers' dates compared with this PC: {}.", fmt::join(told, ", ")));
    if (std::ranges::all_of(view.clocks, &dated_source::kept))
        found.known_by("A cache may have kept what they answered; then the date tells its age.");
    if (view.clocks.size() > 1) found.not_because("server-clock-skew", "all servers agree with one another");
    return found.done();
}

maybe wrong_at_server(const case_view& view) {
    const auto off = std::ranges::find_if(view.clocks, [](const dated_source& s) { return harmful(s) && !s.kept; });
    if (off == view.clocks.end() || std::ranges::all_of(view.clocks, harmful)) return {};
    const auto right = std::ranges::find_if_not(view.clocks, harmful);
    draft found(view, "server-clock-skew");
    found.seen(*view.trace.latest("devices.clock")).about(off->host).with("server", off->host);
    found.title(
        fmt::format("The clock of {} is {} {}", off->host, amount(off->skew_s), off->skew_s > 0 ? "fast" : "slow"));
    found.known_by(fmt::format(
        "It differs from this PC by {:+} s, while {} agrees with this PC within {} s.", off->skew_s, right->host,
        std::llabs(right->skew_s)));
    found.not_because("local-clock-skew", fmt::format("{} agrees with this PC", right->host));
    return found.weigh(severity::warning).done();
}

constexpr auto clock_rule_table = std::to_array<case_rule>({wrong_here, wrong_at_server});

}  // namespace

std::span<const case_rule> clock_rules() { return clock_rule_table; }

}  // namespace ucsignin::diagnosis
