// Turns the result of a race into a decision: every address with what became of it, so that a report shows why one was
// used and that the others were not overlooked.
#include "signin/base/address_choice.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/decision.hpp"

namespace ucsignin::signin {
namespace {

using trace::verdict;

std::string later(double ms) { return ms < 1 ? "" : fmt::format(", begun {:.0f} ms after the first", ms); }

// An attempt that has not ended is held for cancelled.
bool is_open(const attempt& a) { return a.failed && a.failed->what == net::fault::cancelled; }

double connected_at(const attempt& a) { return a.begun_after_ms.value_or(0) + a.connect_ms; }

trace::considered judge(const attempt& a, const attempt* winner) {
    const auto name = net::to_string(a.target.meant);
    if (&a == winner)
        return {
            name, verdict::chosen,
            fmt::format("connected first, in {:.0f} ms", a.connect_ms) + later(a.begun_after_ms.value_or(0))};
    if (!a.failed)
        return {
            name, verdict::passed_over,
            winner ? fmt::format("connected {:.0f} ms later", connected_at(a) - connected_at(*winner))
                   : "connected too late"};
    if (!is_open(a)) return {name, verdict::failed, a.failed->detail + later(a.begun_after_ms.value_or(0))};
    if (!a.begun_after_ms || (winner && *a.begun_after_ms >= connected_at(*winner)))
        return {name, verdict::not_tried, "another address had connected before its turn"};
    return {name, verdict::passed_over, "had not connected when another did" + later(*a.begun_after_ms)};
}

std::string name_of(const net::host_port& proxy) {
    return proxy.host.empty() ? std::string("direct") : "proxy " + net::to_string(proxy);
}

}  // namespace

trace::decision decide_address(const dialed& d) {
    const auto connected = [](const attempt& a) { return !a.failed; };
    const attempt* winner = nullptr;
    for (const auto& a : d.attempts)
        if (connected(a) && (!winner || connected_at(a) < connected_at(*winner))) winner = &a;
    std::vector<trace::considered> options;
    for (const auto& a : d.attempts) options.push_back(judge(a, winner));
    if (d.left_out > 0)
        options.push_back(
            {fmt::format("{} more addresses", d.left_out), verdict::not_tried,
             "more than ucsignin tries for one server"});
    return decided(
        d.proxy ? "Which address of the proxy is taken?" : "Which address of the server is taken?", std::move(options));
}

trace::decision decide_way(std::span<const way_tried> ways) {
    std::vector<trace::considered> options;
    bool chosen = false;
    for (const auto& w : ways) {
        if (w.failed) options.push_back({name_of(w.proxy), verdict::failed, w.failed->detail});
        else if (chosen || !w.tried)
            options.push_back({name_of(w.proxy), verdict::not_tried, "one before it answered"});
        else {
            options.push_back(
                {name_of(w.proxy), verdict::chosen,
                 options.empty() ? "the first that is named, and it answered" : "those before it are dead"});
            chosen = true;
        }
    }
    return decided("How is the server reached?", std::move(options));
}

trace::decision decide_dial(const dialed& d) { return d.ways.size() > 1 ? decide_way(d.ways) : decide_address(d); }

}  // namespace ucsignin::signin
