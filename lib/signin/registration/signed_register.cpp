// Sends the REGISTER that the negotiated keys sign; follows what it says: signed in, sent to the home server, refused.
#include "signin/registration/signed_register.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/registration/confirmation.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using end = registered::end;

struct named_home {
    std::string contact;
    std::optional<net::host_port> place;
    double q = 1;
};

named_home read_home(std::string_view contact) {
    const auto address = sip::parse_name_addr(contact);
    const auto uri = sip::parse_uri(address.uri);
    named_home out{std::string(contact), {}, 1};
    if (uri && !uri->host.empty())
        out.place = net::host_port{uri->host, uri->port == 0 ? std::uint16_t{5061} : uri->port};
    const auto q = address.parameter("q");
    double value = 1;
    if (std::from_chars(q.data(), q.data() + q.size(), value).ec == std::errc{} && value >= 0 && value <= 1)
        out.q = value;
    return out;
}

constexpr std::size_t most_homes = 5;

}  // namespace

home_choice choose_home(const std::string& here, const sip::message& answer) {
    std::vector<named_home> named;
    for (const auto& line : answer.all("Contact"))
        for (const auto contact : sip::split_list(line, ',')) named.push_back(read_home(contact));
    std::ranges::stable_sort(named, std::ranges::greater{}, &named_home::q);
    home_choice out;
    std::vector<trace::considered> options{{here, trace::verdict::passed_over, "it redirects the sign-in"}};
    for (const auto& one : named) {
        const bool known = one.place && std::ranges::find(out.homes, *one.place) != out.homes.end();
        if (known || out.homes.size() == most_homes) continue;
        if (!one.place) options.push_back({one.contact, trace::verdict::failed, "it names no server"});
        else if (out.homes.empty())
            options.push_back(
                {net::to_string(*one.place), trace::verdict::chosen, here + " names it first as the user's home"});
        else
            options.push_back(
                {net::to_string(*one.place), trace::verdict::passed_over, "tried where those before fail"});
        if (one.place) out.homes.push_back(*one.place);
    }
    out.decision = decided("Which server is the user's home?", std::move(options));
    return out;
}

registered follow_redirect(context& c, const session& s, const sip::message& answer) {
    auto span = c.trace.open<"registration.redirect">(s.candidate);
    span.note(ev::candidate, s.candidate);
    note_sip(span, answer);
    auto [homes, decision] = choose_home(s.candidate, answer);
    tell(span, decision);
    if (homes.empty()) {
        span.finish("loop", outcome::failed, "redirected without saying where to");
        return {end::failed, {}, "redirected without saying where to"};
    }
    std::string list;
    for (const auto& home : homes) {
        span.note(ev::home_server, home.host);
        list += (list.empty() ? "" : ", then ") + net::to_string(home);
    }
    span.finish("there", outcome::ok, "home is " + list);
    return {end::redirected, std::move(homes), {}};
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
