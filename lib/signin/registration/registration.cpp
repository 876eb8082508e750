// Tells the stage in order and leaves each step to its file. Every end is written to a span before it is returned, so
// that the caller only has to know whether to go on with another server.
#include "signin/registration/registration.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "signin/base/clock_watch.hpp"
#include "signin/base/tls_ending.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/registration/challenge.hpp"
#include "signin/registration/confirmation.hpp"
#include "signin/registration/dsk_handshake.hpp"
#include "signin/registration/gss_exchange.hpp"
#include "signin/registration/signed_register.hpp"
#include "signin/base/trust_trace.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using end = registered::end;

void trace_service(context& c, const session& s, const service_verdict& verdict, const sip::message* answer) {
    auto span = c.trace.open<"connection.service">(s.candidate);
    span.note(ev::candidate, s.candidate).note(ev::service, verdict.kind);
    if (answer) {
        note_sip(span, *answer);
        for (const auto& o : schemes_of(*answer)) span.note(ev::auth_scheme_offered, o.scheme);
    }
    span.finish(verdict.branch, verdict.branch == "yes" ? outcome::ok : outcome::failed, verdict.why);
}

// In TLS 1.3 a server judges the client's certificate when the client holds the handshake for done: what the handshake
// came to is decided again then.
registered finish_by_alert(context& c, const session& s, trace::scope& span, const net::error& error) {
    const auto why = "TLS was ended when the REGISTER came: " + in_words(error);
    span.not_run(trace::not_run_reason::not_reached, why);
    const bool for_want_of_certificate = is_about_a_client_certificate(error.code, s.client_certificate_wanted);
    auto tls = c.trace.open<"connection.tls">(s.candidate);
    tls.note(ev::candidate, s.candidate)
        .note(ev::tls_client_auth, s.client_certificate_wanted)
        .note(ev::tls_alert, std::to_string(error.code));
    tls.finish({for_want_of_certificate, "client_certificate", "alert"}, outcome::failed, why);
    return {end::not_this_service, {}, why};
}

// No answer to the first REGISTER: from a web server, from something else, or plain silence.
registered finish_unanswered(context& c, const session& s, trace::scope& span, const sip::no_answer& error) {
    if (error.what == net::fault::tls_alert) return finish_by_alert(c, s, span, error);
    // 100 Trying is an answer: what speaks SIP so far is a SIP server, whose next hop is silent.
    if (error.provisional > 0 && error.what != net::fault::protocol) {
        trace_service(c, s, {"yes", "sfb", "it answered 100 Trying"}, nullptr);
        note_sip_error(span, error);
        span.note(ev::sip_provisional, std::int64_t{error.provisional});
        span.finish("silent", outcome::failed, "REGISTER: 100 Trying, and then: " + in_words(error));
        return {end::failed, {}, "the registrar sends no final answer"};
    }
    const auto other = judge_service(error);
    if (other && other->branch == "yes") {
        trace_service(c, s, *other, nullptr);
        note_sip_error(span, error);
        span.finish("unreadable", outcome::failed, "REGISTER: " + in_words(error));
        return {end::failed, {}, "the registrar's answer can't be read"};
    }
    if (other) {
        span.not_run(trace::not_run_reason::not_applicable, other->why);
        trace_service(c, s, *other, nullptr);
        return {end::not_this_service, {}, other->why};
    }
    auto service = c.trace.open<"connection.service">(s.candidate);
    service.note(ev::candidate, s.candidate).finish("silent", outcome::unknown, "it did not answer the REGISTER");
    note_sip_error(span, error);
    span.finish("silent", outcome::failed, "REGISTER: " + in_words(error));
    return {end::failed, {}, "the registrar is silent"};
}

struct first_answer {
    bool challenged = false;              // else `result` says how it ended
    std::vector<offered_scheme> offered;  // a challenge may offer nothing
    registered result;
};

net::awaitable<first_answer> send_first_register(context& c, std::shared_ptr<session> s) {
    auto span = c.trace.open<"registration.first_register">(s->candidate);
    span.wait_for_latest("connection.certificate", s->candidate)
        .wait_for_latest("discovery.candidates")
        .note(ev::candidate, s->candidate)
        .note(ev::sip_call_id, s->call_id)
        .note(ev::sip_user_agent, c.options.user_agent);
    const auto sent = c.environment.clock->seconds();
    auto request = s->make_register();
    const auto our_via = request.header("Via").value_or("");
    auto reply = co_await s->sip->request(std::move(request), c.until.sip());
    if (!reply) co_return first_answer{false, {}, finish_unanswered(c, *s, span, reply.error())};
    const auto& answer = reply->answer;
    c.clock.observe(
        s->server.host, answer.header("Date").value_or(""), sent, c.environment.clock->seconds(), answer_age::fresh);
    const auto service = judge_service(answer);
    trace_service(c, *s, service, &answer);
    note_sip(span, answer);
    if (const auto echo = answer.header("Via").value_or(""); via_is_changed(our_via, echo))
        span.note(ev::sip_via_changed, echo);
    if (service.branch != "yes") {
        span.not_run(trace::not_run_reason::not_applicable, service.why);
        co_return first_answer{false, {}, {end::not_this_service, {}, service.why}};
    }
    if (answer.status == 401 || answer.status == 407) {
        span.finish("challenge", outcome::ok, in_words(answer));
        co_return first_answer{true, schemes_of(answer), {}};
    }
    if (answer.status >= 300 && answer.status < 400) {
        span.finish("redirect", outcome::ok, in_words(answer));
        co_return first_answer{false, {}, follow_redirect(c, *s, answer)};
    }
    const bool accepted = answer.status >= 200 && answer.status < 300;
    span.finish({accepted, "unchallenged", "refusal"}, accepted ? outcome::warning : outcome::failed, in_words(answer));
    if (accepted) trace_signature(c, *s, sip::protector::verdict::missing);
    co_return first_answer{false, {}, {end::failed, {}, in_words(answer)}};
}

std::string_view words_of(std::string_view scheme) {
    if (scheme == "TLS-DSK") return "TLS-DSK: authentication by user certificate";
    return scheme == "Kerberos" ? "Kerberos: authentication by ticket" : "NTLM: authentication by password";
}

void trace_challenge(context& c, const session& s, const std::vector<offered_scheme>& offered) {
    auto span = c.trace.open<"registration.challenge">(s.candidate);
    span.wait_for_latest("registration.first_register", s.candidate).note(ev::candidate, s.candidate);
    std::string list;
    for (const auto& o : offered) {
        list += (list.empty() ? "" : ", ") + o.scheme;
        span.note(ev::auth_scheme_offered, o.scheme).note(ev::auth_target, o.targetname).note(ev::auth_realm, o.realm);
        span.note(ev::auth_version, std::int64_t{o.version});
        if (!o.sts_uri.empty()) span.note(ev::auth_sts, o.sts_uri);
    }
    const auto branch = challenge_branch(offered);
    span.finish(
        branch, branch == "others_only" ? outcome::failed : outcome::ok, "offers " + (list.empty() ? "nothing" : list));
}

ev::withheld_word kind_of(std::string_view scheme) {
    if (scheme == "TLS-DSK") return "certificate";
    if (scheme == "Kerberos") return "kerberos";
    return "ntlm";
}

struct log_in_choice {
    offered_scheme scheme;
    credential_target to;
};

std::optional<log_in_choice> take_scheme(
    context& c, const session& s, const std::vector<offered_scheme>& offered, const permission& may_log_in,
    const std::vector<failed_scheme>& failed) {
    auto span = c.trace.open<"registration.scheme">(s.candidate);
    span.wait_for_latest("registration.challenge", s.candidate).wait_for_latest("registration.kerberos", s.candidate);
    span.note(ev::candidate, s.candidate);
    const auto kept = c.pc.cache.certificate(c.who.address, wall_clock(c));
    auto choice = choose_scheme(offered, c.options.auth, c.has_password(), failed, kept && *kept);
    const auto allowed = may_log_in();
    if (choice.taken && !allowed) {
        if (allowed.error().caution)
            note_withheld(c, *allowed.error().caution, kind_of(choice.taken->scheme), s.candidate);
        if (allowed.error().caution) span.note(ev::credentials_withheld, kind_of(choice.taken->scheme));
        choice = withhold(std::move(choice), allowed.error().why);
    }
    std::string why = "none of the schemes offered can be used";
    for (const auto& option : choice.decision.considered)
        if (option.option == "TLS-DSK" || choice.decision.considered.size() == 1)
            why = option.option + ": " + option.why;
    tell(span, choice.decision);
    const auto branch = scheme_branch(choice.taken);
    if (!choice.taken) {
        span.finish(branch, outcome::failed, why);
        return std::nullopt;
    }
    span.note(ev::auth_scheme, choice.taken->scheme)
        .finish(branch, outcome::ok, std::string(words_of(choice.taken->scheme)));
    return log_in_choice{std::move(*choice.taken), *allowed};
}

// With a certificate at hand: the handshake, and the REGISTER that its keys sign.
net::awaitable<registered> log_on(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme,
    auth::user_certificate credential) {
    const bool shaken = co_await shake_hands(c, s, to, scheme, std::move(credential));
    if (!shaken) co_return registered{end::failed, {}, "the TLS-DSK handshake failed"};
    co_return co_await send_signed_register(c, s);
}

net::awaitable<registered> register_by_certificate(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme,
    std::shared_ptr<key_maker> key) {
    // On the second connection of a sign-in.
    if (key->issued) {
        auto again = *key->issued;
        trace_issued_before(c, *s, again);
        co_return co_await log_on(c, s, to, scheme, std::move(again));
    }
    const auto kept = take_cached_certificate(c, *s);
    if (kept) {
        auto ended = co_await log_on(c, s, to, scheme, *kept);
        if (ended.how != end::failed) co_return ended;
        // As the desktop client does: a certificate that is refused is replaced, once. On a connection that the server
        // closed that is left to the next sign-in.
        note_refused_certificate(c, *s, ended.why);
        if (!s->sip->is_open()) co_return ended;
        s->sip->protect(nullptr);
    }
    auto credential = co_await obtain_certificate(c, s, to, scheme.sts_uri, key);
    if (!credential) co_return registered{end::failed, {}, "no user certificate"};
    const auto ended = co_await log_on(c, s, to, scheme, *credential);
    if (ended.how == end::confirmed) {
        keep_certificate(c, *credential);
        key->issued = *credential;
    }
    co_return ended;
}

}  // namespace

net::awaitable<registered> register_endpoint(
    context& c, std::shared_ptr<session> s, permission may_log_in, std::shared_ptr<key_maker> key) {
    auto first = co_await send_first_register(c, s);
    c.clock.decide(c.trace, c.environment.clock->seconds());
    if (!first.challenged) co_return first.result;
    trace_challenge(c, *s, first.offered);
    if (first.offered.empty()) co_return registered{end::failed, {}, "it requires a log-in and offers no scheme"};
    // Kerberos without a ticket costs nothing and refuses nothing: the next scheme has its turn then.
    std::vector<failed_scheme> failed;
    for (;;) {
        const auto choice = take_scheme(c, *s, first.offered, may_log_in, failed);
        if (!choice) co_return registered{end::failed, {}, "no scheme can be used"};
        const auto& scheme = choice->scheme;
        s->scheme = scheme.scheme;
        if (scheme.scheme == "TLS-DSK") co_return co_await register_by_certificate(c, s, choice->to, scheme, key);
        if (scheme.scheme == "NTLM") co_return co_await register_by_ntlm(c, s, choice->to, scheme);
        auto done = co_await register_by_kerberos(c, s, choice->to, scheme);
        if (!done.without_ticket) co_return done.result;
        failed.push_back({scheme.scheme, done.result.why});
    }
}

}  // namespace ucsignin::signin::registration
