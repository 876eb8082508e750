#include "signin/provisioning/exchange_web.hpp"

#include <algorithm>
#include <array>

#include "net/challenges.hpp"
#include "signin/base/dial.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/base/windows_legs.hpp"
#include "sip/encoding.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using auth::password_way, auth::use_end;

net::http::request post_of(const net::http::url& url, const std::string& body) {
    net::http::request r;
    r.method = "POST";
    r.target = url.target;
    r.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"Accept", "text/xml"}};
    r.body = body;
    return r;
}

std::string origin_of(const net::http::url& url) { return url.host + ":" + std::to_string(url.port); }

// The Base64 of a token tells nothing, and is somebody's.
std::vector<std::string> schemes_of(const net::http::response& r) {
    std::vector<std::string> names;
    const auto lines = r.all("WWW-Authenticate");
    for (const auto& one : net::read_challenges(lines)) names.emplace_back(one.scheme);
    return names;
}

bool offers_any(const std::vector<std::string>& all, std::string_view scheme) {
    return std::ranges::any_of(all, [&](const std::string& one) { return trace::lower(one) == trace::lower(scheme); });
}

bool is_markup_of(std::string_view body, std::string_view root) {
    return body.substr(0, 2000).find(root) != std::string_view::npos;
}
bool is_document(const net::http::response& r) {
    return is_markup_of(r.body, "Autodiscover") ? !is_markup_of(trace::lower(r.body.substr(0, 2000)), "<html")
                                                : is_markup_of(r.body, "Envelope");
}

// What a log-in came to. Whoever got a document, or was led on, was let in before.
use_end judge(const web_answer& answer) {
    if (!answer.response) return use_end::unjudged;
    const auto& r = *answer.response;
    if (r.status == 401) return use_end::refused;
    return r.status < 400 || is_document(r) ? use_end::accepted : use_end::unjudged;
}

// Whether it takes a log-in that needs no token.
bool offers_log_in(const std::vector<std::string>& all) {
    return offers_any(all, "Negotiate") || offers_any(all, "NTLM") || offers_any(all, "Basic");
}

// Numbers of the token service of Exchange: 2000000 and up (protocol 02, section 8.11). They are about tokens alone:
// where another log-in is offered, nothing is lost by them. 4000000 says no more than that there are no tokens.
std::string realm_number(const net::http::response& r) {
    const auto told = r.header("x-ms-diagnostics");
    return told.starts_with("20000") && !offers_log_in(schemes_of(r)) ? told.substr(0, 7) : std::string{};
}

// An answer that says no for now.
std::string told_to_wait(const net::http::response& r) {
    return r.status == 503 || r.status == 429 ? std::string(r.header("Retry-After")) : std::string{};
}

bool was_closed(const web_error& error) { return error.kind == "closed" || error.kind == "reset"; }

// The connection did not come up anew: nothing else fares better on it.
bool is_lost(exchange_answer& into) {
    into.step.state = "unreachable";
    into.step.error = "the connection for the log-in does not come up";
    return true;
}

void hold_back(exchange_step& step, std::string why) {
    step.state = "held_back";
    step.error = std::move(why);
}

void describe_unknown_schemes(exchange_step& step) {
    const bool tokens_only = offers_any(step.offered, "Bearer");
    step.state = tokens_only ? ev::exchange_state_word("oauth_only") : ev::exchange_state_word("unknown_scheme");
    step.error = tokens_only ? "only a token (OAuth) is taken" : "no scheme that this program knows is offered";
}

void describe(exchange_answer& into, const net::http::url& asked) {
    into.step.state = into.web.response ? state_of(into.web) : state_of(into.web.response.error());
    if (!into.web.response) {
        into.step.error = into.web.response.error().detail;
        return;
    }
    const auto& r = *into.web.response;
    into.step.status = r.status;
    into.step.server = r.header("Server");
    into.step.via = r.header("Via");
    into.step.retry_after = told_to_wait(r);
    if (into.step.state.word() == "forms" && !r.header("Location").empty())
        if (const auto page = net::http::resolve(asked, r.header("Location"))) into.step.led_to = page->text();
    if (into.step.state.word() == "realm") into.step.code = realm_number(r);
    if (into.step.code.empty() && !into.step.is_ok()) into.step.error = in_words(into.web);
    if (into.step.state.word() == "realm") into.step.error = r.header("x-ms-diagnostics");
}

}  // namespace

bool is_log_in_page(std::string_view text) {
    const auto words = trace::lower(text);
    static constexpr std::array<std::string_view, 14> signs{
        "/owa/auth",         "logon.aspx",      "/adfs/ls",      "login.microsoftonline", "my.policy",
        "type=\"password\"", "type='password'", "type=password", "/vpn/index.html",       "/logon/logonpoint",
        "cookieauth.dll",    "lm_auth_proxy",   "/dana-na/",     "/oauth2/authorize"};
    return std::ranges::any_of(signs, [&](std::string_view sign) { return words.find(sign) != std::string::npos; });
}

ev::exchange_state_word state_of(const web_error& error) {
    const auto kind = error.kind.word();
    if (kind == "dns") return "dns";
    if (kind == "timed_out") return "timed_out";
    if (kind == "tls") return "tls";
    if (kind == "certificate") return "certificate";
    // With 5xx a proxy finds no way there, and refuses nothing.
    if (kind == "proxy" && error.code < 500) return "proxy";
    if (kind == "protocol") return "unreadable";
    return "unreachable";
}

namespace {

ev::exchange_state_word state_of_redirect(const net::http::response& r) {
    const auto to = trace::lower(r.header("Location"));
    if (to.find("/errorfe.aspx") != std::string::npos) return "server_error";  // Exchange's own page of errors
    return is_log_in_page(to) ? ev::exchange_state_word("forms") : ev::exchange_state_word("redirect");
}

ev::exchange_state_word state_of_body(const net::http::response& r) {
    if (is_document(r)) return "ok";
    if (r.status == 500) return "server_error";
    if (is_log_in_page(r.body)) return "forms";
    return "page";
}

}  // namespace

ev::exchange_state_word state_of(const web_answer& answer) {
    const auto& r = *answer.response;
    if (r.status >= 300 && r.status < 400) return state_of_redirect(r);
    if (r.status == 200 || r.status == 500) return state_of_body(r);
    if (r.status == 404 || r.status == 405) return "not_found";
    if (r.status == 403) return "forbidden";
    if (r.status == 401 && !realm_number(r).empty()) return "realm";
    if (r.status == 401) return "wants_login";
    if (r.status > 500 || r.status == 429) return "server_error";
    return "page";
}

naming exchange_client::named_by(const net::http::url& url, const naming& how_it_was_named, bool proven) const {
    naming out{naming_way::autodiscover, url.host, !url.secure(), {}};
    const auto covered = c_.trusted_names.covers(url.host, how_it_was_named);
    if (covered && proven) out.voucher = *covered;
    return out;
}

net::awaitable<exchange_answer> exchange_client::get(net::http::url url, net::deadline until) {
    exchange_answer out;
    out.step.url = url.text();
    net::http::request wanted;
    out.web = co_await c_.web.fetch(c_, url, std::move(wanted), until);
    describe(out, url);
    if (out.web.response && out.step.status == 401) out.step.offered = schemes_of(*out.web.response);
    if (!out.web.response) co_await look_for_the_name(url, out, until);
    co_return out;
}

net::awaitable<void> exchange_client::look_for_the_name(
    const net::http::url& url, exchange_answer& of, net::deadline until) {
    if (of.web.response.error().kind.word() != "proxy") co_return;
    const auto addresses = co_await addresses_of(c_, url.host, until);
    if (addresses.empty()) of.step.state = "dns";
}

net::awaitable<exchange_client::place*> exchange_client::reach(
    const net::http::url& url, const credential_target& to, exchange_answer& into, net::deadline until) {
    const auto known = places_.find(origin_of(url));
    if (known != places_.end() && known->second.session.usable()) co_return &known->second;
    auto opened = co_await c_.web.open_for(c_, to, url, into.web.tls, until);
    if (!opened) {
        into.web.response = std::unexpected(opened.error());
        co_return nullptr;
    }
    if (known != places_.end()) {
        known->second.session = std::move(*opened);
        known->second.answered = false;
        co_return &known->second;
    }
    place fresh{std::move(*opened), to, std::nullopt, false};
    co_return &places_.emplace(origin_of(url), std::move(fresh)).first->second;
}

net::awaitable<bool> exchange_client::reopen(place& at, const net::http::url& url, net::deadline until) {
    if (at.session.usable()) co_return true;
    std::optional<net::tls_facts> tls;
    auto again = co_await c_.web.open_for(c_, at.target, url, tls, until);
    if (again) at.session = std::move(*again);
    at.answered = false;
    co_return again.has_value();
}

net::awaitable<void> exchange_client::send(
    place& at, const net::http::url& url, const std::string& body, exchange_answer& into, net::deadline until) {
    for (bool was_idle = true; was_idle;) {
        was_idle = at.answered && !at.each_time;
        auto request = post_of(url, body);
        credentials proof;
        if (at.each_time) proof.headers.emplace_back("Authorization", *at.each_time);
        into.web = co_await c_.web.exchange(c_, at.session, std::move(request), std::move(proof), until);
        at.answered = into.web.response.has_value();
        if (at.answered || !was_idle || !was_closed(into.web.response.error())) co_return;
        const bool open = co_await reopen(at, url, until);
        if (!open) co_return;
    }
}

net::awaitable<exchange_answer> exchange_client::post(
    net::http::url url, naming named, std::string body, net::deadline until, proof by) {
    const auto trust = c_.trusted_names.covers(url.host, named);
    if (!trust) {
        auto seen = co_await get(url, until);
        if (seen.step.state.word() != "wants_login") co_return seen;
        seen.step.state = "withheld";
        seen.step.withheld = ev::withheld_word("log_in");
        seen.step.error = "no credentials go to " + url.host + ": " + trust.error().why;
        note_withheld(c_, trust.error(), "log_in");
        co_return seen;
    }
    exchange_answer out;
    out.step.url = url.text();
    auto* const at = co_await reach(url, *trust, out, until);
    if (at) co_await send(*at, url, body, out, until);
    describe(out, url);
    if (!at) co_await look_for_the_name(url, out, until);
    if (at && out.step.state.word() == "wants_login") co_await log_in(*at, url, body, out, until, by);
    co_return out;
}

bool exchange_client::keeps_log_in(const net::http::url& url) const {
    const auto known = places_.find(origin_of(url));
    return known != places_.end() && (known->second.each_time || known->second.session.usable());
}

net::awaitable<void> exchange_client::log_in(
    place& at, const net::http::url& url, const std::string& body, exchange_answer& into, net::deadline until,
    proof by) {
    auto& step = into.step;
    step.offered = schemes_of(*into.web.response);
    if (!offers_log_in(step.offered)) co_return describe_unknown_schemes(step);
    if (refused_) co_return hold_back(step, "a log-in at Exchange was refused before; there is no second one");
    if (offers_any(step.offered, "Negotiate")) {
        const bool went = co_await by_windows(at, "Negotiate", url, body, into, until, by);
        if (went) co_return;
    }
    if (by == proof::ticket) {
        step.error = "another log-in is wanted, and this request is worth no use of the password";
        co_return;
    }
    if (!c_.has_password()) {
        step.error = "a log-in is wanted, and no password was given";
        co_return;
    }
    // The password itself goes only where no stronger way is offered, however that fares.
    if (offers_any(step.offered, "NTLM")) {
        (void)co_await by_windows(at, "NTLM", url, body, into, until, by);
        co_return;
    }
    if (!offers_any(step.offered, "Basic") || step.state.word() == "unheard") co_return;
    if (by == proof::windows)
        co_return hold_back(step, "it takes the password itself alone: other addresses are asked first");
    co_await by_basic(at, url, body, into, until);
}

// False when nothing was sent that proves anything, and another scheme may be tried.
net::awaitable<bool> exchange_client::by_windows(
    place& at, std::string_view scheme, const net::http::url& url, const std::string& body, exchange_answer& into,
    net::deadline until, proof by) {
    const bool open = co_await reopen(at, url, until);
    if (!open) co_return is_lost(into);
    const bool keeps_password = !c_.has_password() || by == proof::ticket || offers_any(into.step.offered, "NTLM");
    const bool only_by_ticket = scheme == "Negotiate" && keeps_password;
    std::optional<auth::password_use> use;
    if (!only_by_ticket) {
        const auto way = scheme == "NTLM" ? password_way::exchange_ntlm : password_way::exchange_negotiate;
        auto reserved = co_await c_.passwords.reserve(way, until);
        if (!reserved) {
            hold_back(into.step, reserved.error());
            co_return true;
        }
        use.emplace(std::move(*reserved));
    }
    auto request = post_of(url, body);
    windows_legs legs(c_, std::string(scheme), url, std::move(request));
    legs_outcome went;
    co_await legs.run(at.session, use ? &*use : nullptr, went, until);
    if (went.no_ticket) co_return false;
    const auto end = judge(went.answer);
    if (use && went.password_used) use->end(end);
    const bool unheard = use && !went.password_used && went.answer.response && went.answer.response->status == 401;
    if (unheard) {
        into.step.state = "unheard";
        into.step.error = std::string(scheme) + " is offered, and no challenge comes to its first token";
        co_return false;
    }
    into.web = std::move(went.answer);
    into.step.scheme = std::string(scheme);
    describe(into, url);
    // Broken off between its legs: the address answers, and the log-in does not get through.
    const bool broken = use && !went.password_used && !into.web.response && was_closed(into.web.response.error());
    if (broken) into.step.state = "unheard";
    if (end != use_end::unjudged) into.step.accepted = end == use_end::accepted;
    if (end != use_end::refused) co_return true;
    if (into.step.state.word() == "wants_login") into.step.state = "refused_login";
    refused_ = use.has_value();
    co_return refused_;
}

net::awaitable<void> exchange_client::by_basic(
    place& at, const net::http::url& url, const std::string& body, exchange_answer& into, net::deadline until) {
    if (!at.target.may_have_password()) {
        into.step.state = "withheld";
        into.step.withheld = ev::withheld_word("password");
        into.step.error = at.target.host() +
                          (offers_any(into.step.offered, "Bearer") ? " takes only a token (OAuth) or" : " takes only") +
                          " the password itself, which is sent to names of " + c_.who.domain + " alone";
        co_return;
    }
    auto use = co_await c_.passwords.reserve(password_way::exchange_basic, until);
    if (!use) co_return hold_back(into.step, use.error());
    const bool open = co_await reopen(at, url, until);
    if (!open) {
        (void)is_lost(into);
        co_return;
    }
    auto request = post_of(url, body);
    credentials proof;
    proof.headers.emplace_back(
        "Authorization", auth::secret("Basic " + sip::base64(c_.who.login + ":" + c_.options.password->reveal())));
    const auto kept = proof.headers.front().second;
    use->sent();
    into.web = co_await c_.web.exchange(c_, at.session, std::move(request), std::move(proof), until);
    const auto end = judge(into.web);
    use->end(end);
    into.step.scheme = "Basic";
    describe(into, url);
    if (end != use_end::unjudged) into.step.accepted = end == use_end::accepted;
    if (end == use_end::accepted) at.each_time = kept;
    if (end == use_end::refused && into.step.state.word() == "wants_login") into.step.state = "refused_login";
    refused_ = end == use_end::refused;
}

}  // namespace ucsignin::signin::provisioning
