#include "signin/registration/web_ticket.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <openssl/rand.h>

#include "auth/http_auth.hpp"
#include "signin/notes.hpp"
#include "signin/web_client.hpp"
#include "sip/identity.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;
using ledger = auth::ledger;
using failure = ticket_failure;
using ticket_result = std::expected<auth::web_ticket, failure>;

constexpr std::string_view issue_action = "\"http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue\"";

auth::secret random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) throw std::runtime_error("no random numbers");
    return auth::secret(std::move(bytes));
}

// What the metadata offers, in the order in which we would take it.
struct way {
    enum class kind { windows, username, none } how = kind::none;
    std::string location;
};

way choose_way(const auth::service_metadata& metadata) {
    for (const auto* name : {"WebTicketServiceWinNegotiate", "WebTicketServiceWinNtlm"})
        if (const auto* port = metadata.find(name)) return {way::kind::windows, port->location};
    if (const auto* port = metadata.find("WebTicketServiceAuth")) return {way::kind::username, port->location};
    return {};
}

net::http::request rst_request(const auth::secret& body) {
    net::http::request r;
    r.method = "POST";
    r.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", std::string(issue_action)}};
    r.body = body.reveal();
    return r;
}

auth::ticket_request to_request(context& c, const ticket_wish& wish, auth::secret entropy) {
    auth::ticket_request r;
    r.applies_to = wish.applies_to;
    r.sip_uri = c.who.sip_uri;
    r.context = "ucsignin";
    r.entropy = std::move(entropy);
    return r;
}

// Takes the token out of `WWW-Authenticate: NTLM <token>`.
std::string challenge_token(const net::http::response& r, const std::string& scheme) {
    for (const auto& value : r.all("WWW-Authenticate"))
        if (value.size() > scheme.size() + 1 && value.starts_with(scheme + " ")) return value.substr(scheme.size() + 1);
    return {};
}

bool offers(const net::http::response& r, const std::string& scheme) {
    return std::ranges::any_of(r.all("WWW-Authenticate"), [&](const auto& v) { return v == scheme || v.starts_with(scheme + " "); });
}

// The scheme whose exchange we begin with is NTLM: the ticket service's Windows ports take it from outside and inside
// (protocol section 7.2), and to begin at once saves the round trip of an unauthenticated POST.
struct windows_login {
    web_answer last;
    bool password_used = false;
};

net::awaitable<windows_login> post_with_ntlm(context& c, net::http::url url, auth::secret body) {
    const auto until = c.until.http();
    windows_login done;
    std::optional<net::tls_facts> tls;
    auto session = co_await c.web.open(c, url, tls, until);
    if (!session) {
        done.last = web_answer{std::unexpected(session.error()), tls};
        co_return done;
    }
    std::string scheme = "NTLM", challenge;
    auth::login login{c.who.login, *c.options.password};
    auto exchange = auth::make_http_authenticator(scheme, url.host, login);
    for (int leg = 0; leg < 4; ++leg) {
        auto token = co_await exchange->step(challenge, until);
        if (!token) {
            done.last.response = std::unexpected(web_error{"protocol", "NTLM: " + token.error().detail});
            co_return done;
        }
        done.password_used = done.password_used || !challenge.empty();
        auto request = rst_request(body);
        request.target = url.target;
        request.headers.emplace_back("Authorization", scheme + " " + token->reveal());
        done.last = co_await c.web.exchange(c, *session, std::move(request), until);
        if (!done.last.response || done.last.response->status != 401) co_return done;
        challenge = challenge_token(*done.last.response, scheme);
        if (challenge.empty() && scheme == "NTLM" && !done.password_used && offers(*done.last.response, "Negotiate") && !offers(*done.last.response, "NTLM")) {
            scheme = "Negotiate";
            exchange = auth::make_http_authenticator(scheme, url.host, login);
            continue;
        }
        if (challenge.empty() || done.password_used) co_return done;
        if (!session->http->usable()) {
            // NTLM is bound to its connection; a proxy that closes it between the legs breaks the exchange.
            done.last.response = std::unexpected(web_error{"closed", "the connection was closed between the legs of NTLM"});
            co_return done;
        }
    }
    co_return done;
}

struct post_outcome {
    web_answer answer;
    std::string_view how;
    bool password_used = false;
};

net::awaitable<post_outcome> post_request(context& c, const way& chosen, net::http::url url, auth::ticket_request request) {
    if (chosen.how == way::kind::windows) {
        auto done = co_await post_with_ntlm(c, url, auth::ticket_request_xml(request));
        co_return post_outcome{std::move(done.last), "ntlm", done.password_used};
    }
    request.username = c.who.login;
    request.password = *c.options.password;
    const auto body = auth::ticket_request_xml(request);
    auto wanted = rst_request(body);
    auto answer = co_await c.web.fetch(c, url, std::move(wanted), c.until.http());
    const bool reached = answer.response.has_value();
    co_return post_outcome{std::move(answer), "username", reached};
}

// A server that answers in HTTP but not as a ticket service is not there, for our purposes.
bool is_gateway_trouble(const web_answer& a) {
    if (!a.response) return true;
    const int status = a.response->status;
    return status == 404 || status == 405 || status == 502 || status == 503 || status == 504;
}

// Says no to this user rather than being broken: only then has a password been refused.
bool refuses_the_password(const post_outcome& posted) {
    if (!posted.password_used || !posted.answer.response) return false;
    const auto& r = *posted.answer.response;
    if (r.status == 401) return true;
    const auto fault = auth::parse_fault(r.body);
    return fault && (fault->error_id == 28020 || fault->code.find("FailedAuthentication") != std::string::npos);
}

ticket_result conclude(context& c, trace::scope& span, post_outcome posted, const auth::secret& entropy) {
    span.note(ev::step, std::string("ticket")).note(ev::ticket_way, std::string(posted.how));
    note_web(span, posted.answer);
    if (posted.password_used) c.passwords.used(ledger::protocol::web_ticket);
    if (refuses_the_password(posted)) c.passwords.refused(ledger::protocol::web_ticket);
    span.note(ev::password_uses, std::int64_t{c.passwords.uses()}).note(ev::password_refused, std::int64_t{c.passwords.refusals()});
    if (!posted.answer.response || (posted.answer.response->status != 200 && is_gateway_trouble(posted.answer))) {
        span.finish("unreachable", outcome::failed, in_words(posted.answer));
        return std::unexpected(failure::unreachable);
    }
    if (posted.answer.response->status != 200) {
        span.finish("refused", outcome::failed, in_words(posted.answer));
        return std::unexpected(failure::refused);
    }
    auto ticket = auth::parse_ticket_response(posted.answer.response->body, entropy);
    if (!ticket) {
        span.note(ev::body_error, fmt::format("{} (offset {})", ticket.error().what, ticket.error().offset));
        span.finish("refused", outcome::failed, "the answer holds no ticket: " + ticket.error().what);
        return std::unexpected(failure::refused);
    }
    span.note(ev::ticket_created, rfc3339(ticket->created)).note(ev::ticket_expires, rfc3339(ticket->expires));
    span.finish("ticket", outcome::ok, "ticket until " + rfc3339(ticket->expires));
    return std::move(*ticket);
}

// Reasons not to ask at all, each written down.
std::optional<failure> may_not_ask(context& c, trace::scope& span, const ticket_wish& wish, const net::result<net::http::url>& url) {
    if (!url || !url->secure()) {
        span.finish("unreachable", outcome::failed, "the ticket service's address is no https URL: " + wish.service);
        return failure::unreachable;
    }
    if (!c.has_password()) {
        span.not_run(trace::not_run_reason::not_applicable, "no password was given");
        return failure::not_asked;
    }
    if (!wish.host_vouched_for && !c.trusts(url->host)) {
        span.not_run(trace::not_run_reason::not_applicable, "no credentials go to " + url->host + ": it does not belong to " + c.who.domain);
        return failure::not_asked;
    }
    if (!c.passwords.may_use(ledger::protocol::web_ticket)) {
        span.note(ev::password_uses, std::int64_t{c.passwords.uses()}).note(ev::password_refused, std::int64_t{c.passwords.refusals()});
        span.finish("refused", outcome::failed, "the password was refused before in this run; it is not tried again, so that the account is not locked");
        return failure::refused;
    }
    return std::nullopt;
}

net::awaitable<std::expected<auth::service_metadata, failure>> read_metadata(context& c, trace::scope& span, net::http::url url) {
    url.target += "/mex";
    net::http::request wanted;
    auto answer = co_await c.web.fetch(c, url, wanted, c.until.http());
    const bool usable = answer.response && answer.response->status == 200;
    auto metadata = usable ? auth::parse_metadata(answer.response->body) : std::unexpected(sip::parse_error{0, in_words(answer)});
    if (metadata) {
        for (const auto& port : metadata->ports) span.note(ev::ticket_refused_ways, port.name);
        co_return std::move(*metadata);
    }
    span.note(ev::step, std::string("ticket_metadata"));
    note_web(span, answer);
    span.finish("unreachable", outcome::failed, url.text() + ": " + metadata.error().what);
    co_return std::unexpected(failure::unreachable);
}

}  // namespace

net::awaitable<ticket_result> obtain_ticket(context& c, ticket_wish wish) {
    auto span = c.trace.open("registration.web_ticket", wish.service, wish.parent_span);
    if (!wish.candidate.empty()) span.note(ev::candidate, wish.candidate);
    span.note(ev::http_url, wish.service).note(ev::ticket_audience, wish.applies_to);
    const auto service = net::http::parse_url(wish.service);
    if (const auto why = may_not_ask(c, span, wish, service)) co_return std::unexpected(*why);
    auto metadata = co_await read_metadata(c, span, *service);
    if (!metadata) co_return std::unexpected(metadata.error());
    const auto chosen = choose_way(*metadata);
    const auto url = net::http::parse_url(chosen.location);
    if (chosen.how == way::kind::none || !url || !url->secure()) {
        span.note(ev::step, std::string("ticket"));
        span.finish("refused", outcome::failed, "the ticket service takes neither Windows log-in nor user name and password");
        co_return std::unexpected(failure::refused);
    }
    if (!wish.host_vouched_for && !c.trusts(url->host)) {
        span.not_run(trace::not_run_reason::not_applicable, "no credentials go to " + url->host + ", where " + service->host + " would send them: it does not belong to " + c.who.domain);
        co_return std::unexpected(failure::not_asked);
    }
    const auto entropy = random_bytes(32);
    auto request = to_request(c, wish, entropy);
    auto posted = co_await post_request(c, chosen, *url, std::move(request));
    co_return conclude(c, span, std::move(posted), entropy);
}

}  // namespace ucsignin::signin::registration
