#pragma once
// The proxy's own log-in (RFC 9110 11.7): Negotiate, NTLM or Basic, with credentials that were given for the proxy alone.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/deadline.hpp"
#include "net/http.hpp"

namespace ucsignin::signin {

struct context;

// Many connections start at once. One logs in first and the others wait for what comes of it, so that a wrong password
// is told to the proxy once.
struct proxy_gate {
    explicit proxy_gate(net::asio::any_io_executor executor) : decided(std::move(executor)) {}
    net::signal decided;
    bool trying = false;
    std::optional<bool> taken;   // whether the proxy took the credentials
};

// What is taken of what a Proxy-Authenticate offers: the strongest that can be answered. Negotiate needs no password when
// a ticket may be at hand. "" when there is none, or nothing was given for the proxy.
[[nodiscard]] std::string choose_proxy_scheme(const std::vector<std::string>& offered, bool login_given, bool password_given);

// Sends one request to the proxy with these further headers, on the connection of the time before when that still stands.
using proxy_request = std::function<net::awaitable<net::result<net::http::response>>(net::http::fields)>;

// The request without credentials, and after a 407 with them. What the proxy said last; errors are those of `send`.
[[nodiscard]] net::awaitable<net::result<net::http::response>> ask_proxy(context& c, std::string proxy_host, proxy_request send, net::deadline until);

}  // namespace ucsignin::signin
