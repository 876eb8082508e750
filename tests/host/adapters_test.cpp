#include <catch2/catch.hpp>

#include <algorithm>

#include "host/host.hpp"

using namespace ucsignin::host;

namespace {

ip_address ip(const char* text) { return boost::asio::ip::make_address(text); }

address_entry global(const char* text, int prefix) { return {.ip = ip(text), .prefix = prefix}; }
address_entry link_local(const char* text, int prefix) {
    return {.ip = ip(text), .prefix = prefix, .scope = address_entry::reach::link};
}

adapter working() {
    return {
        .name = "eth0",
        .kind = adapter::type::ethernet,
        .up = true,
        .running = true,
        .mtu = 1500,
        .addresses = {global("192.0.2.10", 24), link_local("fe80::1", 64)},
        .default_route_v4 = true};
}

adapter loopback() {
    return {
        .name = "lo",
        .kind = adapter::type::loopback,
        .up = true,
        .running = true,
        .mtu = 65536,
        .addresses = {
            {.ip = ip("127.0.0.1"), .prefix = 8, .scope = address_entry::reach::host},
            {.ip = ip("::1"), .prefix = 128, .scope = address_entry::reach::host}}};
}

}  // namespace

TEST_CASE("an adapter with a link, an address and a default route is usable") { CHECK(why_rejected(working()) == ""); }

TEST_CASE("an adapter that is switched off is rejected before anything else is looked at") {
    auto a = working();
    a.up = false;
    a.running = false;
    a.addresses.clear();
    CHECK(why_rejected(a) == "down: switched off");
}

TEST_CASE("an adapter without a link is rejected although its address is still configured") {
    auto a = working();
    a.running = false;
    CHECK(why_rejected(a) == "down: no link");
}

TEST_CASE("an adapter without an address is rejected") {
    auto a = working();
    a.addresses.clear();
    CHECK(why_rejected(a) == "no address");
}

TEST_CASE("an adapter whose DHCP server did not answer is rejected as link-local only") {
    auto a = working();
    a.addresses = {link_local("169.254.17.3", 16), link_local("fe80::1", 64)};
    CHECK(why_rejected(a) == "link-local address only: no DHCP server or router answered");
}

TEST_CASE("one global address of either family is enough beside link-local ones") {
    auto a = working();
    a.default_route_v4 = false;
    a.default_route_v6 = true;
    a.addresses = {link_local("169.254.17.3", 16), global("2001:db8::10", 64)};
    CHECK(why_rejected(a) == "");
}

TEST_CASE("an address that another host holds is no address") {
    auto a = working();
    a.addresses = {global("2001:db8::10", 64)};
    a.addresses[0].tentative = true;
    CHECK(why_rejected(a) == "no address that passed duplicate address detection");
}

TEST_CASE("an address of host scope alone reaches nobody") {
    auto a = working();
    a.addresses = {{.ip = ip("192.0.2.10"), .prefix = 32, .scope = address_entry::reach::host}};
    CHECK(why_rejected(a) == "no address that other hosts can reach");
}

TEST_CASE("an adapter without a route beyond its own network is rejected") {
    auto a = working();
    a.default_route_v4 = false;
    CHECK(why_rejected(a) == "no route beyond its own network");
    a.kind = adapter::type::virtual_;
    CHECK(why_rejected(a) == "virtual adapter without a route");
}

TEST_CASE("a virtual adapter that holds the default route is usable") {
    auto a = working();
    a.kind = adapter::type::virtual_;
    CHECK(why_rejected(a) == "");
}

TEST_CASE("a split tunnel is usable without the default route") {
    auto a = working();
    a.kind = adapter::type::tunnel;
    a.default_route_v4 = false;
    a.other_routes = true;
    CHECK(why_rejected(a) == "");
}

TEST_CASE("an adapter whose routes could not be read is not rejected for want of one") {
    auto a = working();
    a.default_route_v4 = false;
    a.routes_known = false;
    CHECK(why_rejected(a) == "");
}

TEST_CASE("an adapter without routes is usable for a target in its own network") {
    auto a = working();
    a.default_route_v4 = false;
    const ip_address inside[] = {ip("198.51.100.1"), ip("192.0.2.200")};
    const ip_address outside[] = {ip("192.0.3.1"), ip("2001:db8::1")};
    CHECK(why_rejected(a, inside) == "");
    CHECK(why_rejected(a, outside) == "no route beyond its own network");
}

TEST_CASE("own networks end at the bit, not at the byte") {
    auto a = working();
    a.default_route_v4 = false;
    a.addresses = {global("192.0.2.10", 27), global("2001:db8:0:8::1", 61)};
    const ip_address last_v4[] = {ip("192.0.2.31")}, next_v4[] = {ip("192.0.2.32")};
    const ip_address last_v6[] = {ip("2001:db8:0:f::1")}, next_v6[] = {ip("2001:db8:0:10::1")};
    CHECK(why_rejected(a, last_v4) == "");
    CHECK(why_rejected(a, next_v4) != "");
    CHECK(why_rejected(a, last_v6) == "");
    CHECK(why_rejected(a, next_v6) != "");
}

TEST_CASE("loopback is no candidate unless the target is on it") {
    const ip_address lab[] = {ip("127.0.0.5")}, lab_v6[] = {ip("::1")}, pool[] = {ip("192.0.2.1")};
    CHECK(why_rejected(loopback()) == "loopback: reaches only this PC");
    CHECK(why_rejected(loopback(), pool) == "loopback: reaches only this PC");
    CHECK(why_rejected(loopback(), lab) == "");
    CHECK(why_rejected(loopback(), lab_v6) == "");
}

TEST_CASE("a target on loopback does not help an adapter that is down") {
    auto a = loopback();
    a.up = false;
    const ip_address lab[] = {ip("127.0.0.1")};
    CHECK(why_rejected(a, lab) == "down: switched off");
}

TEST_CASE("this machine's loopback is listed with its address and its reason") {
    const auto all = list_adapters();
    CHECK(all.error == "");
    const auto lo = std::ranges::find(all.adapters, adapter::type::loopback, &adapter::kind);
    REQUIRE(lo != all.adapters.end());
    CHECK(lo->name == "lo");
    CHECK(lo->mtu > 0);
    CHECK(std::ranges::find(lo->addresses, ip("127.0.0.1"), &address_entry::ip) != lo->addresses.end());
    CHECK(lo->rejected == "loopback: reaches only this PC");
    CHECK_FALSE(lo->default_route_v4);
}

TEST_CASE("the route to 127.0.0.1 is loopback, from 127.0.0.1") {
    const auto way = route_to(ip("127.0.0.1"));
    CHECK(way.found);
    CHECK(way.adapter == "lo");
    CHECK(way.source_address == "127.0.0.1");
    CHECK(way.gateway == "");
    CHECK_FALSE(way.tunnel);
    CHECK(way.error_code == 0);
}
