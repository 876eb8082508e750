#pragma once
// HTTP and HTTPS as the sign-in needs it: name, address, proxy, TLS, one or more requests on one connection.
// Nothing goes over a TLS connection whose certificate failed; such an answer is an error with the facts.

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/http.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"

namespace ucsignin::signin {

struct context;

struct web_error {
    std::string kind;      // evidence http.error.kind: dns, refused, timed_out, unreachable, reset, tls, certificate, proxy, protocol, closed
    std::string detail;    // for people
    int code = 0;          // alert or status
};

// An open connection to one origin. NTLM is bound to it.
struct web_session {
    std::unique_ptr<net::http::connection> http;
    net::http::url origin;
    std::string peer;
    std::optional<net::tls_facts> tls;
    std::string by_proxy;            // plain HTTP: the proxy's host, which is asked with the whole URL (RFC 9112 3.2.2)
};

struct web_answer {
    std::expected<net::http::response, web_error> response{std::unexpected(web_error{})};
    std::optional<net::tls_facts> tls;    // of the connection, when there was TLS
    double sent = 0, received = 0;        // this PC's wall clock, for clock_watch
};

class web_client {
public:
    // Opens a new connection. `tls` gets the facts whether it works or not.
    [[nodiscard]] net::awaitable<std::expected<web_session, web_error>> open(context& c, net::http::url origin,
                                                                             std::optional<net::tls_facts>& tls, net::deadline until);
    // One request, on an idle connection to that origin if there is one.
    [[nodiscard]] net::awaitable<web_answer> fetch(context& c, net::http::url url, net::http::request wanted, net::deadline until);
    // One request on a session of the caller's.
    [[nodiscard]] net::awaitable<web_answer> exchange(context& c, web_session& session, net::http::request wanted, net::deadline until);
    // Gives a session back for others to use; one that can't be used any more is dropped.
    void give_back(web_session session);

    std::shared_ptr<struct proxy_gate> proxy_login;   // shared by all connections through the proxy

private:
    std::vector<web_session> idle_;
};

// "dns", "refused", ... for an error below HTTP.
[[nodiscard]] web_error to_web_error(const net::error&, const std::string& doing);

}  // namespace ucsignin::signin
