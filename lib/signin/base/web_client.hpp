#pragma once
// HTTP and HTTPS as the sign-in needs it: name, address, proxy, TLS, one or more requests on one connection.
// Nothing goes over a TLS connection whose certificate failed; such an answer is an error with the facts. Credentials
// go to a credential_target only, over a connection on which it proved its name, and never twice.

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/secret.hpp"
#include "net/http.hpp"
#include "net/http_cookies.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"
#include "signin/base/trust.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::signin {

namespace ev = trace::ev;
struct context;

struct web_error {
    ev::http_fault_word kind = "protocol";
    std::string detail;                          // for people
    int code = 0;                                // alert or status
    std::optional<ev::tls_fault_word> tls = {};  // when the handshake failed
    std::vector<std::string> tried = {};         // addresses of DNS to which no connection came up
};

// An open connection to one origin.
struct web_session {
    std::unique_ptr<net::http::connection> http;
    net::http::url origin;
    std::string peer;
    std::optional<net::tls_facts> tls;
    std::string by_proxy;  // plain HTTP: the proxy's host, which is asked with the whole URL (RFC 9112 3.2.2)
    net::clock::time_point last_used = net::clock::now();
};

struct web_answer {
    std::expected<net::http::response, web_error> response{std::unexpected(web_error{})};
    std::optional<net::tls_facts> tls;  // of the connection, when there was TLS
    double sent = 0, received = 0;      // this PC's wall clock, for clock_watch
    // What a server says over TLS that proved its name is its word; over plain HTTP it is anybody's.
    [[nodiscard]] bool proven() const { return response && tls && net::proves_identity(*tls); }
};

// What proves who the user is: revealed where a request to a credential_target is written, nowhere else.
struct credentials {
    std::vector<std::pair<std::string, auth::secret>> headers;
    std::optional<auth::secret> body;  // in place of the request's own
};

// A connection to a credential_target. NTLM is bound to it.
class log_in_session {
public:
    [[nodiscard]] bool usable() const { return session_.http->usable(); }
    [[nodiscard]] const std::optional<net::tls_facts>& tls() const { return session_.tls; }

private:
    friend class web_client;
    explicit log_in_session(web_session session) : session_(std::move(session)) {}
    web_session session_;
};

class web_client {
public:
    // A new connection. `tls` gets the facts whether it works or not. Throws std::logic_error when the URL is not the
    // target's, or not https: a bug.
    [[nodiscard]] net::awaitable<std::expected<log_in_session, web_error>> open_for(
        context& c, const credential_target& to, net::http::url origin, std::optional<net::tls_facts>& tls,
        net::deadline until);
    [[nodiscard]] net::awaitable<web_answer> exchange(
        context& c, log_in_session& session, net::http::request wanted, credentials proof, net::deadline until);
    // One request with credentials, on a connection of its own or on one that answered a moment ago.
    [[nodiscard]] net::awaitable<web_answer> send(
        context& c, const credential_target& to, net::http::url url, net::http::request wanted, credentials proof,
        net::deadline until);
    // Tells a request from the one before it to the same address: "" without a cookie.
    [[nodiscard]] std::string cookies_for(context& c, const net::http::url& to) const;
    // One request without credentials, on an idle connection to that origin if there is one.
    [[nodiscard]] net::awaitable<web_answer> fetch(
        context& c, net::http::url url, net::http::request wanted, net::deadline until);

private:
    [[nodiscard]] net::awaitable<std::expected<web_session, web_error>> open(
        context& c, net::http::url origin, std::optional<net::tls_facts>& tls, net::deadline until);
    [[nodiscard]] net::awaitable<web_answer> exchange(
        context& c, web_session& session, net::http::request wanted, net::deadline until);
    [[nodiscard]] std::optional<web_session> take_idle(const net::http::url& origin, net::clock::duration oldest);
    void give_back(web_session session);

    std::vector<web_session> idle_;
    net::http::cookie_jar cookies_;  // of this run
};

// "dns", "refused", ... for an error below HTTP.
[[nodiscard]] web_error to_web_error(const net::error&, const std::string& doing);

}  // namespace ucsignin::signin
