// Says whether the password is right when only the way to a certificate failed. It uses the password once more, so the
// ledger, --auth and the trust rule are asked first.
#include "signin/registration/follow_up.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/connection/certificate.hpp"
#include "signin/connection/try_server.hpp"
#include "signin/base/notes.hpp"
#include "signin/registration/gss_exchange.hpp"
#include "signin/base/trust_trace.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;

void finish(trace::scope& span, const std::string& word, std::string summary) {
    span.note(ev::probe_result, word);
    if (word == "accepted") span.finish("differs", outcome::ok, std::move(summary));
    else if (word == "refused") span.finish("same", outcome::ok, std::move(summary));
    else span.finish("no_answer", outcome::unknown, std::move(summary));
}

// The registrar that offered its schemes last.
std::optional<net::host_port> challenger(const trace::record& so_far) {
    const auto* asked = so_far.latest("registration.challenge");
    const auto server = asked ? net::parse_host_port(asked->subject, 0) : std::unexpected(net::error{});
    return server && server->port != 0 ? std::optional(*server) : std::nullopt;
}

std::string why_not_allowed(const context& c) {
    if (c.options.auth != auth_choice::automatic) return "--auth names the only way to log in";
    if (!c.has_password()) return "no password was given";
    if (c.passwords.refused() > 0)
        return "the password was refused in this run; it is not tried again, so that the account is not locked";
    return c.passwords.objection(auth::password_way::sip_ntlm);
}

// The log-in itself, on a session of its own. The word for the span, and what was answered.
struct log_in_verdict {
    std::string word, why;
    std::optional<sip::message> answer = {};  // to the log-in: it may refuse the user, whatever it says of the password
};

net::awaitable<log_in_verdict> log_in(
    context& c, std::shared_ptr<session> s, credential_target to, net::deadline until) {
    auto plain = s->make_register();
    const auto first = co_await s->sip->request(std::move(plain), until);
    if (!first) co_return log_in_verdict{"no_answer", in_words(first.error())};
    const auto offered = schemes_of(first->answer);
    const auto ntlm = std::ranges::find(offered, std::string("NTLM"), &offered_scheme::scheme);
    if (ntlm == offered.end()) co_return log_in_verdict{"not_offered", "NTLM is not offered"};
    auto use = co_await c.passwords.reserve(auth::password_way::sip_ntlm, until);
    if (!use) co_return log_in_verdict{"not_allowed", use.error()};
    const auto prepared = co_await prepare_ntlm(c, s, to, *ntlm, until);
    if (!prepared) co_return log_in_verdict{"no_answer", prepared.error().why};
    use->sent();
    auto login = s->make_register();
    const auto reply = co_await s->sip->request(std::move(login), until);
    const auto end = judge_login(reply);
    use->end(end);
    if (!reply) co_return log_in_verdict{"no_answer", in_words(reply.error())};
    if (end == auth::use_end::refused) co_return log_in_verdict{"refused", in_words(reply->answer), reply->answer};
    if (end == auth::use_end::unjudged) co_return log_in_verdict{"no_answer", in_words(reply->answer)};
    if (reply->answer.status == 200) {
        auto leave = s->make_register();
        leave.add("Expires", "0");
        co_await s->sip->request(std::move(leave), until);
    }
    co_return log_in_verdict{"accepted", in_words(reply->answer), reply->answer};
}

net::awaitable<void> look_by_ntlm(context& c, second_look one, net::deadline until) {
    auto span = open_look(c, "registration.cross_check", one);
    const auto server = challenger(c.trace.so_far());
    if (!server) co_return finish(span, "no_answer", "no registrar was reached");
    const auto name = net::to_string(*server);
    span.note(ev::candidate, name);
    if (const auto why = why_not_allowed(c); !why.empty()) co_return finish(span, "not_allowed", why);
    const auto to = covered_before(c, server->host);
    if (!to) co_return finish(span, "not_allowed", "no credentials go to " + server->host);
    connection::variation as_usual;
    as_usual.keep_open = true;
    auto on = co_await connection::try_server(c, *server, std::move(as_usual), until);
    if (!on.stream) co_return finish(span, "no_answer", name + ": " + on.word);
    auto verified = net::verified_stream::of(std::move(*on.stream));
    if (!verified)
        co_return finish(
            span, "not_allowed",
            "no credentials go over this connection: " + connection::judge_certificate(on.facts, wall_clock(c)).why);
    const auto s = open_session(c, *server, std::move(*verified), on.facts);
    const auto came = co_await log_in(c, s, *to, until);
    s->sip->close();
    span.note(ev::password_uses, std::int64_t{c.passwords.uses()})
        .note(ev::password_refused, std::int64_t{c.passwords.refused()});
    if (came.answer) note_sip(span, *came.answer);
    finish(span, came.word, fmt::format("NTLM at {}: {}", name, came.why));
}

}  // namespace

look find_look(std::string_view probe) { return probe == trace::look_ref("sip_ntlm") ? look_by_ntlm : nullptr; }

}  // namespace ucsignin::signin::registration
