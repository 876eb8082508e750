#pragma once
// Addresses, and the two ways in which a user (or the lab) may bend where a name leads.

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "ucsignin/error.hpp"

namespace ucsignin::net {

using ip_address = boost::asio::ip::address;

struct endpoint {
    ip_address address;
    std::uint16_t port = 0;
    friend bool operator==(const endpoint&, const endpoint&) = default;
};
[[nodiscard]] std::string to_string(const endpoint&);  // "192.0.2.1:443", "[2001:db8::1]:443"

// "192.0.2.1", "192.0.2.1:53", "[::1]:53", "::1"
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port);

struct host_port {
    std::string host;  // lower case, without brackets or a final dot
    std::uint16_t port = 0;
    friend bool operator==(const host_port&, const host_port&) = default;
};
[[nodiscard]] std::string to_string(const host_port&);  // "sip.contoso.example:443", "[2001:db8::1]:443"
[[nodiscard]] result<host_port> parse_host_port(std::string_view text, std::uint16_t default_port);

// As curl's --connect-to: connections meant for HOST:PORT go to ADDR:PORT. HOST may be a name (its addresses are then
// replaced) or an address (every name that resolves to it is then moved). DNS is asked all the same.
struct connect_to {
    host_port meant;
    endpoint instead;
};
[[nodiscard]] result<connect_to> parse_connect_to(std::string_view text);  // HOST:PORT:ADDR:PORT, brackets for IPv6

}  // namespace ucsignin::net
