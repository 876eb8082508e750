// Stage 1: adapters, routes, and what on this PC itself kept a connection from coming up.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

// Other hosts can be reached from such an address.
bool is_routable(const trace::values& of) {
    const auto ip = of.text(ev::adapter_ip);
    const auto marks = of.words(ev::adapter_ip_mark);
    const bool own_use = std::ranges::any_of(
        marks, [](const auto& mark) { return mark == "link_local" || mark == "host" || mark == "tentative"; });
    return !own_use && !ip.starts_with("127.") && !ip.starts_with("169.254.") && ip != "::1" &&
           !lower(ip).starts_with("fe80:");
}

bool has_address(const span& adapters, bool v6) {
    return std::ranges::any_of(adapters.together(ev::adapter_ip), [v6](const trace::values& one) {
        return is_routable(one) && is_ipv6(one.text(ev::adapter_ip)) == v6;
    });
}

// An adapter that has a link and an address, yet was rejected: what it lacks is a way out.
std::string adapter_without_route(const span& adapters) {
    std::set<std::string> up;
    for (const auto& one : adapters.together(ev::adapter_link))
        if (one.word(ev::adapter_link) == "up") up.insert(one.text(ev::adapter_name));
    for (const auto& one : adapters.together(ev::adapter_ip))
        if (is_routable(one) && up.contains(one.text(ev::adapter_name))) return one.text(ev::adapter_name);
    return {};
}

maybe no_network(const case_view& view) {
    const auto* adapters = view.trace.latest("devices.adapters");
    if (!adapters || adapters->branch != "none_usable" || !went_wrong(*adapters)) return {};
    const auto cut_off = adapter_without_route(*adapters);
    draft found(view, cut_off.empty() ? "local-no-network"_finding : "local-no-default-route"_finding);
    found.seen(*adapters);
    std::vector<std::string> rejected;
    for (const auto& one : adapters->together(ev::adapter_unusable))
        rejected.push_back(fmt::format("{}: {}", one.text(ev::adapter_name), one.text(ev::adapter_unusable)));
    if (rejected.empty()) found.known_by("No adapter was found at all.");
    else found.known_by(fmt::format("Every adapter was rejected: {}.", fmt::join(rejected, "; ")));
    if (!cut_off.empty()) found.not_because("local-no-network", cut_off + " is up and has an address");
    return found.done();
}

// A filter on this PC, not a missing route.
bool is_forbidden(const span& s) {
    const auto name = s.text(ev::route_errno);
    return name == "EPERM" || name == "EACCES";
}

// This process had nothing left to ask the kernel with: no word on routes.
bool was_asked(const span& s) {
    const auto name = s.text(ev::route_errno);
    return name != "EMFILE" && name != "ENFILE" && name != "ENOMEM" && name != "ENOBUFS";
}

// "198.51.100.7: Network is unreachable"
std::string error_of(const span& route) {
    const auto all = route.together(ev::route_error);
    if (all.empty()) return {};
    return fmt::format("{}: {}", all.front().text(ev::route_target), all.front().text(ev::route_error));
}

maybe no_route(const case_view& view) {
    const auto* adapters = view.trace.latest("devices.adapters");
    if (adapters && adapters->branch == "none_usable") return {};
    const auto& routes = view.trace.all("devices.route");
    const auto is_closed = [](const span* s) { return s->branch == "no_route" && was_asked(*s); };
    if (std::ranges::none_of(routes, is_closed)) return {};
    if (std::ranges::any_of(routes, [&](const span* s) { return ran(*s) && !is_closed(s); })) return {};
    const bool forbidden = std::ranges::all_of(routes, [](const span* s) { return !ran(*s) || is_forbidden(*s); });
    draft found(view, forbidden ? "local-firewall-blocks-process"_finding : "local-no-default-route"_finding);
    for (const auto* s : routes)
        if (is_closed(s)) {
            found.seen(*s);
            if (const auto why = error_of(*s); !why.empty()) found.known_by(fmt::format("{}: {}.", s->subject, why));
        }
    if (forbidden)
        found.about("this PC").not_because(
            "local-no-default-route", "there is a route; a rule of this PC forbids its use");
    else found.not_because("net-host-unreachable", "this PC itself has no route; no router was asked");
    return found.done();
}

// The same two commands for a route of a candidate, however the family is told apart.
const span* route_of(const case_view& view, const std::string& candidate, std::string_view family) {
    if (const auto* s = view.trace.latest("devices.route", candidate + " " + std::string(family))) return s;
    return view.trace.latest("devices.route", family);
}

bool is_tunnel(const span& route) { return route.branch == "tunnel_wins"; }

// -- causes of a connection that did not come up --

maybe firewall_here(const case_view& view, const span& s) {
    for (const auto& one : s.together(ev::connect_errno)) {
        const auto code = one.text(ev::connect_errno);
        if (code != "EPERM" && code != "EACCES") continue;
        auto found = about_candidate(view, s, "local-firewall-blocks-process");
        found.known_by(fmt::format("The system itself refused the connection to {} ({}).", one.text(ev::peer), code));
        return found.not_because("net-tcp-refused", "no packet left this PC")
            .not_because("net-tcp-filtered", "the refusal came at once")
            .done();
    }
    return {};
}

maybe ipv6_only(const case_view& view, const span& s) {
    if (s.branch != "unreachable") return {};
    const auto addresses = failed_addresses(s);
    if (addresses.empty() || std::ranges::any_of(addresses, is_ipv6)) return {};
    const auto* v4 = route_of(view, candidate_of(s), "ipv4");
    if (!v4 || v4->branch != "no_route") return {};
    const auto* v6 = view.trace.latest("devices.route", "ipv6");
    const auto* adapters = view.trace.latest("devices.adapters");
    const bool v6_leads = (v6 && ran(*v6) && v6->branch != "no_route") ||
                          (adapters && has_address(*adapters, true) && !has_address(*adapters, false));
    if (!v6_leads) return {};
    auto found = about_candidate(view, s, "local-ipv6-only");
    found.seen(*v4).known_by(fmt::format(
        "{} has IPv4 addresses only ({}), and this PC has none.", host_of(candidate_of(s)),
        fmt::join(addresses, ", ")));
    if (const auto* look = view.second_look("nat64", candidate_of(s)); look && look->text(ev::probe_result) == "none")
        found.seen(*look)
            .as(certainty::certain)
            .known_by("The network has no NAT64: the resolver synthesises no IPv6 address for ipv4only.arpa.");
    return found.not_because("local-no-default-route", "IPv6 has a route out of this PC").done();
}

maybe no_route_there(const case_view& view, const span& s) {
    if (s.branch != "unreachable") return {};
    const span* closed = nullptr;
    for (const auto family : {"ipv4", "ipv6"}) {
        const auto* route = view.trace.latest("devices.route", candidate_of(s) + " " + family);
        if (route && route->branch != "no_route") return {};
        if (route && !closed) closed = route;
    }
    if (!closed) closed = view.trace.latest("devices.route", candidate_of(s));
    if (!closed || closed->branch != "no_route" || !was_asked(*closed)) return {};
    const auto why = error_of(*closed);
    auto found = about_candidate(
        view, s, is_forbidden(*closed) ? "local-firewall-blocks-process"_finding : "local-no-default-route"_finding);
    found.seen(*closed).known_by(fmt::format("The system says: {}.", why));
    if (!is_forbidden(*closed))
        found.title(fmt::format("This PC has no route to {}", candidate_of(s)))
            .not_because("net-host-unreachable", "this PC itself has no route; no router was asked");
    return found.done();
}

maybe taken_by_tunnel(const case_view& view, const span& s) {
    if (s.branch != "filtered" && s.branch != "unreachable" && s.branch != "refused") return {};
    for (const auto family : {"ipv4", "ipv6"}) {
        const auto* route = view.trace.latest("devices.route", candidate_of(s) + " " + family);
        if (!route) route = view.trace.latest("devices.route", candidate_of(s));
        if (!route || !is_tunnel(*route)) continue;
        const auto* beside = view.second_look("other_adapter", candidate_of(s));
        const auto result = beside ? beside->text(ev::probe_result) : std::string{};
        if (result == "failed") return {};
        auto found = about_candidate(view, s, "local-vpn-adapter-preferred");
        found.seen(*route).as(result == "connected" ? certainty::certain : certainty::possible);
        found.known_by(
            fmt::format("The route goes through {}, and the connection fails.", route->text(ev::adapter_name)));
        if (result == "connected")
            found.seen(*beside)
                .known_by("From the address of another adapter it succeeds.")
                .not_because("net-tcp-filtered", "from another adapter the server answers");
        return found.done();
    }
    return {};
}

// The script sends this host to a proxy; what reads no script by file:// goes direct, where nothing is let through.
maybe script_not_read(const case_view& view, const span& s) {
    const auto* proxy = view.trace.latest("devices.proxy");
    if (!proxy || !proxy->text(ev::pac_url).starts_with("file:") || s.has(ev::proxy)) return {};
    if (s.branch != "filtered" && s.branch != "refused" && s.branch != "unreachable") return {};
    std::vector<std::string> results;
    for (const auto& one : proxy->together(ev::pac_answer))
        results.push_back(one.text(ev::pac_host) + " " + one.text(ev::pac_answer));
    if (std::ranges::none_of(results, [](const std::string& r) { return holds(r, "PROXY "); })) return {};
    auto found = about_candidate(view, s, "local-pac-file-scheme");
    found.seen(*proxy)
        .as(certainty::likely)
        .known_by(fmt::format(
            "{} names a proxy ({}); the direct connection fails.", proxy->text(ev::pac_url), fmt::join(results, "; ")));
    return found.not_because("local-proxy-dead-leftover", "no proxy was asked").done();
}

constexpr auto here = std::to_array<span_rule>(
    {firewall_here, ipv6_only, no_route_there, taken_by_tunnel, script_not_read});

// A tunnel that takes the traffic of a candidate that failed, while another carried the sign-in.
maybe tunnel_in_the_way(const case_view& view) {
    if (!view.signed_in) return {};
    for (const auto* s : view.trace.all("connection.tcp"))
        if (went_wrong(*s))
            if (auto found = taken_by_tunnel(view, *s)) return found->severity = severity::warning, found;
    return {};
}

constexpr auto devices_rule_table = std::to_array<case_rule>({no_network, no_route, tunnel_in_the_way});

}  // namespace

std::span<const case_rule> device_rules() { return devices_rule_table; }

maybe explain_local_tcp(const case_view& view, const trace::span& s) {
    for (const auto rule : here)
        if (auto found = rule(view, s)) return found;
    return {};
}

namespace {

bool connected_by_ipv6(const case_view& view) {
    return std::ranges::any_of(
        view.trace.all("connection.tcp"), [](const span* s) { return went_well(*s) && is_ipv6(peer_of(*s)); });
}

}  // namespace

maybe explain_broken_ipv6(const case_view& view, const trace::span& s) {
    const auto addresses = failed_addresses(s);
    const auto peer = peer_of(s);
    if (addresses.empty() || !std::ranges::all_of(addresses, is_ipv6) || is_ipv6(peer)) return {};
    // Without an address of its own this PC does not try IPv6 in earnest; where another IPv6 server answers, it is not
    // broken.
    const auto* adapters = view.trace.latest("devices.adapters");
    const bool knows_addresses = adapters && adapters->has(ev::adapter_ip);
    if (knows_addresses && !has_address(*adapters, true)) return {};
    if (view.once(connected_by_ipv6)) return {};
    auto found = about_candidate(view, s, "local-ipv6-broken");
    found.weigh(severity::warning).known_by(who_connected(s));
    return found.not_because("net-tcp-filtered", "the same server answers over IPv4").done();
}

}  // namespace ucsignin::diagnosis
