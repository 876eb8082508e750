// Adapters and routes that this machine doesn't have, in a network namespace of the test's own. unshare() is per
// thread, so the rest of the process stays where it is.

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "host/host.hpp"

using namespace ucsignin::host;

namespace {

ip_address ip(const char* text) { return boost::asio::ip::make_address(text); }

bool must_not_skip() {
    const char* ci = std::getenv("CI");
    return ::geteuid() == 0 && ci != nullptr && std::string_view{ci} == "true";
}

void skip(const char* reason) {
    if (must_not_skip()) FAIL(reason);
    WARN("skipped: " << reason);
}

// A tunnel adapter named vpn, as VPN programs make it; it lives and has a link as long as the descriptor is open.
int open_tunnel() {
    const int fd = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    ifreq wanted = {};
    wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
    std::string_view{"vpn"}.copy(wanted.ifr_name, IFNAMSIZ - 1);
    if (fd >= 0 && ::ioctl(fd, TUNSETIFF, &wanted) == 0) return fd;
    if (fd >= 0) ::close(fd);
    return -1;
}

// Runs the shell lines, then the look, in a new namespace. False: skipped.
bool in_namespace(const std::vector<std::string>& lines, const std::function<void()>& look, bool with_tunnel = false) {
    if (::geteuid() != 0) {
        skip("not root: no network namespace");
        return false;
    }
    const char* problem = nullptr;
    std::thread{[&] {
        if (::unshare(CLONE_NEWNET) != 0) {
            problem = "the system allows no network namespace";
            return;
        }
        const int tunnel = with_tunnel ? open_tunnel() : -1;
        if (with_tunnel && tunnel < 0) problem = "the kernel has no tunnel adapters";
        for (const auto& line : lines)
            if (problem == nullptr && std::system((line + " 2>/dev/null").c_str()) != 0)
                problem = "the ip command is missing, or the kernel refuses the adapter";
        if (problem == nullptr) look();
        if (tunnel >= 0) ::close(tunnel);
    }}.join();
    if (problem != nullptr) skip(problem);
    return problem == nullptr;
}

const adapter& named(const inventory& all, std::string_view name) {
    const auto found = std::ranges::find(all.adapters, name, &adapter::name);
    REQUIRE(found != all.adapters.end());
    return *found;
}

}  // namespace

TEST_CASE("in a namespace with nothing but loopback every adapter is rejected and no route is found") {
    inventory all;
    route way, way_v6;
    const auto look = [&] {
        all = list_adapters();
        way = route_to(ip("192.0.2.1"));
        way_v6 = route_to(ip("2001:db8::1"));
    };
    if (!in_namespace({}, look)) return;
    CHECK(all.error == "");
    REQUIRE_FALSE(all.adapters.empty());
    CHECK(std::ranges::none_of(all.adapters, [](const adapter& a) { return a.rejected.empty(); }));
    CHECK(named(all, "lo").rejected == "down: switched off");
    CHECK_FALSE(way.found);
    CHECK(way.error == "Network is unreachable");
    CHECK(way.error_code == ENETUNREACH);
    CHECK(way.adapter == "");
    CHECK_FALSE(way_v6.found);
    CHECK(way_v6.error != "");
    CHECK((way_v6.error_code == ENETUNREACH || way_v6.error_code == EADDRNOTAVAIL));
}

TEST_CASE("adapter, source address and gateway come from the kernel's routing table") {
    inventory all;
    route far, near;
    const auto look = [&] {
        all = list_adapters();
        far = route_to(ip("203.0.113.5"));
        near = route_to(ip("192.0.2.77"));
    };
    const std::vector<std::string> lines{
        "ip link add cable type veth peer name other", "ip link set cable up", "ip link set other up",
        "ip addr add 192.0.2.10/24 dev cable", "ip route add default via 192.0.2.1 dev cable metric 600"};
    if (!in_namespace(lines, look)) return;
    const auto& cable = named(all, "cable");
    CHECK(cable.up);
    CHECK(cable.running);
    CHECK(cable.mtu == 1500);
    CHECK(cable.kind == adapter::type::virtual_);
    CHECK(cable.default_route_v4);
    CHECK_FALSE(cable.default_route_v6);
    CHECK(cable.metric_v4 == 600);
    CHECK(cable.rejected == "");
    const auto own = std::ranges::find(cable.addresses, ip("192.0.2.10"), &address_entry::ip);
    REQUIRE(own != cable.addresses.end());
    CHECK(own->prefix == 24);
    CHECK(own->scope == address_entry::reach::global);
    CHECK(far.found);
    CHECK(far.adapter == "cable");
    CHECK(far.source_address == "192.0.2.10");
    CHECK(far.gateway == "192.0.2.1");
    CHECK_FALSE(far.tunnel);
    CHECK(near.adapter == "cable");
    CHECK(near.gateway == "");
    CHECK(named(all, "other").rejected != "");
}

TEST_CASE("a VPN that covers the default route by two halves holds the default route and wins") {
    inventory all;
    route way;
    const auto look = [&] {
        all = list_adapters();
        way = route_to(ip("203.0.113.5"));
    };
    const std::vector<std::string> lines{
        "ip link add cable type veth peer name other",
        "ip link set cable up",
        "ip link set other up",
        "ip addr add 192.0.2.10/24 dev cable",
        "ip route add default via 192.0.2.1 dev cable",
        "ip link set vpn up",
        "ip addr add 10.9.0.2/32 dev vpn",
        "ip route add 0.0.0.0/1 dev vpn",
        "ip route add 128.0.0.0/1 dev vpn"};
    if (!in_namespace(lines, look, true)) return;
    CHECK(named(all, "vpn").kind == adapter::type::tunnel);
    CHECK(named(all, "vpn").default_route_v4);
    CHECK(named(all, "vpn").rejected == "");
    CHECK(named(all, "cable").default_route_v4);
    CHECK(way.adapter == "vpn");
    CHECK(way.source_address == "10.9.0.2");
    CHECK(way.tunnel);
}

TEST_CASE("a split tunnel is usable by its routes, without the default route") {
    inventory all;
    const auto look = [&] { all = list_adapters(); };
    if (!in_namespace(
            {"ip link set vpn up", "ip addr add 10.9.0.2/24 dev vpn", "ip route add 203.0.113.0/24 dev vpn"}, look,
            true))
        return;
    CHECK_FALSE(named(all, "vpn").default_route_v4);
    CHECK(named(all, "vpn").other_routes);
    CHECK(named(all, "vpn").rejected == "");
}

TEST_CASE("a tunnel with nothing but its own network is rejected") {
    inventory all;
    const auto look = [&] { all = list_adapters(); };
    if (!in_namespace({"ip link set vpn up", "ip addr add 10.9.0.2/24 dev vpn"}, look, true)) return;
    CHECK_FALSE(named(all, "vpn").other_routes);
    CHECK(named(all, "vpn").rejected == "no route beyond its own network");
}

TEST_CASE("of two default routes of one adapter the better metric counts, in any table") {
    inventory all;
    const auto look = [&] { all = list_adapters(); };
    const std::vector<std::string> lines{
        "ip link set vpn up",
        "ip addr add 10.9.0.2/24 dev vpn",
        "ip -6 addr add 2001:db8::2/64 dev vpn nodad",
        "ip route add default via 10.9.0.1 metric 300",
        "ip route add default via 10.9.0.1 metric 200 table 77",
        "ip -6 route add default via 2001:db8::1 metric 50"};
    if (!in_namespace(lines, look, true)) return;
    CHECK(named(all, "vpn").metric_v4 == 200);
    CHECK(named(all, "vpn").default_route_v6);
    CHECK(named(all, "vpn").metric_v6 == 50);
}

TEST_CASE("link-local only, no address, no link and no route are told apart") {
    inventory all;
    const auto look = [&] { all = list_adapters(); };
    const std::vector<std::string> lines{
        "ip link add apipa type veth peer name p1",
        "ip link add bare type veth peer name p2",
        "ip link add unplugged type veth peer name p3",
        "ip link add island type veth peer name p4",
        "ip link set apipa up",
        "ip link set p1 up",
        "ip addr add 169.254.3.4/16 dev apipa",
        "ip link set bare addrgenmode none",
        "ip link set bare up",
        "ip link set p2 up",
        "ip link set unplugged up",
        "ip addr add 192.0.2.1/24 dev unplugged",
        "ip link set island up",
        "ip link set p4 up",
        "ip addr add 198.51.100.1/24 dev island"};
    if (!in_namespace(lines, look)) return;
    CHECK(named(all, "apipa").rejected == "link-local address only: no DHCP server or router answered");
    CHECK(named(all, "bare").rejected == "no address");
    CHECK(named(all, "unplugged").rejected == "down: no link");
    CHECK(named(all, "island").rejected == "virtual adapter without a route");
    CHECK(named(all, "p3").rejected == "down: switched off");
}

TEST_CASE("a refused route says how it was refused") {
    route way;
    const auto look = [&] { way = route_to(ip("203.0.113.5")); };
    if (!in_namespace({"ip link set lo up", "ip route add prohibit 203.0.113.0/24"}, look)) return;
    CHECK_FALSE(way.found);
    CHECK(way.error_code == EACCES);
    CHECK(way.error == "Permission denied");
}

TEST_CASE("an unreachable default route is no default route") {
    inventory all;
    const auto look = [&] { all = list_adapters(); };
    if (!in_namespace(
            {"ip link set lo up", "ip route add unreachable default metric 5",
             "ip -6 route add unreachable default metric 5"},
            look))
        return;
    CHECK_FALSE(named(all, "lo").default_route_v4);
    CHECK_FALSE(named(all, "lo").default_route_v6);
}
