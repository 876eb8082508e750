// The adapters, their addresses and their share in the routing tables, asked of the kernel by rtnetlink.

#include <net/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "host/linux/netlink.hpp"

namespace ucsignin::host {

namespace {

using by_index = std::unordered_map<int, std::size_t>;  // the kernel's number -> place in the inventory

template <class Object, class Callback>
void for_each(nl_cache* objects, Callback&& call) {
    for (auto* o = nl_cache_get_first(objects); o != nullptr; o = nl_cache_get_next(o))
        call(reinterpret_cast<Object*>(o));
}

adapter describe(rtnl_link* l) {
    const unsigned flags = rtnl_link_get_flags(l);
    return {
        .name = rtnl_link_get_name(l),
        .kind = netlink::kind_of(l),
        .up = (flags & IFF_UP) != 0,
        .running = (flags & IFF_RUNNING) != 0,
        .mtu = static_cast<int>(rtnl_link_get_mtu(l))};
}

bool is_link_local(const ip_address& ip) {
    return ip.is_v4() ? (ip.to_v4().to_uint() >> 16) == 0xa9fe : ip.to_v6().is_link_local();
}

address_entry::reach reach_of(const ip_address& ip, int scope) {
    if (scope == RT_SCOPE_HOST || ip.is_loopback()) return address_entry::reach::host;
    if (scope == RT_SCOPE_LINK || is_link_local(ip)) return address_entry::reach::link;
    return address_entry::reach::global;
}

void add_address(rtnl_addr* a, inventory& into, const by_index& places) {
    const auto place = places.find(rtnl_addr_get_ifindex(a));
    const auto ip = netlink::to_address(rtnl_addr_get_local(a), static_cast<unsigned>(rtnl_addr_get_ifindex(a)));
    if (place == places.end() || !ip) return;
    const unsigned flags = rtnl_addr_get_flags(a);
    // An optimistic address (RFC 4429) may be used while detection runs. For IPv4 the flag "temporary" means
    // "secondary".
    const bool waiting = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
    into.adapters[place->second].addresses.push_back(
        {.ip = *ip,
         .prefix = rtnl_addr_get_prefixlen(a),
         .scope = reach_of(*ip, rtnl_addr_get_scope(a)),
         .temporary = ip->is_v6() && (flags & IFA_F_TEMPORARY) != 0,
         .deprecated = (flags & IFA_F_DEPRECATED) != 0,
         .tentative = waiting || (flags & IFA_F_DADFAILED) != 0});
}

void take_default(adapter& a, bool v4, int metric) {
    bool& has = v4 ? a.default_route_v4 : a.default_route_v6;
    int& best = v4 ? a.metric_v4 : a.metric_v6;
    best = has ? std::min(best, metric) : metric;
    has = true;
}

// Its own networks' routes are the kernel's, or on-link prefixes that a router announced.
bool leads_beyond(rtnl_route* r, rtnl_nexthop* hop) {
    auto* target = rtnl_route_get_dst(r);
    const auto to = netlink::to_address(target);
    if (!to || to->is_multicast() || is_link_local(*to)) return false;
    const auto protocol = rtnl_route_get_protocol(r);
    return protocol != RTPROT_KERNEL && (protocol != RTPROT_RA || rtnl_route_nh_get_gateway(hop) != nullptr);
}

void add_route(rtnl_route* r, inventory& into, const by_index& places) {
    if (rtnl_route_get_type(r) != RTN_UNICAST || rtnl_route_get_table(r) == RT_TABLE_LOCAL) return;
    auto* target = rtnl_route_get_dst(r);
    const bool v4 = rtnl_route_get_family(r) == AF_INET;
    for (int i = 0; i < rtnl_route_get_nnexthops(r); ++i) {
        auto* hop = rtnl_route_nexthop_n(r, i);
        const auto place = places.find(rtnl_route_nh_get_ifindex(hop));
        if (place == places.end()) continue;
        auto& a = into.adapters[place->second];
        // VPNs leave the default route alone and set 0.0.0.0/1 and 128.0.0.0/1 beside it (::/1 and 8000::/1).
        if (target == nullptr || nl_addr_get_prefixlen(target) <= 1)
            take_default(a, v4, static_cast<int>(rtnl_route_get_priority(r)));
        else if (leads_beyond(r, hop)) a.other_routes = true;
    }
}

void read_routes(nl_sock* s, inventory& into, const by_index& places) {
    nl_cache* raw = nullptr;
    const int failed = rtnl_route_alloc_cache(s, AF_UNSPEC, 0, &raw);
    const netlink::cache routes{raw};
    if (failed < 0) {
        into.error = std::string{"routes: "} + nl_geterror(failed);
        for (auto& a : into.adapters) a.routes_known = false;
        return;
    }
    for_each<rtnl_route>(routes.get(), [&](rtnl_route* r) { add_route(r, into, places); });
}

inventory failed_with(std::string_view what, int code) { return {.error = std::string{what} + nl_geterror(code)}; }

}  // namespace

inventory list_adapters() {
    const auto s = netlink::open_socket();
    if (!s) return {.error = "the kernel offers no rtnetlink socket"};
    nl_cache* raw = nullptr;
    if (const int failed = rtnl_link_alloc_cache(s.get(), AF_UNSPEC, &raw); failed < 0)
        return failed_with("adapters: ", failed);
    const netlink::cache links{raw};
    if (const int failed = rtnl_addr_alloc_cache(s.get(), &raw); failed < 0) return failed_with("addresses: ", failed);
    const netlink::cache addresses{raw};

    inventory result;
    by_index places;
    for_each<rtnl_link>(links.get(), [&](rtnl_link* l) {
        places.emplace(rtnl_link_get_ifindex(l), result.adapters.size());
        result.adapters.push_back(describe(l));
    });
    for_each<rtnl_addr>(addresses.get(), [&](rtnl_addr* a) { add_address(a, result, places); });
    read_routes(s.get(), result, places);
    for (auto& a : result.adapters) a.rejected = why_rejected(a);
    return result;
}

namespace netlink {

namespace {

bool is_any(std::string_view text, std::initializer_list<std::string_view> options) {
    return std::ranges::find(options, text) != options.end();
}

bool is_wireless(const std::string& name) {
    std::error_code absent;
    const auto folder = std::filesystem::path{"/sys/class/net"} / name;
    return std::filesystem::exists(folder / "phy80211", absent) || std::filesystem::exists(folder / "wireless", absent);
}

}  // namespace

adapter::type kind_of(rtnl_link* l) {
    const char* type = rtnl_link_get_type(l);
    const std::string_view made_of = type != nullptr ? type : "";
    const unsigned hardware = rtnl_link_get_arptype(l);
    if ((rtnl_link_get_flags(l) & IFF_LOOPBACK) != 0) return adapter::type::loopback;
    if (is_any(
            made_of, {"tun", "wireguard", "ppp", "ipip", "ip6tnl", "sit", "gre", "gretap", "ip6gre", "ip6gretap", "vti",
                      "vti6", "xfrm", "ovpn", "ovpn-dco"}))
        return adapter::type::tunnel;
    if (is_any(
            made_of, {"bridge", "veth", "dummy", "ifb", "macvlan", "macvtap", "ipvlan", "vxlan", "geneve",
                      "openvswitch", "netkit"}))
        return adapter::type::virtual_;
    if (hardware == ARPHRD_PPP || hardware == ARPHRD_TUNNEL) return adapter::type::tunnel;
    if (hardware != ARPHRD_ETHER) return adapter::type::other;
    return is_wireless(rtnl_link_get_name(l)) ? adapter::type::wifi : adapter::type::ethernet;
}

}  // namespace netlink

}  // namespace ucsignin::host
