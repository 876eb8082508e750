#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

TEST_CASE("without a usable adapter the cause is the network of this PC, exit code 10") {
    trace_builder t;
    t.failed("devices.adapters", "none_usable", "", {{ev::adapter_rejected, "eth0: link down"}, {ev::adapter_rejected, "wlan0: only 169.254.1.2"}});
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
    t.ok("devices.adapters", "usable").failed("devices.route", "no_route", "ipv4", {{ev::route_error, "Network is unreachable"}});
    t.failed("devices.route", "no_route", "ipv6", {{ev::route_error, "Network is unreachable"}}).names_all("unreachable", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "local-no-default-route");
    CHECK(v.stopped_at == "devices.route");
    CHECK(v.exit_code == 10);
    CHECK(rules_out(v, "local-no-default-route", "net-host-unreachable"));
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
    t.devices().failed("devices.resolvers", "none", "", {{ev::resolver, "127.0.0.53"}, {ev::resolver_answers, "127.0.0.53 no: unreachable"}});
    t.names_all("unreachable", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "local-resolver-none");
    CHECK(rules_out(v, "local-resolver-none", "dns-timeout"));
    CHECK(v.findings.front().title.find("127.0.0.53") != std::string::npos);
}

TEST_CASE("silent resolvers are a DNS timeout, not a missing resolver") {
    trace_builder t;
    t.devices().failed("devices.resolvers", "none", "", {{ev::resolver, "192.0.2.53"}, {ev::resolver_answers, "192.0.2.53 no: timeout"}});
    t.names_all("timeout", "");
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-timeout");
    CHECK(find(v, "local-resolver-none") == nullptr);
}

TEST_CASE("a hosts line for the server that fails is the cause; for another name it is a warning") {
    auto t = trace_builder();
    t.devices().discovered({"sip.contoso.example:443 srv"});
    t.add("devices.hosts", "yes_different", trace::outcome::warning, "", {{ev::hosts_entry, "203.0.113.250 sip.contoso.example"}});
    t.failed("connection.tcp", "filtered", edge, {{ev::candidate, edge}, {ev::tcp_fault, "203.0.113.250 timed_out"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-hosts-override");
    CHECK(v.stopped_at == "connection.tcp");
    CHECK(v.exit_code == 30);
    CHECK(find(v, "net-tcp-filtered")->severity == severity::warning);

    auto other = signed_in();
    other.add("devices.hosts", "yes_different", trace::outcome::warning, "", {{ev::hosts_entry, "10.0.0.1 meet.contoso.example"}});
    const auto w = other.judge();
    CHECK(w.signed_in);
    CHECK(root_of(w) == "()");
    CHECK(find(w, "local-hosts-override")->severity == severity::warning);
}

TEST_CASE("a proxy that does not answer is named with who set it") {
    auto t = signed_in();
    t.add("devices.proxy", "dead", trace::outcome::warning, "", {{ev::proxy, "http://proxy.contoso.example:8080"}, {ev::proxy_source, "HTTPS_PROXY"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    REQUIRE(find(v, "local-proxy-dead-leftover"));
    CHECK(find(v, "local-proxy-dead-leftover")->explanation.find("HTTPS_PROXY") != std::string::npos);
}

TEST_CASE("a tunnel is suspected only when the connection through it fails") {
    auto t = trace_builder();
    t.devices().discovered({"sip.contoso.example:443 srv"}).add("devices.route", "tunnel_wins", trace::outcome::warning, edge, {{ev::adapter_name, "tun0"}});
    t.failed("connection.tcp", "filtered", edge, {{ev::candidate, edge}, {ev::tcp_fault, "198.51.100.7 timed_out"}});
    CHECK(find(t.judge(), "local-vpn-adapter-preferred") != nullptr);
    auto fine = signed_in();
    fine.add("devices.route", "tunnel_wins", trace::outcome::warning, edge, {{ev::adapter_name, "tun0"}});
    CHECK(find(fine.judge(), "local-vpn-adapter-preferred") == nullptr);
}
