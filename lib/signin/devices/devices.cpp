// Reads adapters and settings at once, since routes depend on them; what may take long is started beside the sign-
// in.
#include "signin/devices/devices.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "signin/base/clock_watch.hpp"
#include "signin/base/decision.hpp"
#include "signin/devices/audio.hpp"
#include "signin/devices/choices.hpp"
#include "signin/base/this_pc.hpp"

namespace ucsignin::signin::devices {
namespace {

using trace::outcome;

net::awaitable<void> trace_camera(context& c) {
    auto span = c.trace.open<"devices.camera">();
    const auto looked = co_await c.environment.host->list_cameras(c.until.devices());
    host::cameras seen;
    if (looked) seen = *looked;
    else seen.why = "no camera driver answered in the time given";
    for (const auto& name : seen.names) span.note(ev::camera, name);
    finish(span, judge_camera(seen));
    auto chosen = c.trace.open<"devices.default_video">();
    if (!seen.names.empty()) chosen.note(ev::camera, seen.names.front());
    tell(chosen, choose_video(seen));
    finish(chosen, judge_default_video(seen));
}

ev::adapter_kind_word word_of(host::adapter::type kind) {
    using type = host::adapter::type;
    switch (kind) {
        case type::ethernet: return "ethernet";
        case type::wifi: return "wifi";
        case type::tunnel: return "tunnel";
        case type::virtual_: return "virtual";
        case type::loopback: return "loopback";
        case type::other: break;
    }
    return "other";
}

ev::link_word link_of(const host::adapter& a) {
    if (!a.up) return "down";
    if (!a.running) return "no_link";
    return "up";
}

void note_address(trace::scope& span, const std::string& adapter, const host::address_entry& a) {
    using reach = host::address_entry::reach;
    auto said = span.group().note(ev::adapter_name, adapter).note(ev::adapter_ip, a.ip.to_string());
    said.note(ev::adapter_ip_prefix, a.prefix);
    if (a.scope == reach::link) said.note(ev::adapter_ip_mark, "link_local");
    if (a.scope == reach::host) said.note(ev::adapter_ip_mark, "host");
    if (a.temporary) said.note(ev::adapter_ip_mark, "temporary");
    if (a.deprecated) said.note(ev::adapter_ip_mark, "deprecated");
    if (a.tentative) said.note(ev::adapter_ip_mark, "tentative");
}

void note_adapter(trace::scope& span, const host::adapter& a, const std::string& why_not) {
    auto said = span.group().note(ev::adapter_name, a.name);
    said.note(ev::adapter_kind, word_of(a.kind)).note(ev::adapter_link, link_of(a));
    said.note(ev::adapter_mtu, a.mtu).note(ev::adapter_default_route, a.default_route_v4 || a.default_route_v6);
    if (!why_not.empty()) said.note(ev::adapter_unusable, why_not);
    const auto note_metric = [&](ev::route_family_word family, int metric) {
        span.group().note(ev::adapter_name, a.name).note(ev::route_family, family).note(ev::adapter_metric, metric);
    };
    if (a.default_route_v4) note_metric("ipv4", a.metric_v4);
    if (a.default_route_v6) note_metric("ipv6", a.metric_v6);
    for (const auto& address : a.addresses) note_address(span, a.name, address);
}

// Servers that are known before anything is asked: loopback is good enough for a lab on loopback.
std::vector<net::ip_address> known_targets(const context& c) {
    std::vector<net::ip_address> targets;
    for (const auto& r : c.environment.resolver->servers()) targets.push_back(r.address);
    for (const auto& o : c.options.connect_to) targets.push_back(o.instead.address);
    return targets;
}

bool trace_adapters(context& c, const host::inventory& found) {
    auto span = c.trace.open<"devices.adapters">();
    const auto targets = known_targets(c);
    const auto decision = choose_adapters(found.adapters, targets);
    for (std::size_t i = 0; i < found.adapters.size(); ++i) {
        const auto& judged = decision.considered[i];
        note_adapter(span, found.adapters[i], judged.verdict == trace::verdict::chosen ? std::string{} : judged.why);
    }
    for (const auto& one : c.environment.host->leased_sip_servers())
        span.group().note(ev::leased_sip_server, one.server).note(ev::lease_file, one.file);
    tell(span, decision);
    const bool any = !decision.chosen.empty();
    if (any) span.finish("usable", outcome::ok, decision.chosen);
    else if (!found.error.empty())
        span.not_run(trace::not_run_reason::not_applicable, "the adapters could not be listed: " + found.error);
    else span.finish("none_usable", outcome::failed, "no adapter can carry the sign-in");
    return any || !found.error.empty();
}

void trace_trust(context& c) {
    auto span = c.trace.open<"devices.trust_store">();
    for (const auto& file : c.options.ca_files) span.note(ev::trust_file, file);
    const auto roots = c.environment.trust->count();
    span.note(ev::trust_roots, std::int64_t{roots});
    if (!c.environment.trust_error.empty()) span.note(ev::trust_error, c.environment.trust_error);
    if (const auto versions = net::tls_versions_of_this_pc())
        span.note(ev::tls_local_lowest, versions->lowest).note(ev::tls_local_highest, versions->highest);
    finish(span, judge_trust(roots, c.environment.trust_error));
}

void note_way(trace::scope& span, const way& w) {
    auto found = span.group().note(ev::route_target, w.target.to_string());
    if (!w.route.found) {
        found.note(ev::route_error, w.route.error);
        found.note(ev::route_errno, net::errno_name({net::fault::unreachable, {}, w.route.error_code}));
        return;
    }
    found.note(ev::adapter_name, w.route.adapter).note(ev::source_address, w.route.source_address);
    found.note(ev::adapter_tunnel, w.route.tunnel);
}

void trace_family(context& c, const std::string& candidate, std::span<const way> ways, bool otherwise_reached) {
    const auto family = ways.front().target.is_v4() ? ev::route_family_word("ipv4") : ev::route_family_word("ipv6");
    auto span = c.trace.open<"devices.route">(fmt::format("{} {}", candidate, family.word()));
    span.note(ev::candidate, candidate).note(ev::route_family, family);
    for (const auto& w : ways) note_way(span, w);
    tell(span, choose_route(ways, c.pc.adapters.adapters));
    finish(span, judge_route(ways, otherwise_reached, c.pc.adapters.adapters));
}

void trace_resolver_routes(context& c) {
    std::vector<way> ways;
    for (const auto& server : c.environment.resolver->servers())
        ways.push_back({server.address, c.environment.host->route_to(server.address)});
    const bool any = std::ranges::any_of(ways, [](const way& w) { return w.route.found; });
    for (const auto& w : ways) {
        auto span = c.trace.open<"devices.route">("resolver " + w.target.to_string());
        span.note(ev::resolver, w.target.to_string());
        note_way(span, w);
        tell(span, choose_route(std::span(&w, 1), c.pc.adapters.adapters));
        finish(span, judge_route(std::span(&w, 1), any, c.pc.adapters.adapters));
    }
}

}  // namespace

host_facts probe(context& c) {
    c.beside.start(trace_camera(c));
    c.pc.adapters = c.environment.host->list_adapters();
    const host_facts facts{trace_adapters(c, c.pc.adapters)};
    c.pc.proxy.start(c);
    trace_trust(c);
    c.clock.decide(c.trace, c.environment.clock->seconds());
    c.beside.start(trace_audio(c));
    trace_resolver_routes(c);
    ask_resolvers(c);
    return facts;
}

void trace_route(context& c, const std::string& candidate, const std::vector<net::ip_address>& targets) {
    std::vector<way> v4, v6;
    for (const auto& target : targets)
        (target.is_v4() ? v4 : v6).push_back({target, c.environment.host->route_to(target)});
    const auto leads = [](const std::vector<way>& ways) {
        return std::ranges::any_of(ways, [](const way& w) { return w.route.found; });
    };
    if (!v4.empty()) trace_family(c, candidate, v4, leads(v6));
    if (!v6.empty()) trace_family(c, candidate, v6, leads(v4));
}

}  // namespace ucsignin::signin::devices
