#include "signin/base/windows_legs.hpp"

#include "auth/http_auth.hpp"
#include "net/challenges.hpp"
#include "signin/base/context.hpp"

namespace ucsignin::signin {
namespace {

constexpr int most_legs = 4;

}  // namespace

// Takes the token out of `WWW-Authenticate: NTLM <token>`.
std::string challenge_token(const net::http::response& r, std::string_view scheme) {
    const auto lines = r.all("WWW-Authenticate");
    const auto all = net::read_challenges(lines);
    const auto* found = net::find_scheme(all, scheme);
    return found ? std::string(found->rest) : std::string{};
}

bool offers(const net::http::response& r, std::string_view scheme) {
    const auto lines = r.all("WWW-Authenticate");
    return net::find_scheme(net::read_challenges(lines), scheme) != nullptr;
}

net::awaitable<void> windows_legs::run(
    log_in_session& session, auth::password_use* use, legs_outcome& done, net::deadline until) {
    const auto fail = [&done](const char* kind, std::string why) {
        done.answer.response = std::unexpected(web_error{ev::http_fault_word::from(kind).value(), std::move(why)});
    };
    auth::login login{c_.who.login, c_.has_password() ? *c_.options.password : auth::secret{}};
    auto tokens = auth::make_http_authenticator(scheme_, url_.host, std::move(login));
    std::string challenge;
    for (int leg = 0; leg < most_legs; ++leg) {
        auto token = co_await tokens->step(challenge, until);
        done.no_ticket = !use && (!token || tokens->by_password());
        if (done.no_ticket) co_return;
        done.lacks_ntlm = !token && tokens->lacks_ntlm();
        if (!token) co_return fail("protocol", scheme_ + ": " + token.error().detail);
        if (leg > 0 && tokens->by_password()) {
            done.password_used = true;
            use->sent();
        }
        auto request = request_;
        credentials proof{{{"Authorization", auth::secret(scheme_ + " " + token->reveal())}}, body_};
        done.answer = co_await c_.web.exchange(c_, session, std::move(request), std::move(proof), until);
        if (!done.answer.response || done.answer.response->status != 401) co_return;
        challenge = challenge_token(*done.answer.response, scheme_);
        if (challenge.empty() || done.password_used) co_return;
        // NTLM is bound to its connection; a proxy that closes it between the legs breaks the exchange.
        if (!session.usable()) co_return fail("closed", "the connection was closed between the legs of " + scheme_);
    }
}

}  // namespace ucsignin::signin
