// Builds decisions and keeps their number of options within a bound, since a server may offer any number.
#include "signin/base/decision.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ucsignin::signin {

trace::decision decided(std::string question, std::vector<trace::considered> options) {
    trace::decision out{std::move(question), std::move(options), {}};
    for (const auto& one : out.considered)
        if (one.verdict == trace::verdict::chosen) out.chosen += (out.chosen.empty() ? "" : ", ") + one.option;
    return out;
}

trace::decision bounded(trace::decision of, std::size_t most) {
    const auto count = of.considered.size();
    if (count <= most) return of;
    const auto taken = [](const trace::considered& c) { return c.verdict == trace::verdict::chosen; };
    // One place is for the words about the rest.
    auto room = most - 1 - std::min(most - 1, static_cast<std::size_t>(std::ranges::count_if(of.considered, taken)));
    std::vector<trace::considered> kept;
    for (auto& one : of.considered) {
        if (kept.size() == most - 1) break;
        if (!taken(one) && room == 0) continue;
        if (!taken(one)) --room;
        kept.push_back(std::move(one));
    }
    kept.push_back(
        {fmt::format("and {} more", count - kept.size()), trace::verdict::passed_over,
         "there are too many to list them all"});
    of.considered = std::move(kept);
    return of;
}

void tell(trace::scope& span, trace::decision of) {
    if (of.considered.size() > 1) span.decide(bounded(std::move(of)));
}

}  // namespace ucsignin::signin
