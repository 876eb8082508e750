// Which adapters can carry a sign-in: the decision, without the system.

#include <algorithm>

#include "host/host.hpp"

namespace ucsignin::host {

namespace {

bool usable(const address_entry& a) { return !a.tentative; }
bool routable(const address_entry& a) { return usable(a) && a.scope == address_entry::reach::global; }

template <class Bytes>
bool same_network(const Bytes& a, const Bytes& b, int prefix) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int bits = std::clamp(prefix - static_cast<int>(i) * 8, 0, 8);
        const int mask = 0xff & (0xff << (8 - bits));
        if ((a[i] & mask) != (b[i] & mask)) return false;
    }
    return true;
}

bool on_network(const address_entry& own, const ip_address& target) {
    if (own.ip.is_v4() != target.is_v4()) return false;
    return own.ip.is_v4() ? same_network(own.ip.to_v4().to_bytes(), target.to_v4().to_bytes(), own.prefix)
                          : same_network(own.ip.to_v6().to_bytes(), target.to_v6().to_bytes(), own.prefix);
}

bool on_link_to_any(const adapter& a, std::span<const ip_address> targets) {
    return std::ranges::any_of(targets, [&](const ip_address& target) {
        return std::ranges::any_of(
            a.addresses, [&](const address_entry& own) { return usable(own) && on_network(own, target); });
    });
}

std::string why_without_address(const adapter& a) {
    if (a.addresses.empty()) return "no address";
    if (std::ranges::none_of(a.addresses, usable)) return "no address that passed duplicate address detection";
    if (std::ranges::any_of(
            a.addresses, [](const auto& x) { return x.scope == address_entry::reach::link && usable(x); }))
        return "link-local address only: no DHCP server or router answered";
    return "no address that other hosts can reach";
}

std::string why_without_route(const adapter& a) {
    if (!a.routes_known || a.default_route_v4 || a.default_route_v6 || a.other_routes) return {};
    return a.kind == adapter::type::virtual_ ? "virtual adapter without a route" : "no route beyond its own network";
}

}  // namespace

std::string why_rejected(const adapter& a, std::span<const ip_address> targets) {
    if (!a.up) return "down: switched off";
    if (!a.running) return "down: no link";
    if (on_link_to_any(a, targets)) return {};
    if (a.kind == adapter::type::loopback) return "loopback: reaches only this PC";
    if (std::ranges::none_of(a.addresses, routable)) return why_without_address(a);
    return why_without_route(a);
}

}  // namespace ucsignin::host
