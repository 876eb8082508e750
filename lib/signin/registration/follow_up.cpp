#include "signin/registration/follow_up.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/connection/certificate.hpp"
#include "signin/connection/try_server.hpp"
#include "signin/notes.hpp"
#include "signin/registration/gss_exchange.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using ledger = auth::ledger;

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

std::string why_not_allowed(const context& c, const net::host_port& server) {
    if (c.options.auth != auth_choice::automatic) return "--auth names the only way to log in";
    if (!c.has_password()) return "no password was given";
    if (c.passwords.refusals() > 0) return "the password was refused in this run; it is not tried again, so that the account is not locked";
    if (!c.trusts(server.host)) return "no credentials go to " + server.host;
    return {};
}

// The log-in itself, on a session of its own. The word for the span, and what was answered.
struct verdict {
    std::string word, why;
};

net::awaitable<verdict> log_in(context& c, std::shared_ptr<session> s, net::deadline until) {
    auto plain = s->make_register();
    const auto first = co_await s->sip->request(std::move(plain), until);
    if (!first) co_return verdict{"no_answer", in_words(first.error())};
    const auto offered = schemes_of(first->answer);
    const auto ntlm = std::ranges::find(offered, std::string("NTLM"), &offered_scheme::scheme);
    if (ntlm == offered.end()) co_return verdict{"not_offered", "NTLM is not offered"};
    const auto prepared = co_await prepare_ntlm(c, s, *ntlm, until);
    if (!prepared) co_return verdict{"no_answer", prepared.error().why};
    c.passwords.used(ledger::protocol::sip);
    auto login = s->make_register();
    const auto reply = co_await s->sip->request(std::move(login), until);
    if (!reply) co_return verdict{"no_answer", in_words(reply.error())};
    const auto status = reply->answer.status;
    if (status == 401 || status == 407) {
        c.passwords.refused(ledger::protocol::sip);
        co_return verdict{"refused", in_words(reply->answer)};
    }
    if (status == 200) {
        auto leave = s->make_register();
        leave.add("Expires", "0");
        co_await s->sip->request(std::move(leave), until);
    }
    co_return verdict{"accepted", in_words(reply->answer)};
}

net::awaitable<void> look_by_ntlm(context& c, second_look one, net::deadline until) {
    auto span = c.trace.open("registration.cross_check", one.subject + " " + one.probe);
    span.note(ev::probe_kind, one.probe).note(ev::probe_of, one.subject);
    const auto server = challenger(c.trace.so_far());
    if (!server) co_return finish(span, "no_answer", "no registrar was reached");
    const auto name = fmt::format("{}:{}", server->host, server->port);
    span.note(ev::candidate, name);
    if (const auto why = why_not_allowed(c, *server); !why.empty()) co_return finish(span, "not_allowed", why);
    connection::variation as_usual;
    as_usual.keep_open = true;
    auto on = co_await connection::try_server(c, *server, std::move(as_usual), until);
    if (!on.stream) co_return finish(span, "no_answer", name + ": " + on.word);
    const auto certificate = connection::judge_certificate(on.facts, wall_clock());
    if (!certificate.trusted) co_return finish(span, "not_allowed", "no credentials go over this connection: " + certificate.why);
    auto s = std::make_shared<session>(c, name);
    s->local_address = on.stream->local_address();
    s->sip = sip::connection::start(std::move(on.stream), c.executor, {});
    const auto came = co_await log_in(c, s, until);
    s->sip->close();
    span.note(ev::password_uses, std::int64_t{c.passwords.uses()}).note(ev::password_refused, std::int64_t{c.passwords.refusals()});
    finish(span, came.word, fmt::format("NTLM at {}: {}", name, came.why));
}

}  // namespace

look find_look(std::string_view probe) { return probe == "sip_ntlm" ? look_by_ntlm : nullptr; }

}  // namespace ucsignin::signin::registration
