#include "signin/registration/registration.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "signin/clock_watch.hpp"
#include "signin/notes.hpp"
#include "signin/registration/challenge.hpp"
#include "signin/registration/confirmation.hpp"
#include "signin/registration/dsk_handshake.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using end = registered::end;

void trace_service(context& c, const session& s, const service_verdict& verdict, const sip::message* answer) {
    auto span = c.trace.open("connection.service", s.candidate);
    span.note(ev::candidate, s.candidate).note(ev::service, verdict.kind);
    if (answer) {
        note_sip(span, *answer);
        for (const auto& o : schemes_of(*answer)) span.note(ev::auth_scheme_offered, o.scheme);
    }
    span.finish(verdict.branch, verdict.branch == "yes" ? outcome::ok : outcome::failed, verdict.why);
}

// No answer to the first REGISTER: from a web server, from something else, or plain silence.
registered finish_unanswered(context& c, const session& s, trace::scope& span, const net::error& error) {
    if (const auto other = judge_service(error)) {
        span.not_run(trace::not_run_reason::not_applicable, other->why);
        trace_service(c, s, *other, nullptr);
        return {end::not_this_service, {}, other->why};
    }
    auto service = c.trace.open("connection.service", s.candidate);
    service.note(ev::candidate, s.candidate).finish("silent", outcome::unknown, "it did not answer the REGISTER");
    note_sip_error(span, error);
    span.finish("silent", outcome::failed, "REGISTER: " + in_words(error));
    return {end::failed, {}, "the registrar is silent"};
}

std::optional<net::host_port> contact_of(const sip::message& m) {
    const auto contact = m.header("Contact");
    const auto uri = contact ? sip::parse_uri(sip::parse_name_addr(*contact).uri) : std::nullopt;
    if (!uri || uri->host.empty()) return std::nullopt;
    return net::host_port{uri->host, uri->port == 0 ? std::uint16_t{5061} : uri->port};
}

registered follow_redirect(context& c, const session& s, const sip::message& answer) {
    auto span = c.trace.open("registration.redirect", s.candidate);
    span.note(ev::candidate, s.candidate);
    note_sip(span, answer);
    const auto home = contact_of(answer);
    if (!home) {
        span.finish("loop", outcome::failed, "redirected without saying where to");
        return {end::failed, {}, "redirected to nowhere"};
    }
    span.note(ev::home_server, home->host).finish("there", outcome::ok, fmt::format("home is {}:{}", home->host, home->port));
    return {end::redirected, home, {}};
}

struct first_answer {
    std::vector<offered_scheme> offered;   // empty: `result` says how it ended
    registered result;
};

net::awaitable<first_answer> send_first_register(context& c, std::shared_ptr<session> s) {
    auto span = c.trace.open("registration.first_register", s->candidate);
    span.note(ev::candidate, s->candidate).note(ev::sip_call_id, s->call_id).note(ev::sip_user_agent, c.options.user_agent);
    const auto sent = wall_clock_now();
    auto request = s->make_register();
    auto reply = co_await s->sip->request(std::move(request), c.until.sip());
    if (!reply) co_return first_answer{{}, finish_unanswered(c, *s, span, reply.error())};
    const auto& answer = reply->answer;
    c.clock.observe(s->candidate.substr(0, s->candidate.rfind(':')), answer.header("Date").value_or(""), sent, wall_clock_now());
    const auto service = judge_service(answer);
    trace_service(c, *s, service, &answer);
    note_sip(span, answer);
    if (service.branch != "yes") {
        span.not_run(trace::not_run_reason::not_applicable, service.why);
        co_return first_answer{{}, {end::not_this_service, {}, service.why}};
    }
    if (answer.status == 401 || answer.status == 407) {
        span.finish("challenge", outcome::ok, in_words(answer));
        co_return first_answer{schemes_of(answer), {}};
    }
    if (answer.status >= 300 && answer.status < 400) {
        span.finish("redirect", outcome::ok, in_words(answer));
        co_return first_answer{{}, follow_redirect(c, *s, answer)};
    }
    const bool accepted = answer.status >= 200 && answer.status < 300;
    span.finish(accepted ? "unchallenged" : "refusal", accepted ? outcome::warning : outcome::failed, in_words(answer));
    if (accepted) trace_signature(c, *s, sip::protector::verdict::missing);
    co_return first_answer{{}, {end::failed, {}, in_words(answer)}};
}

void trace_challenge(context& c, const session& s, const std::vector<offered_scheme>& offered) {
    auto span = c.trace.open("registration.challenge", s.candidate);
    span.note(ev::candidate, s.candidate);
    std::string list;
    for (const auto& o : offered) {
        list += (list.empty() ? "" : ", ") + o.scheme;
        span.note(ev::auth_scheme_offered, o.scheme).note(ev::auth_target, o.targetname).note(ev::auth_realm, o.realm);
        span.note(ev::auth_version, std::int64_t{o.version});
        if (!o.sts_uri.empty()) span.note(ev::auth_sts, o.sts_uri);
    }
    const auto branch = challenge_branch(offered);
    span.finish(branch, branch == "others_only" ? outcome::failed : outcome::ok, "offers " + (list.empty() ? "nothing" : list));
}

std::optional<offered_scheme> take_scheme(context& c, const session& s, const std::vector<offered_scheme>& offered, bool credentials_allowed) {
    auto span = c.trace.open("registration.scheme", s.candidate);
    span.note(ev::candidate, s.candidate);
    auto choice = choose_scheme(offered, c.options.auth, c.has_password());
    if (choice.taken && !credentials_allowed) {
        choice.taken.reset();
        choice.decision.chosen.clear();
        for (auto& option : choice.decision.considered) option = {option.option, trace::verdict::passed_over, "no credentials go to a server outside of the SIP domain"};
    }
    std::string why = "none of the schemes offered can be used";
    for (const auto& option : choice.decision.considered)
        if (option.option == "TLS-DSK") why = "TLS-DSK: " + option.why;
    span.decide(choice.decision);
    if (!choice.taken) span.finish("none", outcome::failed, why);
    else span.note(ev::auth_scheme, choice.taken->scheme).finish("tls_dsk", outcome::ok, "TLS-DSK: authentication by user certificate");
    return choice.taken;
}

registered finish_signed(context& c, session& s, trace::scope& span, const sip::reply& reply) {
    const auto& answer = reply.answer;
    note_sip(span, answer);
    note_signature(span, reply.signature);
    if (answer.status == 200) {
        span.finish("accepted", outcome::ok, in_words(answer));
        return confirm(c, s, reply) ? registered{end::confirmed} : registered{end::failed, {}, "the registration was not confirmed"};
    }
    if (answer.status >= 300 && answer.status < 400) {
        span.finish("redirect", outcome::ok, in_words(answer));
        return follow_redirect(c, s, answer);
    }
    span.finish(answer.status == 401 ? "challenged_again" : "refused", outcome::failed, in_words(answer));
    return {end::failed, {}, in_words(answer)};
}

net::awaitable<registered> send_signed_register(context& c, std::shared_ptr<session> s) {
    auto span = c.trace.open("registration.signed_register", s->candidate);
    span.note(ev::candidate, s->candidate);
    auto request = s->make_register();
    auto reply = co_await s->sip->request(std::move(request), c.until.sip());
    span.note(ev::sip_discarded, std::int64_t{s->sip->discarded()});
    if (reply) co_return finish_signed(c, *s, span, *reply);
    note_sip_error(span, reply.error());
    const auto dropped = s->sip->discarded();
    span.finish("silent", outcome::failed, "signed REGISTER: " + in_words(reply.error()) + (dropped ? fmt::format("; {} answers with a bad signature were dropped", dropped) : ""));
    co_return registered{end::failed, {}, "no answer to the signed REGISTER"};
}

}  // namespace

net::awaitable<registered> register_endpoint(context& c, std::shared_ptr<session> s, bool credentials_allowed, std::shared_ptr<key_maker> key) {
    auto first = co_await send_first_register(c, s);
    c.clock.decide(c.trace);
    if (first.offered.empty()) {
        if (first.result.why.starts_with("401") || first.result.why.starts_with("407")) trace_challenge(c, *s, first.offered);
        co_return first.result;
    }
    trace_challenge(c, *s, first.offered);
    const auto scheme = take_scheme(c, *s, first.offered, credentials_allowed);
    if (!scheme) co_return registered{end::failed, {}, "no scheme can be used"};
    auto credential = co_await obtain_certificate(c, s, scheme->sts_uri, key);
    if (!credential) co_return registered{end::failed, {}, "no user certificate"};
    const bool shaken = co_await shake_hands(c, s, *scheme, std::move(*credential));
    if (!shaken) co_return registered{end::failed, {}, "the TLS-DSK handshake failed"};
    co_return co_await send_signed_register(c, s);
}

}  // namespace ucsignin::signin::registration
