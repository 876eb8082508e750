#pragma once
// From a name and a port to an open stream: DNS, the overrides of --connect-to, the proxy, TCP.

#include <functional>
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
    std::optional<net::error> failed;  // none: connected
    double connect_ms = 0;
    std::optional<net::tcp_facts> kernel;
    std::optional<double> begun_after_ms;  // since the first was begun; none: its turn never came
};

// One way to a server, of those that may be taken; an empty name means direct.
struct way_tried {
    net::host_port proxy;
    bool tried = false;
    std::optional<net::error> failed;
};

struct dialed {
    net::result<net::stream_ptr> stream;
    std::string peer;  // the address that DNS named, with the port
    std::optional<net::dial_target> winner;
    std::vector<attempt> attempts;
    std::optional<net::http::response> proxy_answer;
    std::optional<net::host_port> proxy;  // that was used
    std::size_t left_out = 0;             // addresses that were not to be tried
    std::vector<way_tried> ways = {};     // in the order in which to try them
};

// A and AAAA of a host, or the address itself when the host is one; in the order of the answers, IPv4 first as the
// desktop client does.
[[nodiscard]] net::awaitable<std::vector<net::ip_address>> addresses_of(
    context& c, std::string host, net::deadline until);

// The first so many in their order; where both families are there, half of them of each as far as it has as many.
[[nodiscard]] std::vector<net::dial_target> first_of_both_families(
    const std::vector<net::dial_target>& all, std::size_t most);

// What is worth telling of several that failed: an address that refused says more about the server than one that this
// PC has no way to. In the client's order among equals.
[[nodiscard]] net::error telling_failure(const std::vector<attempt>& attempts);

// Tries each address with a 250 ms head start (RFC 8305 5); the first that connects wins.
[[nodiscard]] net::awaitable<dialed> dial_any(context& c, net::host_port to, net::deadline until);

// The same, and goes on to try every address beside: `heard` gets each that did not win, as it ends (before or after
// the winner), with its stream when it connected. A proxy has one way in, so nothing is heard there.
using other_address = std::function<void(const attempt&, net::stream_ptr)>;
[[nodiscard]] net::awaitable<dialed> dial_every(
    context& c, net::host_port to, net::deadline until, other_address heard);

// For plain HTTP: where a proxy is used, the connection ends at it (`proxy` names it), without CONNECT.
[[nodiscard]] net::awaitable<dialed> dial_for_http(context& c, net::host_port to, net::deadline until);

}  // namespace ucsignin::signin
