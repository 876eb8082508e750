#pragma once
// Addresses (public: ucsignin/address.hpp), and where one is dialled.

#include <string>
#include <vector>

#include "net/error.hpp"
#include "ucsignin/address.hpp"

namespace ucsignin::net {

// As it stands in a URL or a Host header: an IPv6 address in brackets.
[[nodiscard]] std::string bracketed(const std::string& host);

// The endpoint to dial for one address of a host, after the overrides. `moved` tells whether one applied.
struct dial_target {
    endpoint meant;
    endpoint actual;
    bool moved = false;
};
[[nodiscard]] std::vector<dial_target> dial_targets(
    const host_port& host, const std::vector<ip_address>& addresses, const std::vector<connect_to>& overrides);

}  // namespace ucsignin::net
