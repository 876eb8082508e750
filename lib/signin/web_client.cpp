#include "signin/web_client.hpp"

#include <algorithm>

#include "net/tcp.hpp"
#include "signin/clock_watch.hpp"
#include "signin/context.hpp"
#include "signin/dial.hpp"
#include "signin/proxy_login.hpp"

namespace ucsignin::signin {
namespace {

std::string host_header(const net::http::url& url) {
    const bool default_port = url.port == (url.secure() ? 443 : 80);
    return default_port ? url.host : url.host + ":" + std::to_string(url.port);
}

bool same_origin(const net::http::url& a, const net::http::url& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

std::string certificate_trouble(const net::tls_facts& facts) {
    if (!facts.errors.empty()) return facts.errors.front().what;
    return "it is not made out to " + facts.server_name;
}

// The whole URL instead of the path; after a 407 on the same connection, or a new one when the proxy closed it.
net::awaitable<net::result<net::http::response>> exchange_by_proxy(context& c, web_session& session, net::http::request wanted, net::deadline until) {
    auto whole = session.origin;
    whole.target = wanted.target;
    wanted.target = whole.text();
    proxy_request send = [&c, &session, &wanted, until](net::http::fields further) -> net::awaitable<net::result<net::http::response>> {
        auto request = wanted;
        request.headers.insert(request.headers.end(), further.begin(), further.end());
        if (!session.http->usable()) {
            const net::host_port target{session.origin.host, session.origin.port};
            auto again = co_await dial_for_http(c, target, until);
            if (!again.stream) co_return std::unexpected(again.stream.error());
            session.http = std::make_unique<net::http::connection>(std::move(*again.stream), host_header(session.origin));
        }
        co_return co_await session.http->exchange(std::move(request), until);
    };
    co_return co_await ask_proxy(c, session.by_proxy, send, until);
}

}  // namespace

web_error to_web_error(const net::error& e, const std::string& doing) {
    static constexpr std::string_view kinds[] = {"timed_out", "refused", "unreachable", "reset", "closed", "timed_out",
                                                 "protocol", "tls", "dns", "proxy", "protocol"};
    return {std::string(kinds[static_cast<std::size_t>(e.what)]), doing + ": " + e.detail, e.code};
}

net::awaitable<std::expected<web_session, web_error>> web_client::open(context& c, net::http::url origin,
                                                                       std::optional<net::tls_facts>& tls, net::deadline until) {
    const net::host_port target{origin.host, origin.port};
    std::optional<dialed> reached;
    if (origin.secure()) reached = co_await dial_any(c, target, until);
    else reached = co_await dial_for_http(c, target, until);
    auto& dialed = *reached;
    if (!dialed.stream) co_return std::unexpected(to_web_error(dialed.stream.error(), "connecting to " + origin.host));
    web_session session{nullptr, origin, dialed.peer, std::nullopt, {}};
    if (!origin.secure() && !dialed.proxy.empty()) session.by_proxy = dialed.proxy.substr(0, dialed.proxy.rfind(':'));
    auto stream = std::move(*dialed.stream);
    if (origin.secure()) {
        net::tls_options wanted{origin.host, c.trust};
        auto shaken = co_await net::tls_connect(std::move(stream), wanted, until);
        tls = shaken.facts;
        session.tls = shaken.facts;
        if (!shaken.stream) {
            auto error = to_web_error(shaken.stream.error(), "TLS with " + origin.host);
            if (error.kind != "timed_out" && error.kind != "reset") error.kind = "tls";
            co_return std::unexpected(error);
        }
        if (!shaken.facts.errors.empty() || !shaken.facts.name_matches)
            co_return std::unexpected(web_error{"certificate", "the certificate of " + origin.host + " failed: " + certificate_trouble(shaken.facts)});
        stream = std::move(*shaken.stream);
    }
    session.http = std::make_unique<net::http::connection>(std::move(stream), host_header(origin));
    co_return session;
}

net::awaitable<web_answer> web_client::exchange(context& c, web_session& session, net::http::request wanted, net::deadline until) {
    web_answer answer{std::unexpected(web_error{}), session.tls, wall_clock_now(), 0};
    wanted.headers.emplace_back("User-Agent", c.options.user_agent);
    net::result<net::http::response> response = std::unexpected(net::error{});
    if (session.by_proxy.empty()) response = co_await session.http->exchange(std::move(wanted), until);
    else response = co_await exchange_by_proxy(c, session, std::move(wanted), until);
    answer.received = wall_clock_now();
    if (!response) {
        answer.response = std::unexpected(to_web_error(response.error(), session.origin.host));
        co_return answer;
    }
    c.clock.observe(session.origin.host, response->header("Date"), answer.sent, answer.received);
    if (response->status == 407) {
        answer.response = std::unexpected(web_error{"proxy", "the proxy " + session.by_proxy + " wants a log-in (407)", 407});
        co_return answer;
    }
    answer.response = std::move(*response);
    co_return answer;
}

net::awaitable<web_answer> web_client::fetch(context& c, net::http::url url, net::http::request wanted, net::deadline until) {
    wanted.target = url.target;
    const auto idle = std::ranges::find_if(idle_, [&](const auto& s) { return same_origin(s.origin, url); });
    if (idle != idle_.end()) {
        auto session = std::move(*idle);
        idle_.erase(idle);
        auto answer = co_await exchange(c, session, wanted, until);
        const bool went_stale = !answer.response && (answer.response.error().kind == "closed" || answer.response.error().kind == "reset");
        if (!went_stale) {
            give_back(std::move(session));
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

void web_client::give_back(web_session session) {
    if (session.http && session.http->usable()) idle_.push_back(std::move(session));
}

}  // namespace ucsignin::signin
