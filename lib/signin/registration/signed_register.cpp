// Sends the REGISTER that the negotiated keys sign; follows what it says: signed in, sent to the home server, refused.
#include "signin/registration/signed_register.hpp"

#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/registration/confirmation.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using end = registered::end;

std::optional<net::host_port> place_of(const std::string& contact) {
    const auto uri = sip::parse_uri(sip::parse_name_addr(contact).uri);
    if (!uri || uri->host.empty()) return std::nullopt;
    return net::host_port{uri->host, uri->port == 0 ? std::uint16_t{5061} : uri->port};
}

}  // namespace

home_choice choose_home(const std::string& here, const sip::message& answer) {
    home_choice out;
    std::vector<trace::considered> options{{here, trace::verdict::passed_over, "it redirects the sign-in"}};
    for (const auto& contact : answer.all("Contact")) {
        const auto place = place_of(contact);
        // What the first says counts, as the client reads it.
        if (options.size() == 1) out.home = place;
        if (!place) options.push_back({contact, trace::verdict::failed, "it names no server"});
        else if (options.size() == 1)
            options.push_back({net::to_string(*place), trace::verdict::chosen, here + " names it as the user's home"});
        else options.push_back({net::to_string(*place), trace::verdict::passed_over, "the first that is named counts"});
    }
    out.decision = decided("Which server is the user's home?", std::move(options));
    return out;
}

registered follow_redirect(context& c, const session& s, const sip::message& answer) {
    auto span = c.trace.open<"registration.redirect">(s.candidate);
    span.note(ev::candidate, s.candidate);
    note_sip(span, answer);
    const auto [home, decision] = choose_home(s.candidate, answer);
    tell(span, decision);
    if (!home) {
        span.finish("loop", outcome::failed, "redirected without saying where to");
        return {end::failed, {}, "redirected without saying where to"};
    }
    span.note(ev::home_server, home->host).finish("there", outcome::ok, "home is " + net::to_string(*home));
    return {end::redirected, home, {}};
}

registered finish_signed(context& c, session& s, trace::scope& span, const sip::reply& reply) {
    const auto& answer = reply.answer;
    note_sip(span, answer);
    note_signature(span, reply.signature);
    if (answer.status == 200) {
        span.finish("accepted", outcome::ok, in_words(answer));
        return confirm(c, s, reply) ? registered{end::confirmed}
                                    : registered{end::failed, {}, "the registration was not confirmed"};
    }
    if (answer.status >= 300 && answer.status < 400) {
        span.finish("redirect", outcome::ok, in_words(answer));
        return follow_redirect(c, s, answer);
    }
    span.finish({answer.status == 401, "challenged_again", "refused"}, outcome::failed, in_words(answer));
    return {end::failed, {}, in_words(answer)};
}

net::awaitable<registered> send_signed_register(context& c, std::shared_ptr<session> s) {
    auto span = c.trace.open<"registration.signed_register">(s->candidate);
    span.wait_for_latest("registration.dsk_handshake", s->candidate)
        .wait_for_latest("registration.kerberos", s->candidate);
    span.note(ev::candidate, s->candidate);
    auto request = s->make_register();
    s->asked_to_register = true;
    auto reply = co_await s->sip->request(std::move(request), c.until.sip());
    if (reply) s->asked_to_register = false;
    span.note(ev::sip_discarded, std::int64_t{s->sip->discarded()});
    if (reply) co_return finish_signed(c, *s, span, *reply);
    note_sip_error(span, reply.error());
    const auto dropped = s->sip->discarded();
    span.finish(
        "silent", outcome::failed,
        "signed REGISTER: " + in_words(reply.error()) +
            (dropped ? fmt::format("; {} answers with a bad signature were dropped", dropped) : ""));
    co_return registered{end::failed, {}, "no answer to the signed REGISTER"};
}

}  // namespace ucsignin::signin::registration
