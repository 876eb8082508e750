// Sends the request for a ticket by Windows log-in or by user name and password. A use of the password is reserved in
// the ledger before a byte leaves, and judged by the answer, so that no account is locked by retries.
#include "signin/base/ticket_login.hpp"

#include <algorithm>

#include "auth/http_auth.hpp"
#include "net/challenges.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::signin {
namespace {

using auth::password_way, auth::use_end;

constexpr std::string_view issue_action = "\"http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue\"";
constexpr int most_legs = 4;

net::http::request rst_request(const net::http::url& url) {
    net::http::request r;
    r.method = "POST";
    r.target = url.target;
    r.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", std::string(issue_action)}};
    return r;
}

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

// One exchange of tokens on one connection, up to the answer that holds no challenge any more.
class windows_exchange {
public:
    windows_exchange(context& c, std::string scheme, net::http::url url, auth::secret body)
        : c_(c), scheme_(std::move(scheme)), url_(std::move(url)), body_(std::move(body)) {}

    net::awaitable<void> run(
        log_in_session& session, auth::password_use& use, login_outcome& done, net::deadline until) {
        auth::login login{c_.who.login, *c_.options.password};
        auto tokens = auth::make_http_authenticator(scheme_, url_.host, login);
        std::string challenge;
        for (int leg = 0; leg < most_legs; ++leg) {
            auto token = co_await tokens->step(challenge, until);
            if (!token) {
                done.answer.response = std::unexpected(web_error{"protocol", scheme_ + ": " + token.error().detail});
                co_return;
            }
            if (leg > 0 && tokens->by_password()) {
                done.password_used = true;
                use.sent();
            }
            auto request = rst_request(url_);
            credentials proof{{{"Authorization", auth::secret(scheme_ + " " + token->reveal())}}, body_};
            done.answer = co_await c_.web.exchange(c_, session, std::move(request), std::move(proof), until);
            if (!done.answer.response || done.answer.response->status != 401) co_return;
            challenge = challenge_token(*done.answer.response, scheme_);
            if (challenge.empty() || done.password_used) co_return;
            if (!session.usable()) {
                // NTLM is bound to its connection; a proxy that closes it between the legs breaks the exchange.
                done.answer.response = std::unexpected(
                    web_error{"closed", "the connection was closed between the legs of " + scheme_});
                co_return;
            }
        }
    }

private:
    context& c_;
    std::string scheme_;
    net::http::url url_;
    auth::secret body_;
};

// Asked with NTLM, the service may say that it wants Negotiate, or answer NTLM's first message by no challenge; no
// password has left then, and the next scheme is tried, as WinHTTP does.
bool wants_negotiate(const login_outcome& done) {
    if (done.password_used || !done.answer.response || done.answer.response->status != 401) return false;
    return offers(*done.answer.response, "Negotiate") && challenge_token(*done.answer.response, "NTLM").empty();
}

// A use of the password that is reserved, and the connection on which it will leave.
struct begun_login {
    auth::password_use use;
    log_in_session session;
    net::deadline until;  // of the log-in, which begins once no other is under way
};

// Nothing when there is none; `done` says why.
net::awaitable<std::optional<begun_login>> begin(
    context& c, password_way way, credential_target to, net::http::url url, login_outcome& done) {
    auto use = co_await c.passwords.reserve(way, c.until.total());
    if (!use) {
        done.not_sent = use.error();
        co_return std::nullopt;
    }
    done.last_try = use->is_last_try();
    const auto until = c.until.http();
    std::optional<net::tls_facts> tls;
    auto session = co_await c.web.open_for(c, to, url, tls, until);
    done.answer.tls = tls;
    if (!session) {
        done.answer.response = std::unexpected(session.error());
        co_return std::nullopt;
    }
    co_return begun_login{std::move(*use), std::move(*session), until};
}

// Nothing is bound to the connection before the first token that counts: where the server hung up, a new one will do.
net::awaitable<bool> keep_open(
    context& c, credential_target to, net::http::url url, begun_login& begun, login_outcome& done) {
    if (begun.session.usable()) co_return true;
    auto again = co_await c.web.open_for(c, to, url, done.answer.tls, begun.until);
    if (again) begun.session = std::move(*again);
    else done.answer.response = std::unexpected(again.error());
    co_return again.has_value();
}

}  // namespace

use_end judge_answer(const web_answer& answer) {
    if (!answer.response) return use_end::unjudged;
    const auto& r = *answer.response;
    if (r.status == 401) return use_end::refused;
    if (r.status >= 200 && r.status < 300) return use_end::accepted;
    const auto fault = auth::parse_fault(r.body);
    const bool says_so = fault &&
                         (fault->error_id == 28020 || fault->code.find("FailedAuthentication") != std::string::npos ||
                          fault->code.find("InvalidSecurityToken") != std::string::npos);
    return says_so ? use_end::refused : use_end::unjudged;
}

net::awaitable<login_outcome> log_in_by_windows(
    context& c, credential_target to, net::http::url url, auth::ticket_request request) {
    login_outcome done;
    auto begun = co_await begin(c, password_way::web_ntlm, to, url, done);
    if (!begun) co_return done;
    const auto until = begun->until;
    const auto body = auth::ticket_request_xml(request);
    windows_exchange ntlm(c, "NTLM", url, body);
    co_await ntlm.run(begun->session, begun->use, done, until);
    if (wants_negotiate(done)) {
        const bool open = co_await keep_open(c, to, url, *begun, done);
        windows_exchange negotiate(c, "Negotiate", url, body);
        if (open) co_await negotiate.run(begun->session, begun->use, done, until);
    }
    done.end = judge_answer(done.answer);
    if (done.password_used) begun->use.end(done.end);
    co_return done;
}

net::awaitable<login_outcome> log_in_by_token(
    context& c, credential_target to, net::http::url url, auth::ticket_request request, token_form form) {
    const bool encoded = form == token_form::base64;
    login_outcome done;
    auto begun = co_await begin(
        c, encoded ? password_way::web_username_base64 : password_way::web_username_clear, to, url, done);
    if (!begun) co_return done;
    request.username = encoded ? sip::base64(c.who.login) : c.who.login;
    request.password = encoded ? auth::secret(sip::base64(c.options.password->reveal())) : *c.options.password;
    credentials proof{{}, auth::ticket_request_xml(request)};
    auto wanted = rst_request(url);
    done.password_used = true;
    begun->use.sent();
    done.answer = co_await c.web.exchange(c, begun->session, std::move(wanted), std::move(proof), begun->until);
    done.end = judge_answer(done.answer);
    begun->use.end(done.end);
    co_return done;
}

}  // namespace ucsignin::signin
