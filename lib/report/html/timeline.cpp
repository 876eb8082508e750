#include "report/html/timeline.hpp"

#include <algorithm>
#include <cmath>

namespace ucsignin::report::html {
namespace {

// Ends of what this step waited for: until then it could not go on.
double answers_there(const material& m, const trace::span& s) {
    double latest = s.start_ms;
    for (const auto& id : s.waited_for)
        if (const auto at = m.place(id)) latest = std::max(latest, end_of(m.span(*at)));
    return std::min(latest, end_of(s));
}

// From a message to the answer to it; several may be under way at once. A TCP connection shows no messages of its own.
std::vector<part> on_the_wire(const material& m, std::size_t at, double from) {
    const auto& s = m.span(at);
    std::vector<part> all;
    double since = from;
    int under_way = s.is_at("connection.tcp") ? 1 : 0;
    for (const auto i : m.messages_of[at]) {
        const auto& said = m.r.trace.messages[i];
        if (said.direction == trace::direction::sent) {
            if (under_way++ == 0) since = said.time_ms;
        } else if (under_way > 0 && --under_way == 0) {
            all.push_back({time_went::wire, since, said.time_ms});
        }
    }
    if (under_way > 0) all.push_back({time_went::wire, since, end_of(s)});
    return all;
}

}  // namespace

std::vector<part> parts_of(const material& m, std::size_t at) {
    const auto& s = m.span(at);
    std::vector<part> all;
    double reached = s.start_ms;
    const auto go_to = [&](time_went into, double end) {
        const double to = std::clamp(end, reached, std::max(reached, end_of(s)));
        if (to > reached) all.push_back({into, reached, to});
        reached = to;
    };
    go_to(time_went::step, answers_there(m, s));
    for (const auto& wait : on_the_wire(m, at, reached)) {
        go_to(time_went::work, wait.start_ms);
        go_to(time_went::wire, wait.end_ms);
    }
    go_to(time_went::work, end_of(s));
    return all;
}

double axis_step(double end_ms) {
    const double least = std::isfinite(end_ms) && end_ms > 4 ? end_ms / 4 : 1;
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double round : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5})
        if (round * power >= least) return round * power;
    return 10 * power;
}

}  // namespace ucsignin::report::html
