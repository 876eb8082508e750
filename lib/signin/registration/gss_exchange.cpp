// Both schemes end in a token in the first signed REGISTER, whose answer therefore judges log-in and request at once.
#include "signin/registration/gss_exchange.hpp"

#include <fmt/format.h>

#include "signin/base/notes.hpp"
#include "signin/registration/confirmation.hpp"
#include "signin/registration/signed_register.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "trace/evidence_local.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using end = registered::end;
using auth::password_way, auth::use_end;
using failure = auth::gss_failure::kind;

std::string host_of_target(const std::string& targetname) {
    const auto slash = targetname.find('/');
    return slash == std::string::npos ? targetname : targetname.substr(slash + 1);
}

void protect(session& s, const offered_scheme& scheme, std::shared_ptr<auth::sip_authenticator> by, std::string token) {
    s.realm = scheme.realm;
    s.targetname = host_of_target(scheme.targetname);
    auth::gss_parameters with{scheme.scheme, scheme.realm, scheme.targetname, s.opaque, scheme.version};
    s.sip->protect(auth::make_gss_protector(std::move(by), std::move(with), std::move(token)));
}

// What the 401 to an empty token carries.
struct challenge_of {
    std::string token, opaque;
};
std::optional<challenge_of> ntlm_challenge(const sip::message& answer) {
    if (answer.status != 401 && answer.status != 407) return std::nullopt;
    for (const auto* name : {"WWW-Authenticate", "Proxy-Authenticate"})
        for (const auto& text : answer.all(name))
            for (const auto& h : sip::parse_challenges(text)) {
                const bool is_ntlm = sip::same_word(h.scheme, "NTLM");
                const auto token = is_ntlm ? sip::from_base64(h.parameter("gssapi-data")) : std::nullopt;
                if (token && !token->empty()) return challenge_of{*token, h.parameter("opaque")};
            }
    return std::nullopt;
}

void note_password(context& c, trace::scope& span) {
    span.note(ev::password_uses, std::int64_t{c.passwords.uses()})
        .note(ev::password_refused, std::int64_t{c.passwords.refused()});
    if (c.passwords.unjudged() > 0) span.note(ev::password_unjudged, std::int64_t{c.passwords.unjudged()});
}

// Sends the empty token.
net::awaitable<std::expected<challenge_of, ntlm_problem>> ask_for_challenge(
    std::shared_ptr<session> s, offered_scheme scheme, net::deadline until) {
    auto request = s->make_register();
    request.add(
        "Authorization", fmt::format(
                             "NTLM qop=\"auth\", realm=\"{}\", targetname=\"{}\", gssapi-data=\"\", version={}",
                             scheme.realm, scheme.targetname, scheme.version));
    auto reply = co_await s->sip->request(std::move(request), until);
    if (!reply)
        co_return std::unexpected(
            ntlm_problem{{}, reply.error(), "asking for an NTLM challenge: " + in_words(reply.error())});
    if (auto challenge = ntlm_challenge(reply->answer)) co_return std::move(*challenge);
    auto why = "instead of an NTLM challenge there came " + in_words(reply->answer);
    co_return std::unexpected(ntlm_problem{std::move(reply->answer), {}, std::move(why)});
}

// The log-in goes out with the signed REGISTER; its answer decides both.
net::awaitable<registered> send_login(
    context& c, std::shared_ptr<session> s, trace::scope& span, auth::password_use& use) {
    auto signed_span = c.trace.open<"registration.signed_register">(s->candidate);
    signed_span.wait_for(span.span_id()).note(ev::candidate, s->candidate);
    use.sent();
    auto request = s->make_register();
    s->asked_to_register = true;
    auto reply = co_await s->sip->request(std::move(request), c.until.sip());
    if (reply) s->asked_to_register = false;
    span.note(ev::step, "login");
    const auto verdict = judge_login(reply);
    use.end(verdict);
    note_password(c, span);
    if (verdict == use_end::refused) {
        note_sip(span, reply->answer);
        signed_span.not_run(trace::not_run_reason::not_reached, "the log-in was refused");
        span.finish("refused", outcome::failed, in_words(reply->answer));
        co_return registered{end::failed, {}, in_words(reply->answer)};
    }
    signed_span.note(ev::sip_discarded, std::int64_t{s->sip->discarded()});
    if (reply) {
        if (verdict == use_end::accepted)
            span.finish(
                "complete", use.is_last_try() ? outcome::warning : outcome::ok,
                use.is_last_try() ? "the log-in was accepted; this was the second and last try with the password"
                                  : "the log-in was accepted");
        else
            span.finish(
                "complete", outcome::warning,
                "nothing shows whether the log-in was accepted: " + in_words(reply->answer));
        co_return finish_signed(c, *s, signed_span, *reply);
    }
    note_sip_error(signed_span, reply.error());
    span.not_run(trace::not_run_reason::not_reached, "no answer showed whether the log-in was accepted");
    signed_span.finish("silent", outcome::failed, "signed REGISTER: " + in_words(reply.error()));
    co_return registered{end::failed, {}, "no answer to the signed REGISTER"};
}

}  // namespace

chart::branch_at<"registration.kerberos"> kerberos_branch(failure what) {
    switch (what) {
        case failure::no_ticket:
        case failure::expired: return "none";
        case failure::unreachable:
        case failure::timed_out: return "kdc_unreachable";
        default: return "refused";
    }
}

use_end judge_login(const net::result<sip::reply>& reply) {
    if (!reply) return use_end::unjudged;
    if (reply->signature == sip::protector::verdict::valid) return use_end::accepted;
    const auto status = reply->answer.status;
    if (status == 401 || status == 407) return use_end::refused;
    return status >= 200 && status < 300 ? use_end::accepted : use_end::unjudged;
}

net::awaitable<std::expected<void, ntlm_problem>> prepare_ntlm(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme, net::deadline until) {
    require_meant(to, *s);
    auto challenge = co_await ask_for_challenge(s, scheme, until);
    if (!challenge) co_return std::unexpected(std::move(challenge.error()));
    s->opaque = challenge->opaque;
    auth::login who{c.who.login, *c.options.password};
    auto exchange = auth::make_ntlm_authenticator(scheme.targetname, std::move(who));
    auto began = co_await exchange->step({}, until);
    auto token = began;
    if (began) token = co_await exchange->step(std::move(challenge->token), until);
    if (!token)
        co_return std::unexpected(ntlm_problem{
            {},
            {},
            "the challenge can't be answered: " + token.error().detail,
            token.error().what == failure::no_ntlm});
    // A challenge may have negotiated signatures away: then no signed REGISTER can carry the log-in.
    if (const auto probe = exchange->mic("probe"); !probe)
        co_return std::unexpected(
            ntlm_problem{{}, {}, "nothing can be signed with that challenge: " + probe.error().detail});
    protect(*s, scheme, exchange, std::move(*token));
    co_return std::expected<void, ntlm_problem>{};
}

net::awaitable<registered> register_by_ntlm(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme) {
    auto span = c.trace.open<"registration.ntlm">(s->candidate);
    span.wait_for_latest("registration.scheme", s->candidate)
        .note(ev::candidate, s->candidate)
        .note(ev::auth_target, scheme.targetname);
    auto use = co_await c.passwords.reserve(password_way::sip_ntlm, c.until.total());
    if (!use) {
        note_password(c, span);
        span.finish("refused", outcome::failed, use.error());
        co_return registered{end::failed, {}, "the password may not be used again"};
    }
    const auto prepared = co_await prepare_ntlm(c, s, to, scheme, c.until.sip());
    if (prepared) co_return co_await send_login(c, s, span, *use);
    const auto& problem = prepared.error();
    span.note(ev::step, "challenge");
    if (problem.answer) note_sip(span, *problem.answer);
    if (problem.error) note_sip_error(span, *problem.error);
    if (problem.lacks_ntlm) span.note(ev::missing_mechanism, "NTLM");
    span.finish("broken_off", outcome::failed, problem.why);
    co_return registered{end::failed, {}, problem.why};
}

static by_kerberos without_ticket(
    context& c, trace::scope_at<"registration.kerberos">& span, const auth::gss_failure& problem) {
    span.note(ev::kerberos_fault, auth::word_of(problem.what));
    const auto branch = kerberos_branch(problem.what);
    const bool next = c.options.auth == auth_choice::automatic;
    span.finish(branch, next && branch != "refused" ? outcome::expected : outcome::failed, problem.detail);
    return {{end::failed, {}, "Kerberos: " + problem.detail}, next};
}

net::awaitable<by_kerberos> register_by_kerberos(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme) {
    require_meant(to, *s);
    auto span = c.trace.open<"registration.kerberos">(s->candidate);
    span.wait_for_latest("registration.scheme", s->candidate)
        .note(ev::candidate, s->candidate)
        .note(ev::auth_target, scheme.targetname);
    // With --auth kerberos a password may buy a ticket; else only what is at hand counts.
    std::optional<auth::password_use> use;
    if (c.options.auth == auth_choice::kerberos && c.has_password()) {
        auto reserved = co_await c.passwords.reserve(password_way::kerberos, c.until.total());
        if (reserved) use.emplace(std::move(*reserved));
    }
    const bool by_password = use.has_value();
    auto exchange = auth::make_kerberos_authenticator(
        host_of_target(scheme.targetname), by_password ? c.who.login : c.options.login,
        by_password ? c.options.password : std::nullopt);
    // Counted although a ticket at hand may make it needless: better one use too many in the ledger than in the
    // directory.
    if (use) use->sent();
    auto token = co_await exchange->step({}, c.until.sip());
    if (use)
        use->end(
            token                                    ? use_end::accepted
            : token.error().what == failure::refused ? use_end::refused
                                                     : use_end::unjudged);
    if (!token) co_return without_ticket(c, span, token.error());
    span.finish("ticket", outcome::ok, "a ticket for " + scheme.targetname);
    s->opaque.clear();
    protect(*s, scheme, exchange, std::move(*token));
    auto result = co_await send_signed_register(c, s);
    co_return by_kerberos{std::move(result), false};
}

}  // namespace ucsignin::signin::registration
