#pragma once
// libnl's objects with an owner, and its addresses as Asio's.

#include <netlink/addr.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/route.h>
#include <netlink/socket.h>

#include <cstring>
#include <memory>
#include <optional>

#include "host/host.hpp"

namespace ucsignin::host::netlink {

template <auto Free>
struct release {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using socket = std::unique_ptr<nl_sock, release<nl_socket_free>>;
using cache = std::unique_ptr<nl_cache, release<nl_cache_free>>;
using address = std::unique_ptr<nl_addr, release<nl_addr_put>>;
using link = std::unique_ptr<rtnl_link, release<rtnl_link_put>>;
using route = std::unique_ptr<rtnl_route, release<rtnl_route_put>>;

// A socket on NETLINK_ROUTE; null when the system has none for us.
[[nodiscard]] inline socket open_socket() {
    socket s{nl_socket_alloc()};
    if (s && nl_connect(s.get(), NETLINK_ROUTE) < 0) s.reset();
    return s;
}

// `scope` is the adapter's number, kept with link-local IPv6 addresses.
[[nodiscard]] inline std::optional<ip_address> to_address(nl_addr* from, unsigned scope = 0) {
    if (from == nullptr) return std::nullopt;
    const auto* bytes = nl_addr_get_binary_addr(from);
    if (nl_addr_get_len(from) == 4) {
        boost::asio::ip::address_v4::bytes_type v4;
        std::memcpy(v4.data(), bytes, v4.size());
        return boost::asio::ip::address_v4{v4};
    }
    if (nl_addr_get_len(from) != 16) return std::nullopt;
    boost::asio::ip::address_v6::bytes_type v6;
    std::memcpy(v6.data(), bytes, v6.size());
    boost::asio::ip::address_v6 result{v6};
    if (result.is_link_local()) result.scope_id(scope);
    return result;
}

// What sort of adapter a link is.
[[nodiscard]] adapter::type kind_of(rtnl_link*);

}  // namespace ucsignin::host::netlink
