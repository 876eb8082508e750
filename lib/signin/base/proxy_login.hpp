#pragma once
// The proxy's own log-in (RFC 9110 11.7): Negotiate, NTLM or Basic, with credentials that were given for the proxy
// alone. Many connections start at once: by the proxy's own ledger one logs in first and the others wait for what comes
// of it, so that a wrong password is told to the proxy once.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "auth/ledger.hpp"
#include "auth/secret.hpp"
#include "net/http.hpp"

namespace ucsignin::signin {

// What was given for the proxy, and the ledger of its uses.
struct proxy_account {
    std::string login;                     // empty: nothing is told to a proxy that asks
    std::optional<auth::secret> password;  // none: a Kerberos ticket may do
    auth::ledger& uses;
};

// What is taken of what the lines of a Proxy-Authenticate offer: the strongest first, and the next where one broke
// without the password having been judged. Negotiate needs no password when a ticket may be at hand; Basic sends the
// password itself, and is taken only where no line offers better. Empty when there is none, or nothing was given for
// the proxy.
[[nodiscard]] std::vector<std::string> proxy_schemes(
    const std::vector<std::string>& lines, bool login_given, bool password_given);

// Sends one request to the proxy with these further headers, on the connection of the time before when that still
// stands, else on a new one; `hang_up` makes it a new one.
struct proxy_request {
    std::function<net::awaitable<net::result<net::http::response>>(net::http::fields)> send;
    std::function<bool()> stands;
    std::function<void()> hang_up;
};

// The request without credentials, and after a 407 with them. What the proxy said last; errors are those of `send`.
[[nodiscard]] net::awaitable<net::result<net::http::response>> ask_proxy(
    proxy_account as, std::string proxy_host, proxy_request request, net::deadline until);

}  // namespace ucsignin::signin
