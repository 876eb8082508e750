#pragma once
// The legs of NTLM or Negotiate over HTTP (RFC 4559, MS-NTHT): one request sent with a token again and again on one
// connection, until the answer holds no challenge any more.

#include <optional>
#include <string>
#include <vector>

#include "auth/ledger.hpp"
#include "auth/secret.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin {

// "" when the scheme isn't offered with a token, or not at all.
[[nodiscard]] std::string challenge_token(const net::http::response&, std::string_view scheme);
[[nodiscard]] bool offers(const net::http::response&, std::string_view scheme);

struct legs_outcome {
    web_answer answer;
    bool password_used = false;  // what proves it left
    bool no_ticket = false;      // only a ticket would do, and there is none at hand: nothing was sent
    bool lacks_ntlm = false;     // this PC has none; the answer says so, though nobody gave it
};

class windows_legs {
public:
    windows_legs(context& c, std::string scheme, net::http::url url, net::http::request request)
        : c_(c), scheme_(std::move(scheme)), url_(std::move(url)), request_(std::move(request)) {}
    // In place of the request's own body.
    void with_body(auth::secret body) { body_ = std::move(body); }

    // `use` is told when the password is about to leave; without one it goes by a ticket at hand or not at all.
    [[nodiscard]] net::awaitable<void> run(
        log_in_session& session, auth::password_use* use, legs_outcome& done, net::deadline until);

private:
    context& c_;
    std::string scheme_;
    net::http::url url_;
    net::http::request request_;
    std::optional<auth::secret> body_;
};

}  // namespace ucsignin::signin
