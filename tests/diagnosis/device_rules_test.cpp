#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

TEST_CASE("without a usable adapter the cause is the network of this PC, exit code 10") {
    trace_builder t;
    t.failed(
        "devices.adapters", "none_usable", "", {unusable("eth0", "link down"), unusable("wlan0", "only 169.254.1.2")});
    t.names_all("unreachable", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "local-no-network");
    CHECK(v.stopped_at == "devices.adapters");
    CHECK(v.exit_code == 10);
    CHECK(v.stage_reached == 2);
    CHECK(v.findings.front().explanation.find("wlan0: only 169.254.1.2") != std::string::npos);
}

TEST_CASE("adapters without a route are a missing default route, exit code 10") {
    trace_builder t;
    t.ok("devices.adapters", "usable")
        .failed("devices.route", "no_route", "ipv4", {no_way_to("192.0.2.1", "Network is unreachable")});
    t.failed("devices.route", "no_route", "ipv6", {no_way_to("2001:db8::1", "Network is unreachable")})
        .names_all("unreachable", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "local-no-default-route");
    CHECK(v.stopped_at == "devices.route");
    CHECK(v.exit_code == 10);
    CHECK(rules_out(v, "local-no-default-route", "net-host-unreachable"));
}

TEST_CASE("what could not be asked for want of open files is no missing route") {
    for (const auto* code : {"EMFILE", "ENFILE", "ENETUNREACH"}) {
        trace_builder t;
        const auto way = together({{ev::route_target, "192.0.2.1"}, {ev::route_error, "why"}, {ev::route_errno, code}});
        t.ok("devices.adapters", "usable")
            .failed("devices.route", "no_route", "ipv4", {way})
            .names_all("unreachable", "");
        const bool known = std::string_view(code) == "ENETUNREACH";
        CHECK((find(t.judge(), "local-no-default-route") != nullptr) == known);
    }
}

TEST_CASE("a missing IPv6 route alone is no fault") {
    auto t = signed_in();
    t.failed("devices.route", "no_route", "ipv6");
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(v.root_causes.empty());
    CHECK(find(v, "local-no-default-route") == nullptr);
}

TEST_CASE("an empty list of resolvers is the cause when no name can be asked") {
    trace_builder t;
    t.devices().failed("devices.resolvers", "none").names_all("unreachable", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "local-resolver-none");
    CHECK(v.stopped_at == "discovery.candidates");
    CHECK(v.exit_code == 20);
}

TEST_CASE("resolvers that reject the packets are not resolvers that stay silent") {
    trace_builder t;
    t.devices().failed("devices.resolvers", "none", "", {resolver_said("127.0.0.53", false, "unreachable")});
    t.names_all("unreachable", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "local-resolver-none");
    CHECK(rules_out(v, "local-resolver-none", "dns-timeout"));
    CHECK(v.findings.front().title.find("127.0.0.53") != std::string::npos);
}

TEST_CASE("silent resolvers are a DNS timeout, not a missing resolver") {
    trace_builder t;
    t.devices().failed("devices.resolvers", "none", "", {resolver_said("192.0.2.53", false, "timeout")});
    t.names_all("timeout", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-timeout");
    CHECK(find(v, "local-resolver-none") == nullptr);
}

TEST_CASE("a hosts line for the server that fails is the cause; for another name it is a warning") {
    auto t = trace_builder();
    t.devices().discovered({"sip.contoso.example:443 srv"});
    t.add(
        "devices.hosts", "yes_different", trace::outcome::warning, "",
        {hosts_line(2, "203.0.113.250", "sip.contoso.example")});
    t.failed("connection.tcp", "filtered", edge, {{ev::candidate, edge}, not_connected("203.0.113.250", "timed_out")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-hosts-override");
    CHECK(v.stopped_at == "connection.tcp");
    CHECK(v.exit_code == 30);
    CHECK(find(v, "net-tcp-filtered")->severity == severity::warning);

    auto other = signed_in();
    other.add(
        "devices.hosts", "yes_different", trace::outcome::warning, "",
        {hosts_line(2, "10.0.0.1", "meet.contoso.example")});
    const auto w = other.judge();
    CHECK(w.signed_in);
    CHECK(root_of(w) == "()");
    CHECK(find(w, "local-hosts-override")->severity == severity::warning);
}

TEST_CASE("a proxy that does not answer is named with who set it") {
    auto t = signed_in();
    t.add(
        "devices.proxy", "dead", trace::outcome::warning, "",
        {{ev::proxy, "http://proxy.contoso.example:8080"}, {ev::proxy_source, "HTTPS_PROXY"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    REQUIRE(find(v, "local-proxy-dead-leftover"));
    CHECK(find(v, "local-proxy-dead-leftover")->explanation.find("HTTPS_PROXY") != std::string::npos);
}

namespace {

// A candidate that TCP does not reach, on a PC as the facts describe it.
trace_builder unreached(std::string_view branch, std::initializer_list<noted> facts) {
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"}).failed("connection.tcp", branch, edge, facts);
    return t;
}

trace_builder by_tunnel() {
    trace_builder t;
    t.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .ok("devices.route", "tunnel_wins", edge + " ipv4", {{ev::adapter_name, "tun0"}});
    return t;
}

}  // namespace

TEST_CASE("a tunnel is suspected when the connection through it fails, and cleared when it fails beside it, too") {
    const std::initializer_list<noted> silent{{ev::candidate, edge}, not_connected("198.51.100.7:443", "timed_out")};
    const auto suspected = by_tunnel().failed("connection.tcp", "filtered", edge, silent).judge();
    CHECK(root_of(suspected) == "local-vpn-adapter-preferred");
    CHECK(suspected.root_causes.front().certainty == certainty::possible);

    const auto look = [](trace_builder t, const char* result) {
        t.ok(
            "connection.cross_check", std::string_view(result) == "connected" ? "differs" : "same", edge,
            {{ev::probe_kind, "other_adapter"}, {ev::probe_of, edge}, {ev::probe_result, result}});
        return t.judge();
    };
    const auto sure = look(by_tunnel().failed("connection.tcp", "filtered", edge, silent), "connected");
    CHECK(root_of(sure) == "local-vpn-adapter-preferred");
    CHECK(sure.root_causes.front().certainty == certainty::certain);
    CHECK(rules_out(sure, "local-vpn-adapter-preferred", "net-tcp-filtered"));
    const auto cleared = look(by_tunnel().failed("connection.tcp", "filtered", edge, silent), "failed");
    CHECK(root_of(cleared) == "net-tcp-filtered");
    CHECK(find(cleared, "local-vpn-adapter-preferred") == nullptr);

    auto fine = signed_in();
    fine.ok("devices.route", "tunnel_wins", edge + " ipv4", {{ev::adapter_name, "tun0"}});
    CHECK(find(fine.judge(), "local-vpn-adapter-preferred") == nullptr);
}

TEST_CASE("an adapter with an address and no way out is a missing default route, not a missing network") {
    trace_builder t;
    t.failed(
        "devices.adapters", "none_usable", "",
        {with_link("eth0"), has_address("eth0", "192.0.2.10"), unusable("eth0", "no route beyond its own network")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-no-default-route");
    CHECK(v.exit_code == 10);
    CHECK(rules_out(v, "local-no-default-route", "local-no-network"));

    trace_builder link_local;
    link_local.failed(
        "devices.adapters", "none_usable", "",
        {with_link("eth0"), has_address("eth0", "169.254.3.4", "link_local"),
         has_address("eth0", "fe80::1", "link_local"), unusable("eth0", "link-local address only")});
    CHECK(root_of(link_local.judge()) == "local-no-network");
    trace_builder loopback;
    loopback.failed("devices.adapters", "none_usable", "", {with_link("lo"), has_address("lo", "127.0.0.1", "host")});
    CHECK(root_of(loopback.judge()) == "local-no-network");
}

TEST_CASE("no route to the one server is a missing route, and no firewall") {
    auto t = unreached("unreachable", {{ev::candidate, edge}, not_connected("198.51.100.7:443", "unreachable")});
    t.failed(
        "devices.route", "no_route", edge + " ipv4",
        {{ev::candidate, edge}, no_way_to("198.51.100.7", "Network is unreachable")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-no-default-route");
    CHECK(find(v, "local-firewall-blocks-process") == nullptr);
}

TEST_CASE("a connection that the system itself forbids is this PC's firewall") {
    for (const char* code : {"EPERM", "EACCES"}) {
        const auto v =
            unreached("unreachable", {{ev::candidate, edge}, not_connected("198.51.100.7:443", "unreachable", code)})
                .judge();
        CHECK(root_of(v) == "local-firewall-blocks-process");
        CHECK(rules_out(v, "local-firewall-blocks-process", "net-tcp-filtered"));
    }
    CHECK(
        root_of(
            unreached("refused", {{ev::candidate, edge}, not_connected("198.51.100.7:443", "refused", "ECONNREFUSED")})
                .judge()) == "net-tcp-refused");
    trace_builder everywhere;
    everywhere.ok("devices.adapters", "usable")
        .failed(
            "devices.route", "no_route", "resolver 192.0.2.53:53",
            {no_way_to("192.0.2.53", "Permission denied"), {ev::route_errno, "EACCES"}});
    everywhere.names_all("unreachable", "");
    CHECK(root_of(everywhere.judge()) == "local-firewall-blocks-process");
    CHECK(everywhere.judge().exit_code == 10);
}

TEST_CASE("IPv4 servers are out of reach of a PC with IPv6 alone") {
    trace_builder t;
    t.ok(
        "devices.adapters", "usable", "",
        {with_link("eth0"), has_address("eth0", "2001:db8::10"), has_address("eth0", "fe80::1", "link_local")});
    t.discovered({"sip.contoso.example:443 srv"})
        .failed(
            "devices.route", "no_route", edge + " ipv4",
            {{ev::candidate, edge}, no_way_to("198.51.100.7", "Network is unreachable")});
    t.failed(
        "connection.tcp", "unreachable", edge,
        {{ev::candidate, edge}, not_connected("198.51.100.7:443", "unreachable")});
    auto v4_only_server = t.ok("devices.resolvers", "all").judge();
    CHECK(root_of(v4_only_server) == "local-ipv6-only");
    CHECK(rules_out(v4_only_server, "local-ipv6-only", "local-no-default-route"));
}

TEST_CASE("IPv6 is broken where the PC has it and no server answers by it") {
    const auto run = [](const noted& v6, bool another_answers) {
        auto t = signed_in();
        t.ok("devices.adapters", "usable", "", {with_link("eth0"), has_address("eth0", "192.0.2.10"), v6});
        t.ok(
            "connection.tcp", "connected", edge,
            {{ev::candidate, edge}, not_connected("2001:db8::7", "timed_out"), {ev::peer, "198.51.100.8"}});
        if (another_answers)
            t.ok(
                "connection.tcp", "connected", "sip2.contoso.example:443",
                {{ev::candidate, "sip2.contoso.example:443"}, {ev::peer, "2001:db8::9"}});
        return t.judge();
    };
    const auto broken = run(has_address("eth0", "2001:db8:1::10"), false);
    CHECK(find(broken, "local-ipv6-broken")->severity == severity::warning);
    CHECK(broken.root_causes.empty());
    CHECK(find(run(has_address("eth0", "fe80::1", "link_local"), false), "local-ipv6-broken") == nullptr);
    CHECK(find(run(has_address("eth0", "2001:db8:1::10"), true), "local-ipv6-broken") == nullptr);
}
