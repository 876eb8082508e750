// Explains choices that the system made (route, default devices) by the facts that are known, and those that are ours.
#include "signin/devices/choices.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "net/resolver.hpp"
#include "signin/base/decision.hpp"

namespace ucsignin::signin::devices {
namespace {

using word = trace::verdict;

void add_audio(std::vector<trace::considered>& options, const host::audio& heard, side which) {
    const auto& chosen = of(heard, which).default_device;
    bool taken = false;  // of several with one name, the first
    for (const auto& device : heard.devices) {
        if (!(which == side::speaker ? device.is_output : device.is_input)) continue;
        if (!taken && !chosen.empty() && device.name == chosen) {
            options.push_back({device.name, word::chosen, "this PC's default"});
            taken = true;
        } else {
            options.push_back(
                {device.name, word::passed_over,
                 chosen.empty() ? "this PC names no default" : "another one is this PC's default"});
        }
    }
}

bool has_family(const host::adapter& a, bool v4) {
    return std::ranges::any_of(a.addresses, [v4](const auto& one) { return one.ip.is_v4() == v4; });
}

// Why packets to the target don't leave by this adapter.
std::string why_not_by(const host::adapter& a, const host::adapter* taken, bool v4) {
    if (!a.rejected.empty()) return a.rejected;
    const auto leads = [v4](const host::adapter& one) { return v4 ? one.default_route_v4 : one.default_route_v6; };
    const auto metric = [v4](const host::adapter& one) { return v4 ? one.metric_v4 : one.metric_v6; };
    if (!leads(a)) return "none of its routes leads there";
    if (!taken) return "its routes don't lead there either";
    if (!leads(*taken)) return "the one that is taken has a route of its own to this target";
    if (metric(a) > metric(*taken))
        return fmt::format("its default route has metric {}, the one that is taken {}", metric(a), metric(*taken));
    if (metric(a) == metric(*taken)) return "its default route is just as good, and comes later";
    return "a more specific route leads through another adapter";
}

std::string why_by(const host::route& r) {
    if (r.tunnel) return "the system's route leads into this tunnel";
    return r.gateway.empty() ? "the target is on its own network"
                             : "the system's route leads there through " + r.gateway;
}

std::string in_words(const resolver_seen& s) {
    return (s.answered ? "it answers, but without records: " : "it does not answer: ") + s.state;
}

}  // namespace

trace::decision choose_adapters(std::span<const host::adapter> adapters, std::span<const net::ip_address> targets) {
    std::vector<trace::considered> options;
    for (const auto& a : adapters) {
        const auto why = host::why_rejected(a, targets);
        if (why.empty()) options.push_back({a.name, word::chosen, "up, with an address and a way out"});
        else options.push_back({a.name, word::passed_over, why});
    }
    return decided("Which adapters can carry the sign-in?", std::move(options));
}

trace::decision choose_video(const host::cameras& seen) {
    std::vector<trace::considered> options;
    for (const auto& name : seen.names) {
        if (options.empty()) options.push_back({name, word::chosen, "the first that this PC lists"});
        else options.push_back({name, word::passed_over, "another one is listed first"});
    }
    return decided("Which camera is the default?", std::move(options));
}

trace::decision choose_default(const host::audio& heard, side which) {
    std::vector<trace::considered> options;
    add_audio(options, heard, which);
    return decided(
        which == side::speaker ? "Which speaker is the default?" : "Which microphone is the default?",
        std::move(options));
}

trace::decision choose_defaults(const host::audio& heard) {
    std::vector<trace::considered> speakers, all;
    add_audio(speakers, heard, side::speaker);
    add_audio(all, heard, side::microphone);
    if (speakers.size() < 2 && all.size() < 2) return {};
    all.insert(all.begin(), speakers.begin(), speakers.end());
    return decided("Which devices does a call use?", std::move(all));
}

trace::decision choose_route(std::span<const way> ways, std::span<const host::adapter> adapters) {
    const auto taken = std::ranges::find_if(ways, [](const way& w) { return w.route.found; });
    const auto by = taken == ways.end() ? adapters.end()
                                        : std::ranges::find(adapters, taken->route.adapter, &host::adapter::name);
    const bool v4 = ways.front().target.is_v4();
    std::vector<trace::considered> options;
    for (auto a = adapters.begin(); a != adapters.end(); ++a) {
        if (a == by) options.push_back({a->name, word::chosen, why_by(taken->route)});
        else if (a->up && has_family(*a, v4))
            options.push_back({a->name, word::passed_over, why_not_by(*a, by == adapters.end() ? nullptr : &*by, v4)});
    }
    return decided("Through which adapter do packets leave?", std::move(options));
}

trace::decision choose_resolver(std::span<const resolver_seen> seen) {
    // Who refuses has answered, but the question goes on to the next.
    const auto helps = [](const resolver_seen& s) {
        using enum net::answer_state;
        const auto is = [&](net::answer_state one) { return s.state == net::to_string(one); };
        return s.answered && (is(records) || is(no_data) || is(nxdomain));
    };
    const auto first = std::ranges::find_if(seen, helps);
    std::vector<trace::considered> options;
    for (auto s = seen.begin(); s != seen.end(); ++s) {
        if (!helps(*s)) options.push_back({s->address, word::failed, in_words(*s)});
        else if (s == first)
            options.push_back(
                {s->address, word::chosen,
                 fmt::format(
                     "{}, it answers in {:.0f} ms",
                     s == seen.begin() ? "the first in the system's order" : "those before it cannot be used",
                     s->latency_ms)});
        else
            options.push_back(
                {s->address, word::passed_over,
                 fmt::format("it answers in {:.0f} ms, but another comes first", s->latency_ms)});
    }
    return decided("Which resolver is used?", std::move(options));
}

}  // namespace ucsignin::signin::devices
