// The steps to a web ticket: trust in the service, its metadata, the choice of a way, the log-in, the ticket out of the
// answer. Each early end is written to the span, since others judge by it whether the password was refused.
#include "signin/base/obtain_ticket.hpp"

#include <fmt/format.h>

#include "auth/ticket_cache.hpp"
#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/service_page.hpp"
#include "signin/base/ticket_login.hpp"
#include "signin/base/ticket_way.hpp"
#include "signin/base/trust_trace.hpp"
#include "trace/dates.hpp"
#include "trace/evidence_local.hpp"

namespace ucsignin::signin {
namespace {

using trace::outcome;
using failure = ticket_failure;
using way = ticket_way;
using ticket_result = std::expected<auth::web_ticket, failure>;

auth::ticket_request to_request(context& c, const ticket_wish& wish, auth::secret entropy) {
    auth::ticket_request r;
    r.applies_to = wish.applies_to;
    r.sip_uri = c.who.sip_uri;
    r.context = "ucsignin";
    r.entropy = std::move(entropy);
    return r;
}

void note_password(context& c, trace::scope& span) {
    span.note(ev::password_uses, std::int64_t{c.passwords.uses()})
        .note(ev::password_refused, std::int64_t{c.passwords.refused()});
    if (c.passwords.unjudged() > 0) span.note(ev::password_unjudged, std::int64_t{c.passwords.unjudged()});
}

ticket_result take_ticket(
    context& c, trace::scope& span, const login_outcome& done, const auth::secret& entropy, std::string_view warning) {
    auto ticket = auth::parse_ticket_response(done.answer.response->body, entropy);
    if (!ticket) {
        span.note(ev::body_error, fmt::format("{} (offset {})", ticket.error().what, ticket.error().offset));
        span.finish("refused", outcome::failed, "the answer holds no ticket: " + ticket.error().what);
        return std::unexpected(failure::refused);
    }
    c.trace.hide_parts(ticket->assertion.reveal());
    c.trace.hide_parts(ticket->header_value().reveal());
    span.note(ev::ticket_created, trace::iso_time(ticket->created))
        .note(ev::ticket_expires, trace::iso_time(ticket->expires));
    span.finish(
        "ticket", warning.empty() ? outcome::ok : outcome::warning,
        fmt::format("ticket until {}{}", trace::iso_time(ticket->expires), warning));
    return std::move(*ticket);
}

std::string_view warning_of(const login_outcome& done, way::kind how) {
    if (done.last_try) return "; this was the second and last try with the password";
    return how == way::kind::username && done.password_used
               ? "; the password itself was sent, since the service offers no other way"
               : "";
}

ticket_result conclude(
    context& c, trace::scope& span, ev::ticket_way_word how, way::kind kind, const login_outcome& done,
    const auth::secret& entropy) {
    span.note(ev::step, "ticket").note(ev::ticket_way, how);
    note_password(c, span);
    if (done.lacks_ntlm) span.note(ev::missing_mechanism, "NTLM");
    if (!done.not_sent.empty()) {
        span.finish("refused", outcome::failed, done.not_sent);
        return std::unexpected(failure::refused);
    }
    note_web(span, done.answer);
    const auto warning = warning_of(done, kind);
    if (done.answer.response && done.answer.response->status == 200)
        return take_ticket(c, span, done, entropy, warning);
    const bool unreachable = is_out_of_reach(done.answer);
    span.finish({unreachable, "unreachable", "refused"}, outcome::failed, in_words(done.answer) + std::string(warning));
    return std::unexpected(unreachable ? failure::unreachable : failure::refused);
}

trace::scope open_span(context& c, const ticket_wish& wish) {
    auto span = c.trace.open<"registration.web_ticket">(wish.service, wish.parent_span);
    span.wait_for_latest("registration.scheme", wish.candidate);
    if (!wish.candidate.empty()) span.note(ev::candidate, wish.candidate);
    if (!wish.named.by.empty()) span.note(ev::named_by, wish.named.by);
    span.note(ev::http_url, wish.service).note(ev::ticket_audience, wish.applies_to);
    return span;
}

// What our own caution keeps back ends the way to a ticket, and is nobody else's fault.
ticket_result withhold(
    context& c, trace::scope& span, const ticket_wish& wish, const not_covered& from, ev::withheld_word kind) {
    note_withheld(c, from, kind, wish.candidate);
    span.note(ev::credentials_withheld, kind);
    span.finish("withheld", outcome::failed, "no credentials go to " + from.host + ": " + from.why);
    return std::unexpected(failure::not_asked);
}

// The password by UsernameToken: Base64 first, as the pools of the field want it, then in clear; or what was taken
// before.
net::awaitable<ticket_result> ask_by_token(
    context& c, trace::scope span, const ticket_wish& wish, const way& by, const credential_target& to) {
    const bool clear_is_known = c.passwords.accepted(auth::password_way::web_username_clear);
    for (const auto form : {token_form::base64, token_form::clear}) {
        const bool first = form == token_form::base64;
        if (first && clear_is_known) continue;
        const auto entropy = auth::random_secret(32);
        auto request = to_request(c, wish, entropy);
        const auto done = co_await log_in_by_token(c, to, by.url, std::move(request), form);
        const bool again = first && done.password_used && done.end == auth::use_end::refused;
        span.note(ev::ticket_token_form, first ? ev::token_form_word("base64") : ev::token_form_word("clear"));
        auto ticket = conclude(c, span, "username", by.how, done, entropy);
        if (!again) co_return ticket;
        span = open_span(c, wish);
        tell(span, decide_token_form(in_words(done.answer)));
        span.note(ev::ticket_refused_ways, std::string("WebTicketServiceAuth"));
    }
    co_return std::unexpected(failure::refused);
}

// A way that is refused before it came to the password says nothing of the password: the next one is tried.
net::awaitable<ticket_result> ask_by_windows(
    context& c, trace::scope span, const ticket_wish& wish, const auth::service_metadata& offered, way by,
    const credential_target& to) {
    for (;;) {
        const auto entropy = auth::random_secret(32);
        auto request = to_request(c, wish, entropy);
        const auto done = co_await log_in_by_windows(c, to, by.url, std::move(request));
        auto ticket = conclude(c, span, "ntlm", by.how, done, entropy);
        const bool unheard = !done.password_used && done.answer.response && done.answer.response->status == 401;
        auto next = unheard ? next_windows_way(offered, by) : std::nullopt;
        if (!next) co_return ticket;
        by = std::move(*next);
        span = open_span(c, wish);
        span.note(ev::ticket_endpoint, by.url.text());
        tell(span, decide_next_windows_way(in_words(done.answer)));
    }
}

struct read_description {
    auth::service_metadata metadata;
    naming says;
};

// Bare addresses are services, too, and have their description at "/mex" all the same.
net::awaitable<std::expected<read_description, failure>> read_metadata(
    context& c, trace::scope& span, const ticket_wish& wish, net::http::url url) {
    url.target += "/mex";
    const auto page = co_await fetch_page(c, url, wish.named, wish.candidate, c.until.http());
    auto metadata = co_await metadata_on(c, page);
    if (metadata) {
        for (const auto& port : metadata->ports) span.note(ev::ticket_refused_ways, port.name);
        co_return read_description{std::move(*metadata), page.says};
    }
    span.note(ev::step, "ticket_metadata");
    note_page(span, page);
    const auto why = page.trouble.empty() ? metadata.error().what : metadata.error().what + ", " + page.trouble;
    span.finish("unreachable", outcome::failed, page.from.text() + ": " + why);
    co_return std::unexpected(failure::unreachable);
}

void no_way_in(trace::scope& span, const auth::service_metadata& metadata) {
    span.note(ev::step, "ticket");
    const auto in_clear = std::ranges::find_if(
        metadata.ports, [](const auto& port) { return port.location.starts_with("http://"); });
    if (in_clear == metadata.ports.end()) {
        span.finish(
            "refused", outcome::failed, "the ticket service takes neither Windows log-in nor user name and password");
        return;
    }
    span.note(ev::ticket_endpoint, in_clear->location);
    span.finish(
        "refused", outcome::failed, "the ticket service names an address that is not https: " + in_clear->location);
}

net::awaitable<ticket_result> ask_for_ticket(context& c, ticket_wish wish) {
    auto span = open_span(c, wish);
    const auto service = net::http::parse_url(wish.service);
    if (!service || !service->secure()) {
        span.finish(
            "unreachable", outcome::failed, "the ticket service's address is not an https URL: " + wish.service);
        co_return std::unexpected(failure::unreachable);
    }
    if (!c.has_password()) {
        span.not_run(trace::not_run_reason::not_applicable, "no password was given");
        co_return std::unexpected(failure::not_asked);
    }
    const auto trust = decide_trust(c, service->host, wish.named, wish.candidate);
    if (!trust) co_return withhold(c, span, wish, trust.error(), "log_in");
    const auto read = co_await read_metadata(c, span, wish, *service);
    if (!read) co_return std::unexpected(read.error());
    const auto& [metadata, says] = *read;
    const auto by = choose_ticket_way(metadata);
    if (by) span.note(ev::ticket_endpoint, by->url.text());
    std::optional<trust_decision> there;
    std::optional<withheld_way> withheld;
    if (by) there = decide_trust(c, by->url.host, says, wish.candidate);
    if (by) withheld = withheld_from(*by, *there, c.who.domain);
    if (withheld) withheld->from.named = says;
    tell(span, decide_ticket_way(metadata, by, withheld));
    if (withheld) co_return withhold(c, span, wish, withheld->from, withheld->what);
    if (!by) {
        no_way_in(span, metadata);
        co_return std::unexpected(failure::refused);
    }
    const auto& to = **there;
    if (by->how == way::kind::username) co_return co_await ask_by_token(c, std::move(span), wish, *by, to);
    co_return co_await ask_by_windows(c, std::move(span), wish, metadata, *by, to);
}

}  // namespace

net::awaitable<ticket_result> obtain_ticket(context& c, ticket_wish wish) {
    if (const auto* kept = c.tickets.find(wish.applies_to, wall_clock(c))) {
        auto span = open_span(c, wish);
        tell(span, decide_kept_ticket(trace::iso_time(kept->expires)));
        span.note(ev::ticket_expires, trace::iso_time(kept->expires))
            .finish("ticket", outcome::ok, "the earlier ticket, good until " + trace::iso_time(kept->expires));
        co_return *kept;
    }
    auto ticket = co_await ask_for_ticket(c, wish);
    if (ticket) c.tickets.keep(wish.applies_to, *ticket);
    co_return ticket;
}

}  // namespace ucsignin::signin
