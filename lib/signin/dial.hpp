#pragma once
// From a name and a port to an open stream: DNS, the overrides of --connect-to, the proxy, TCP.

#include <optional>
#include <string>
#include <vector>

#include "net/address.hpp"
#include "net/http.hpp"
#include "net/resolver.hpp"
#include "net/stream.hpp"

namespace ucsignin::signin {

struct context;

// One address that was tried.
struct attempt {
    net::dial_target target;
    std::optional<net::error> failed;   // none: connected
    double connect_ms = 0;
};

struct dialed {
    net::result<net::stream_ptr> stream;
    std::string peer;                    // the address that DNS named, with the port
    std::vector<attempt> attempts;
    std::optional<net::http::response> proxy_answer;
    std::string proxy;                   // host:port of the proxy that was used
};

// A and AAAA of a host, or the address itself when the host is one; in the order of the answers, IPv4 first as the
// desktop client does.
[[nodiscard]] net::awaitable<std::vector<net::ip_address>> addresses_of(context& c, std::string host, net::deadline until);

// Tries each address with a 250 ms head start (RFC 8305 5); the first that connects wins.
[[nodiscard]] net::awaitable<dialed> dial_any(context& c, net::host_port to, net::deadline until);

// For plain HTTP: where a proxy is used, the connection ends at it (`proxy` names it), without CONNECT.
[[nodiscard]] net::awaitable<dialed> dial_for_http(context& c, net::host_port to, net::deadline until);

}  // namespace ucsignin::signin
