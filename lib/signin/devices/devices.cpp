#include "signin/devices/devices.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "signin/clock_watch.hpp"
#include "signin/devices/audio.hpp"

namespace ucsignin::signin::devices {
namespace {

using trace::outcome;

void trace_camera(context& c) {
    const auto seen = host::list_cameras();
    auto span = c.trace.open("devices.camera");
    for (const auto& name : seen.names) span.note(ev::camera, name);
    switch (seen.known) {
        case host::cameras::state::found: span.finish("found", outcome::ok, seen.names.empty() ? "a camera" : seen.names.front()); break;
        case host::cameras::state::none: span.finish("none", outcome::ok, "none found"); break;
        case host::cameras::state::hidden: span.finish("hidden", outcome::warning, seen.why); break;
        case host::cameras::state::unknown: span.finish("unknown", outcome::unknown, seen.why); break;
    }
    auto chosen = c.trace.open("devices.default_video");
    if (seen.names.empty()) chosen.finish("nothing_to_set", outcome::ok, "no camera to choose");
    else chosen.note(ev::camera, seen.names.front()).finish("set", outcome::ok, seen.names.front());
}

void note_adapter(trace::scope& span, const host::adapter& a) {
    span.note(ev::adapter_name, a.name).note(ev::adapter_kind, std::string(host::to_string(a.kind)));
    span.note(ev::adapter_state, fmt::format("{} {}", a.name, a.up ? (a.running ? "up" : "no link") : "down"));
    for (const auto& address : a.addresses)
        span.note(ev::adapter_address, fmt::format("{} {}/{}", a.name, address.ip.to_string(), address.prefix));
    span.note(ev::adapter_mtu, std::int64_t{a.mtu});
    span.note(ev::adapter_default_route, a.default_route_v4 || a.default_route_v6);
}

// Servers that are known before anything is asked: loopback is good enough for a lab on loopback.
std::vector<net::ip_address> known_targets(const context& c) {
    std::vector<net::ip_address> targets;
    for (const auto& r : c.options.resolvers) targets.push_back(r.address);
    for (const auto& o : c.options.connect_to) targets.push_back(o.instead.address);
    return targets;
}

bool trace_adapters(context& c, const host::inventory& found) {
    auto span = c.trace.open("devices.adapters");
    const auto targets = known_targets(c);
    trace::decision decision{"Which adapters can carry the sign-in?", {}, {}};
    std::vector<std::string> usable;
    for (const auto& a : found.adapters) {
        note_adapter(span, a);
        const auto why = host::why_rejected(a, targets);
        if (why.empty()) usable.push_back(a.name);
        else span.note(ev::adapter_rejected, a.name + ": " + why);
        decision.considered.push_back({a.name, why.empty() ? trace::verdict::chosen : trace::verdict::passed_over,
                                       why.empty() ? "up, with an address and a way out" : why});
    }
    decision.chosen = fmt::format("{}", fmt::join(usable, ", "));
    span.decide(decision);
    if (!usable.empty()) span.finish("usable", outcome::ok, decision.chosen);
    else if (!found.error.empty()) span.not_run(trace::not_run_reason::not_applicable, "the adapters could not be listed: " + found.error);
    else span.finish("none_usable", outcome::failed, "no adapter can carry the sign-in");
    return !usable.empty() || !found.error.empty();
}

void trace_proxy(context& c) {
    auto span = c.trace.open("devices.proxy");
    if (c.proxy.host.empty() && c.proxy.error.empty()) {
        span.finish("direct", outcome::ok, "no proxy is set");
        return;
    }
    span.note(ev::proxy, c.proxy.url).note(ev::proxy_source, c.proxy.said_by);
    if (!c.proxy.error.empty()) span.finish("dead", outcome::warning, c.proxy.said_by + ": " + c.proxy.error);
    else span.finish("fixed", outcome::ok, c.proxy.url + ", says " + c.proxy.said_by);
}

void trace_trust(context& c) {
    auto span = c.trace.open("devices.trust_store");
    for (const auto& file : c.options.ca_files) span.note(ev::trust_file, file);
    const auto roots = c.trust->count();
    span.note(ev::trust_roots, std::int64_t{roots});
    if (roots > 0) span.finish("loaded", outcome::ok, fmt::format("{} roots", roots));
    else span.finish("empty", outcome::warning, "no root is trusted: every certificate will fail");
}

}  // namespace

host_facts probe(context& c) {
    trace_camera(c);
    host_facts facts{host::list_adapters(), host::read_hosts(), false};
    facts.any_adapter = trace_adapters(c, facts.adapters);
    trace_proxy(c);
    trace_trust(c);
    c.clock.decide(c.trace);
    c.beside.start(trace_audio(c));
    return facts;
}

void trace_route(context& c, const std::string& subject, const std::vector<net::ip_address>& targets) {
    auto span = c.trace.open("devices.route", subject);
    bool found = false, tunnel = false;
    std::string summary, error;
    for (const auto& target : targets) {
        const auto way = host::route_to(target);
        span.note(ev::route_family, std::string(target.is_v4() ? "ipv4" : "ipv6"));
        if (!way.found) {
            error = way.error;
            span.note(ev::route_error, target.to_string() + ": " + way.error);
            continue;
        }
        found = true;
        tunnel = tunnel || way.tunnel;
        span.note(ev::adapter_name, way.adapter).note(ev::source_address, way.source_address);
        if (summary.empty()) summary = fmt::format("{} by {} from {}", target.to_string(), way.adapter, way.source_address);
    }
    if (!found) span.finish("no_route", outcome::failed, error);
    else span.finish(tunnel ? "tunnel_wins" : "chosen", outcome::ok, summary);
}

void trace_resolvers(context& c, const std::vector<resolver_seen>& seen) {
    auto span = c.trace.open("devices.resolvers");
    std::size_t answered = 0;
    for (const auto& s : seen) {
        answered += s.answered ? 1 : 0;
        span.note(ev::resolver, s.address);
        span.note(ev::resolver_answers, fmt::format("{} {}: {}", s.address, s.answered ? "yes" : "no", s.state));
    }
    if (seen.empty()) span.finish("none", outcome::failed, "no resolver is configured");
    else if (answered == seen.size()) span.finish("all", outcome::ok, seen.size() == 1 ? seen.front().address + " answers" : "all answer");
    else if (answered > 0) span.finish("some", outcome::warning, fmt::format("{} of {} answer", answered, seen.size()));
    else span.finish("none", outcome::failed, "no resolver answers");
}

void trace_hosts(context& c, const host_facts& facts, const std::vector<std::pair<std::string, std::vector<net::ip_address>>>& answers) {
    auto span = c.trace.open("devices.hosts");
    bool touched = false, different = false;
    for (const auto& entry : host::matching_entries(facts.hosts, c.who.domain)) {
        for (const auto& name : entry.names) {
            const auto asked = std::ranges::find(answers, name, &std::pair<std::string, std::vector<net::ip_address>>::first);
            touched = true;
            different = different || (asked != answers.end() && std::ranges::find(asked->second, entry.address) == asked->second.end());
            span.note(ev::hosts_entry, fmt::format("line {}: {} {}", entry.line, entry.address.to_string(), name));
        }
    }
    if (!touched) span.finish("no", outcome::ok, "no name of the sign-in is in " + facts.hosts.path);
    else if (different) span.finish("yes_different", outcome::warning, facts.hosts.path + " overrides DNS");
    else span.finish("yes_same", outcome::ok, facts.hosts.path + " says the same as DNS");
}

}  // namespace ucsignin::signin::devices
