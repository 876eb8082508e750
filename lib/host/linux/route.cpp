// Which way the kernel would send a packet, and from which of our addresses.

#include <net/if.h>
#include <sys/socket.h>

#include <boost/asio/ip/udp.hpp>
#include <cerrno>
#include <system_error>

#include "host/linux/netlink.hpp"
#include "host/linux/owned_fd.hpp"
#include "host/linux/system_message.hpp"

namespace ucsignin::host {

namespace {

using boost::asio::ip::udp;

// connect() on a datagram socket sends nothing, yet routes for good: rules by user and mark included. Returns errno.
int connected_source(const ip_address& target, std::string& source) {
    const udp::endpoint wanted{target, 9};
    const owned_fd probe{::socket(wanted.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    if (!probe) return errno;
    if (::connect(probe.get(), wanted.data(), static_cast<socklen_t>(wanted.size())) != 0) return errno;
    udp::endpoint own;
    auto size = static_cast<socklen_t>(own.capacity());
    if (::getsockname(probe.get(), own.data(), &size) != 0) return errno;
    own.resize(size);
    source = own.address().to_string();
    return 0;
}

netlink::address to_netlink(const ip_address& ip) {
    if (ip.is_v4()) {
        auto bytes = ip.to_v4().to_bytes();
        return netlink::address{nl_addr_build(AF_INET, bytes.data(), bytes.size())};
    }
    auto bytes = ip.to_v6().to_bytes();
    return netlink::address{nl_addr_build(AF_INET6, bytes.data(), bytes.size())};
}

std::string adapter_name(int index) {
    char name[IF_NAMESIZE] = {};
    return ::if_indextoname(static_cast<unsigned>(index), name) != nullptr ? name : "";
}

bool is_tunnel(nl_sock* s, int index) {
    rtnl_link* raw = nullptr;
    if (rtnl_link_get_kernel(s, index, nullptr, &raw) < 0) return false;
    const netlink::link l{raw};
    return netlink::kind_of(l.get()) == adapter::type::tunnel;
}

// Adapter and gateway, as RTM_GETROUTE tells; false when it doesn't.
bool ask_kernel(const ip_address& target, route& into) {
    const auto s = netlink::open_socket();
    const auto wanted = to_netlink(target);
    rtnl_route* raw = nullptr;
    if (!s || !wanted || rtnl_route_lookup(s.get(), wanted.get(), &raw) < 0) return false;
    const netlink::route answer{raw};
    auto* hop = rtnl_route_nexthop_n(answer.get(), 0);
    if (hop == nullptr) return false;
    const int index = rtnl_route_nh_get_ifindex(hop);
    into.adapter = adapter_name(index);
    auto* by = rtnl_route_nh_get_gateway(hop);
    if (by == nullptr) by = rtnl_route_nh_get_via(hop);  // an IPv6 gateway of an IPv4 route (RFC 5549)
    if (const auto gateway = netlink::to_address(by, static_cast<unsigned>(index))) into.gateway = gateway->to_string();
    into.tunnel = is_tunnel(s.get(), index);
    return !into.adapter.empty();
}

// The adapter that holds the address: good enough where the kernel doesn't tell the route itself.
void find_holder(route& into) {
    for (const auto& a : list_adapters().adapters)
        for (const auto& entry : a.addresses)
            if (entry.ip.to_string() == into.source_address) {
                into.adapter = a.name;
                into.tunnel = a.kind == adapter::type::tunnel;
                return;
            }
}

// A link-local target names its adapter itself: the routing table holds one such network per adapter.
void take_scope(const ip_address& target, route& into) {
    into.adapter = adapter_name(static_cast<int>(target.to_v6().scope_id()));
}

}  // namespace

route route_to(const ip_address& target) {
    route result;
    result.error_code = connected_source(target, result.source_address);
    if (result.error_code != 0) {
        result.error = message_of(result.error_code);
        // The bare words are about assigning an address; what lacks is one of ours to come from.
        if (result.error_code == EADDRNOTAVAIL)
            result.error += target.is_v6() ? " (no IPv6 address)" : " (no IPv4 address)";
        return result;
    }
    result.found = true;
    if (target.is_v6() && target.to_v6().scope_id() != 0) take_scope(target, result);
    else if (!ask_kernel(target, result)) find_holder(result);
    return result;
}

}  // namespace ucsignin::host
