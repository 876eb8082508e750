// One pure function for each node of stage 1, so that every branch is tested without the device that would show it.
#include "signin/devices/decisions.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

namespace ucsignin::signin::devices {

using host::presence;
using trace::outcome;

verdict judge_camera(const host::cameras& seen) {
    using state = host::cameras::state;
    switch (seen.known) {
        case state::found: return {"found", outcome::ok, seen.names.empty() ? "a camera" : seen.names.front()};
        case state::none: return {"none", outcome::ok, "none found"};
        case state::hidden: return {"hidden", outcome::warning, seen.why};
        case state::unknown: break;
    }
    return {"unknown", outcome::unknown, seen.why};
}

verdict judge_default_video(const host::cameras& seen) {
    if (seen.names.empty()) return {"nothing_to_set", outcome::ok, "no camera to choose"};
    return {"set", outcome::ok, seen.names.front()};
}

const host::audio_side& of(const host::audio& heard, side which) {
    return which == side::speaker ? heard.speaker : heard.microphone;
}

verdict judge_side(const host::audio& heard, side which) {
    const auto& one = of(heard, which);
    const auto name = one.default_device.empty() ? std::string{"found"} : one.default_device;
    switch (one.state) {
        case presence::found:
            if (one.unplugged) return {"found", outcome::warning, name + ", but nothing is plugged in"};
            return {"found", outcome::ok, name};
        case presence::none: return {"none", outcome::ok, "none found"};
        // Speakers can be disabled, microphones denied; what the platform calls the other way round counts as the same.
        case presence::disabled:
            return {
                {which == side::speaker, "disabled", "denied"},
                outcome::warning,
                "there is one, but it is switched off"};
        case presence::denied:
            return {
                {which == side::speaker, "disabled", "denied"},
                outcome::warning,
                "there is one, but this user may not use it"};
        case presence::unknown: break;
    }
    return {"unknown", outcome::unknown, heard.why_unknown};
}

std::optional<verdict> judge_level(const host::audio& heard, side which) {
    const auto& one = of(heard, which);
    if (one.state != presence::found && one.state != presence::unknown) return std::nullopt;
    const auto name = one.default_device.empty() ? std::string{"the default"} : one.default_device;
    switch (host::judge_loudness(one)) {
        case host::loudness::audible:
            return verdict{
                "audible", outcome::ok,
                one.volume_percent ? fmt::format("{} at {} %", name, *one.volume_percent) : name + " is not muted"};
        case host::loudness::muted: return verdict{"muted", outcome::warning, name + " is muted"};
        case host::loudness::at_zero: return verdict{"at_zero", outcome::warning, name + " is at zero"};
        case host::loudness::unknown: break;
    }
    return verdict{
        "unknown", outcome::unknown, heard.why_unknown.empty() ? "the audio system did not say" : heard.why_unknown};
}

std::optional<verdict> judge_defaults(const host::audio& heard) {
    const auto &speaker = heard.speaker, &microphone = heard.microphone;
    if (speaker.state == presence::unknown && microphone.state == presence::unknown) return std::nullopt;
    const bool plays = speaker.state == presence::found, records = microphone.state == presence::found;
    if (plays && records)
        return verdict{"set", outcome::ok, speaker.default_device + " and " + microphone.default_device};
    if (plays || records) return verdict{"partly", outcome::warning, plays ? "no microphone" : "no speaker"};
    return verdict{"none", outcome::ok, "no audio device: calls from this PC are not possible"};
}

namespace {

// Another adapter whose default route the kernel holds to be just as good.
const host::adapter* rival_of(const host::route& taken, bool v4, std::span<const host::adapter> adapters) {
    const auto leads = [v4](const host::adapter& a) { return v4 ? a.default_route_v4 : a.default_route_v6; };
    const auto metric = [v4](const host::adapter& a) { return v4 ? a.metric_v4 : a.metric_v6; };
    const auto own = std::ranges::find(adapters, taken.adapter, &host::adapter::name);
    if (own == adapters.end() || !leads(*own) || taken.gateway.empty()) return nullptr;
    const auto rival = std::ranges::find_if(adapters, [&](const host::adapter& a) {
        return a.name != own->name && a.rejected.empty() && leads(a) && metric(a) == metric(*own);
    });
    return rival == adapters.end() ? nullptr : &*rival;
}

}  // namespace

verdict judge_route(std::span<const way> ways, bool otherwise_reached, std::span<const host::adapter> adapters) {
    const auto taken = std::ranges::find_if(ways, [](const way& w) { return w.route.found; });
    if (taken == ways.end()) {
        const auto& first = ways.front().route;
        const bool forbidden = first.error_code == EACCES || first.error_code == EPERM;
        const auto why = forbidden ? first.error + ": a rule on this PC forbids it" : first.error;
        return {"no_route", otherwise_reached ? outcome::expected : outcome::failed, why};
    }
    const auto& r = taken->route;
    const auto summary = fmt::format("{} through {}, from {}", taken->target.to_string(), r.adapter, r.source_address);
    if (r.tunnel) return {"tunnel_wins", outcome::ok, summary + ", a tunnel"};
    if (const auto* rival = rival_of(r, taken->target.is_v4(), adapters))
        return {"two_compete", outcome::ok, fmt::format("{}; {} would do as well", summary, rival->name)};
    return {"chosen", outcome::ok, summary};
}

verdict judge_resolvers(std::span<const resolver_seen> seen) {
    if (seen.empty()) return {"none", outcome::failed, "no resolver is configured"};
    const auto answered = std::ranges::count_if(seen, &resolver_seen::answered);
    if (answered == 0) return {"none", outcome::failed, "no resolver answers"};
    if (answered < std::ssize(seen))
        return {"some", outcome::warning, fmt::format("{} of {} answer", answered, seen.size())};
    const auto slowest = std::ranges::max_element(seen, {}, &resolver_seen::latency_ms);
    if (seen.size() == 1) return {"all", outcome::ok, seen.front().address + " answers"};
    return {
        "all", outcome::ok, fmt::format("all {} answer, the slowest in {:.0f} ms", seen.size(), slowest->latency_ms)};
}

namespace {

bool share_one(const std::vector<net::ip_address>& a, const std::vector<net::ip_address>& b) {
    return std::ranges::any_of(a, [&](const auto& one) { return std::ranges::find(b, one) != b.end(); });
}

std::string list_of(std::span<const name_seen> names, bool (name_seen::*what)() const) {
    std::string list;
    for (const auto& n : names)
        if ((n.*what)()) list += (list.empty() ? "" : ", ") + n.name;
    return list;
}

}  // namespace

// A name that DNS lacks is overridden, too; a DNS that gave no answer proves nothing.
bool name_seen::hosts_differ() const {
    if (!dns_answered) return false;
    return std::ranges::any_of(hosts, [&](const line& l) { return std::ranges::find(dns, l.address) == dns.end(); });
}

bool name_seen::system_differs() const {
    return dns_answered && asked_system && hosts.empty() && !system.empty() && !share_one(system, dns);
}

verdict judge_names(std::span<const name_seen> names, const std::string& hosts_path, const std::string& hosts_error) {
    const bool touched = std::ranges::any_of(names, [](const name_seen& n) { return !n.hosts.empty(); });
    if (const auto list = list_of(names, &name_seen::hosts_differ); !list.empty())
        return {"yes_different", outcome::warning, fmt::format("{} overrides DNS for {}", hosts_path, list)};
    if (const auto list = list_of(names, &name_seen::system_differs); !list.empty())
        return {
            {touched, "yes_same", "no"},
            outcome::warning,
            fmt::format("this PC's own look-up disagrees with DNS for {}", list)};
    if (touched) return {"yes_same", outcome::ok, hosts_path + " says the same as DNS"};
    if (!hosts_error.empty()) return {"no", outcome::warning, hosts_error};
    return {"no", outcome::ok, "no name of the sign-in is in " + hosts_path};
}

verdict judge_trust(int roots, const std::string& error) {
    if (!error.empty()) return {"unreadable", outcome::warning, error};
    if (roots == 0) return {"empty", outcome::warning, "no root is trusted: every certificate will fail"};
    return {"loaded", outcome::ok, fmt::format("{} roots", roots)};
}

}  // namespace ucsignin::signin::devices
