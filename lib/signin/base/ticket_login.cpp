// Sends the request for a ticket by Windows log-in or by user name and password. A use of the password is reserved in
// the ledger before a byte leaves, and judged by the answer, so that no account is locked by retries.
#include "signin/base/ticket_login.hpp"

#include <algorithm>

#include "signin/base/windows_legs.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::signin {
namespace {

using auth::password_way, auth::use_end;

constexpr std::string_view issue_action = "\"http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue\"";

net::http::request rst_request(const net::http::url& url) {
    net::http::request r;
    r.method = "POST";
    r.target = url.target;
    r.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", std::string(issue_action)}};
    return r;
}

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

net::awaitable<void> go_through(
    std::string scheme, context& c, net::http::url url, auth::secret body, begun_login& begun, login_outcome& done) {
    auto request = rst_request(url);
    windows_legs legs(c, std::move(scheme), std::move(url), std::move(request));
    legs.with_body(std::move(body));
    legs_outcome went{done.answer};
    co_await legs.run(begun.session, &begun.use, went, begun.until);
    done.answer = std::move(went.answer);
    done.password_used = went.password_used;
    done.lacks_ntlm = went.lacks_ntlm;
    if (done.lacks_ntlm) done.not_sent = done.answer.response.error().detail;
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
    const auto body = auth::ticket_request_xml(request);
    co_await go_through("NTLM", c, url, body, *begun, done);
    if (wants_negotiate(done)) {
        const bool open = co_await keep_open(c, to, url, *begun, done);
        if (open) co_await go_through("Negotiate", c, url, body, *begun, done);
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
