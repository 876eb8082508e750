// Opens, reuses and gives back connections. A request with credentials goes only over a new connection or one in use
// just now, since it must not be sent twice; one without credentials may be repeated.
#include "signin/base/web_client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "signin/base/clock_watch.hpp"
#include "signin/base/context.hpp"
#include "signin/base/dial.hpp"
#include "signin/base/proxy_login.hpp"
#include "signin/base/tls_ending.hpp"
#include "signin/base/wire.hpp"

namespace ucsignin::signin {
namespace {

std::string host_header(const net::http::url& url) {
    const bool default_port = url.port == (url.secure() ? 443 : 80);
    return default_port ? net::bracketed(url.host) : net::to_string(net::host_port{url.host, url.port});
}

constexpr auto in_use_just_now = std::chrono::seconds(2);

bool is_meant(const credential_target& to, const net::http::url& url) { return url.secure() && url.host == to.host(); }

bool same_origin(const net::http::url& a, const net::http::url& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

// An answer with these signs came through a cache: its Date tells nothing of a clock (RFC 9110 6.6.1).
bool shows_a_cache(const net::http::response& answer) {
    return std::ranges::any_of(
        std::array{"Age", "Via", "X-Cache", "X-Cache-Hits", "X-Varnish", "CF-Cache-Status"},
        [&](const char* sign) { return !answer.header(sign).empty(); });
}

// A cache answers a GET, and not with a demand for a log-in, whether it shows itself or not.
answer_age age_of(const std::string& method, const net::http::response& answer) {
    const bool by_a_cache = (method == "GET" || method == "HEAD") && answer.status != 401 && answer.status != 407;
    return by_a_cache ? answer_age::any : answer_age::fresh;
}

std::string certificate_trouble(const net::tls_facts& facts) {
    if (!facts.errors.empty()) return facts.errors.front().what;
    return "it is not issued for " + facts.server_name;
}

net::wire_tap tap_session(context& c, const web_session& session) {
    if (session.by_proxy.empty()) return tap_web(c.trace, session.origin);
    return tap_server(c.trace, "proxy", {session.by_proxy, 0});
}

// The whole URL instead of the path; after a 407 on the same connection, or a new one when the proxy closed it.
net::awaitable<net::result<net::http::response>> exchange_by_proxy(
    context& c, web_session& session, net::http::request wanted, net::deadline until) {
    auto whole = session.origin;
    whole.target = wanted.target;
    wanted.target = whole.text();
    proxy_request ask;
    ask.stands = [&session] { return session.http && session.http->usable(); };
    ask.hang_up = [&session] { session.http.reset(); };
    ask.send = [&c, &session, &wanted,
                until](net::http::fields further) -> net::awaitable<net::result<net::http::response>> {
        auto request = wanted;
        request.headers.insert(request.headers.end(), further.begin(), further.end());
        if (!session.http || !session.http->usable()) {
            const net::host_port target{session.origin.host, session.origin.port};
            auto again = co_await dial_for_http(c, target, until);
            if (!again.stream) co_return std::unexpected(again.stream.error());
            session.http = std::make_unique<net::http::connection>(
                std::move(*again.stream), host_header(session.origin), tap_session(c, session));
        }
        co_return co_await session.http->exchange(std::move(request), until);
    };
    auto account = c.for_proxy();
    co_return co_await ask_proxy(std::move(account), session.by_proxy, ask, until);
}

}  // namespace

web_error to_web_error(const net::error& e, const std::string& doing) {
    const auto kind = [&]() -> ev::http_fault_word {
        switch (e.what) {
            case net::fault::refused: return "refused";
            case net::fault::unreachable: return "unreachable";
            case net::fault::reset: return "reset";
            case net::fault::closed: return "closed";
            case net::fault::timed_out:
            case net::fault::cancelled: return "timed_out";
            case net::fault::tls_alert: return "tls";
            case net::fault::not_found: return "dns";
            case net::fault::proxy: return "proxy";
            case net::fault::protocol:
            case net::fault::other: break;
        }
        return "protocol";
    };
    return {kind(), doing + ": " + e.detail, e.code};
}

net::awaitable<std::expected<web_session, web_error>> web_client::open(
    context& c, net::http::url origin, std::optional<net::tls_facts>& tls, net::deadline until) {
    const net::host_port target{origin.host, origin.port};
    std::optional<dialed> reached;
    if (origin.secure()) reached = co_await dial_any(c, target, until);
    else reached = co_await dial_for_http(c, target, until);
    auto& dialed = *reached;
    if (!dialed.stream) {
        auto error = to_web_error(dialed.stream.error(), "connecting to " + origin.host);
        for (const auto& one : dialed.attempts) error.tried.push_back(net::to_string(one.target.meant));
        co_return std::unexpected(error);
    }
    web_session session{nullptr, origin, dialed.peer, std::nullopt, {}};
    if (!origin.secure() && dialed.proxy) session.by_proxy = dialed.proxy->host;
    auto stream = std::move(*dialed.stream);
    if (origin.secure()) {
        net::tls_options wanted{origin.host, c.environment.trust};
        wanted.tap = tap_web(c.trace, origin);
        auto shaken = co_await c.environment.dial->secure(std::move(stream), wanted, until);
        tls = shaken.facts;
        session.tls = shaken.facts;
        if (!shaken.stream) {
            auto error = to_web_error(shaken.stream.error(), "TLS with " + origin.host);
            if (error.kind != "timed_out" && error.kind != "reset") error.kind = "tls";
            error.tls = how_tls_ended(shaken.stream.error(), shaken.facts).word;
            co_return std::unexpected(error);
        }
        auto verified = net::verified_stream::of(std::move(*shaken.stream));
        if (!verified)
            co_return std::unexpected(web_error{
                "certificate", "the certificate of " + origin.host + " failed: " + certificate_trouble(shaken.facts)});
        stream = std::move(*verified).release();
    }
    session.http = std::make_unique<net::http::connection>(
        std::move(stream), host_header(origin), tap_session(c, session));
    co_return session;
}

net::awaitable<web_answer> web_client::exchange(
    context& c, web_session& session, net::http::request wanted, net::deadline until) {
    web_answer answer{std::unexpected(web_error{}), session.tls, c.environment.clock->seconds(), 0};
    wanted.headers.emplace_back("User-Agent", c.options.user_agent);
    auto place = session.origin;
    place.target = wanted.target;
    if (auto cookies = cookies_for(c, place); !cookies.empty())
        wanted.headers.emplace_back("Cookie", std::move(cookies));
    const auto method = wanted.method;
    net::result<net::http::response> response = std::unexpected(net::error{});
    if (session.by_proxy.empty()) response = co_await session.http->exchange(std::move(wanted), until);
    else response = co_await exchange_by_proxy(c, session, std::move(wanted), until);
    answer.received = c.environment.clock->seconds();
    session.last_used = net::clock::now();
    if (!response) {
        auto error = to_web_error(response.error(), session.origin.host);
        // In TLS 1.3 a server that wants a client's certificate says so only after the handshake (RFC 8446 4.4.2.4).
        if (response.error().what == net::fault::tls_alert && answer.tls) {
            answer.tls->alert = response.error().code;
            error.tls = how_tls_ended(response.error(), *answer.tls).word;
        }
        answer.response = std::unexpected(error);
        co_return answer;
    }
    cookies_.keep(place, *response, wall_clock(c));
    if (!shows_a_cache(*response))
        c.clock.observe(
            session.origin.host, response->header("Date"), answer.sent, answer.received, age_of(method, *response));
    if (response->status == 407) {
        answer.response = std::unexpected(
            web_error{"proxy", "the proxy " + session.by_proxy + " requires a log-in (407)", 407});
        co_return answer;
    }
    answer.response = std::move(*response);
    co_return answer;
}

net::awaitable<std::expected<log_in_session, web_error>> web_client::open_for(
    context& c, const credential_target& to, net::http::url origin, std::optional<net::tls_facts>& tls,
    net::deadline until) {
    if (!is_meant(to, origin))
        throw std::logic_error("credentials for " + to.host() + " were on their way to " + origin.text());
    auto opened = co_await open(c, std::move(origin), tls, until);
    if (!opened) co_return std::unexpected(opened.error());
    co_return log_in_session(std::move(*opened));
}

net::awaitable<web_answer> web_client::exchange(
    context& c, log_in_session& session, net::http::request wanted, credentials proof, net::deadline until) {
    for (const auto& [name, value] : proof.headers) wanted.headers.emplace_back(name, value.reveal());
    if (proof.body) wanted.body = proof.body->reveal();
    co_return co_await exchange(c, session.session_, std::move(wanted), until);
}

net::awaitable<web_answer> web_client::send(
    context& c, const credential_target& to, net::http::url url, net::http::request wanted, credentials proof,
    net::deadline until) {
    if (!is_meant(to, url))
        throw std::logic_error("credentials for " + to.host() + " were on their way to " + url.text());
    wanted.target = url.target;
    // What is sent here must not be sent again when the server closed an idle connection meanwhile: only one that was
    // in use just now will do.
    auto idle = take_idle(url, in_use_just_now);
    std::optional<net::tls_facts> tls;
    if (!idle) {
        auto opened = co_await open(c, url, tls, until);
        if (!opened) co_return web_answer{std::unexpected(opened.error()), tls};
        idle = std::move(*opened);
    }
    log_in_session session(std::move(*idle));
    auto answer = co_await exchange(c, session, std::move(wanted), std::move(proof), until);
    give_back(std::move(session.session_));
    co_return answer;
}

net::awaitable<web_answer> web_client::fetch(
    context& c, net::http::url url, net::http::request wanted, net::deadline until) {
    wanted.target = url.target;
    if (auto session = take_idle(url, net::clock::duration::max())) {
        auto answer = co_await exchange(c, *session, wanted, until);
        const bool went_stale = !answer.response &&
                                (answer.response.error().kind == "closed" || answer.response.error().kind == "reset");
        if (!went_stale) {
            give_back(std::move(*session));
            co_return answer;
        }
        // The server closed the idle connection before our request reached it: RFC 9112 9.3.1 lets a client ask anew.
    }
    std::optional<net::tls_facts> tls;
    auto opened = co_await open(c, url, tls, until);
    if (!opened) co_return web_answer{std::unexpected(opened.error()), tls};
    auto answer = co_await exchange(c, *opened, std::move(wanted), until);
    give_back(std::move(*opened));
    co_return answer;
}

std::string web_client::cookies_for(context& c, const net::http::url& to) const {
    return cookies_.for_request(to, wall_clock(c));
}

std::optional<web_session> web_client::take_idle(const net::http::url& origin, net::clock::duration oldest) {
    const auto now = net::clock::now();
    const auto found = std::ranges::find_if(
        idle_, [&](const auto& s) { return same_origin(s.origin, origin) && now - s.last_used < oldest; });
    if (found == idle_.end()) return std::nullopt;
    auto session = std::move(*found);
    idle_.erase(found);
    return session;
}

void web_client::give_back(web_session session) {
    if (session.http && session.http->usable()) idle_.push_back(std::move(session));
}

}  // namespace ucsignin::signin
