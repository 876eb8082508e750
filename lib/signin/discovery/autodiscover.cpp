#include "signin/discovery/autodiscover.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "net/deadline.hpp"
#include "signin/discovery/autodiscover_document.hpp"
#include "signin/notes.hpp"
#include "signin/registration/web_ticket.hpp"
#include "signin/web_client.hpp"

namespace ucsignin::signin::discovery {
namespace {

using kind = autodiscover_document::kind;
using trace::outcome;

constexpr int most_hops = 10;
constexpr const char* wanted_type = "application/vnd.microsoft.rtc.autodiscover+xml;v=1";

// Where a walk along links has been; a place met twice is a loop.
struct walk {
    std::vector<std::string> visited;
    [[nodiscard]] bool loops(const std::string& url) const { return std::ranges::find(visited, url) != visited.end(); }
    [[nodiscard]] bool too_long() const { return visited.size() >= most_hops; }
};

struct document_answer {
    web_answer web;
    std::optional<autodiscover_document> document;
    std::string redirect;       // an HTTP redirect
    std::string trouble;        // why there is no document
    bool not_autodiscover = false;
};

// Location may be relative to the URL that was asked (RFC 9110 10.2.2).
std::string absolute(const net::http::url& base, const std::string& location) {
    if (!location.starts_with('/')) return location;
    auto next = base;
    next.target = location;
    return next.text();
}

void read_document(document_answer& a, const net::http::url& url) {
    if (!a.web.response) {
        a.trouble = in_words(a.web);
        return;
    }
    const auto& r = *a.web.response;
    if (r.status >= 300 && r.status < 400) {
        a.redirect = absolute(url, r.header("Location"));
        return;
    }
    if (r.status != 200) {
        a.trouble = in_words(a.web);
        return;
    }
    const auto type = r.header("Content-Type");
    if (!is_autodiscover_type(type)) {
        a.not_autodiscover = true;
        a.trouble = "something else answers there: " + (type.empty() ? "no media type" : type);
        return;
    }
    auto document = parse_autodiscover(type, r.body);
    if (document) a.document = std::move(*document);
    else {
        a.not_autodiscover = true;
        a.trouble = fmt::format("not an Autodiscover document: {} (offset {})", document.error().what, document.error().offset);
    }
}

net::awaitable<document_answer> fetch_document(context& c, net::http::url url, std::optional<auth::web_ticket> ticket) {
    net::http::request wanted;
    wanted.headers = {{"Accept", wanted_type}};
    if (ticket) wanted.headers.emplace_back("X-MS-WebTicket", ticket->header_value().reveal());
    document_answer a;
    a.web = co_await c.web.fetch(c, url, std::move(wanted), c.until.http());
    read_document(a, url);
    co_return a;
}

void note_document(trace::scope& span, const document_answer& a) {
    note_web(span, a.web);
    if (!a.document) return;
    if (!a.document->access_location.empty()) span.note(ev::access_location, a.document->access_location);
    for (const auto& l : a.document->links) span.note(ev::autodiscover_link, l.token + " " + l.href);
    for (const auto& s : a.document->internal_access) span.note(ev::autodiscover_sip, fmt::format("internal {}:{}", s.host, s.port));
    for (const auto& s : a.document->external_access) span.note(ev::autodiscover_sip, fmt::format("external {}:{}", s.host, s.port));
}

struct root_found {
    autodiscover_document document;
    net::http::url url;
};

// Follows redirects by link and by HTTP until a root that offers documents, or nothing more.
net::awaitable<std::optional<root_found>> walk_to_root(context& c, net::http::url url, std::string parent) {
    walk so_far;
    for (;;) {
        auto span = c.trace.open("discovery.autodiscover_root", url.text(), parent);
        span.note(ev::http_url, url.text());
        for (const auto& hop : so_far.visited) span.note(ev::http_hop, hop);
        if (so_far.loops(url.text()) || so_far.too_long()) {
            span.finish("error", outcome::failed, "redirected in circles: " + url.text() + " was visited before");
            co_return std::nullopt;
        }
        so_far.visited.push_back(url.text());
        const auto a = co_await fetch_document(c, url, std::nullopt);
        note_document(span, a);
        const auto next = a.document ? a.document->href("Redirect") : a.redirect;
        if (!next.empty()) {
            const auto target = net::http::parse_url(next);
            span.finish("redirect", a.redirect.empty() ? outcome::ok : outcome::warning, "leads to " + next);
            if (!target) co_return std::nullopt;
            url = *target;
            continue;
        }
        if (!a.document) {
            span.finish(a.not_autodiscover ? "not_autodiscover" : "error", outcome::failed, url.text() + ": " + a.trouble);
            co_return std::nullopt;
        }
        span.finish("user_and_domain", outcome::ok, url.host + " offers documents" + (a.document->access_location.empty() ? "" : ", sees us " + a.document->access_location));
        co_return root_found{*a.document, url};
    }
}

void finish_user(trace::scope& span, const document_answer& a) {
    if (a.document && !a.document->href("Redirect").empty()) return span.finish("redirect", outcome::ok, "the user's home is elsewhere: " + a.document->href("Redirect"));
    if (a.document && (!a.document->internal_access.empty() || !a.document->external_access.empty())) {
        std::string list;
        for (const auto& s : a.document->external_access) list += fmt::format("{}external {}:{}", list.empty() ? "" : ", ", s.host, s.port);
        for (const auto& s : a.document->internal_access) list += fmt::format("{}internal {}:{}", list.empty() ? "" : ", ", s.host, s.port);
        return span.finish("servers", outcome::ok, list);
    }
    if (a.document) return span.finish("error", outcome::failed, "the user document names no SIP server");
    if (a.web.response && a.web.response->status == 404) return span.finish("unknown_user", outcome::failed, "the pool does not know this user's home (404)");
    span.finish("error", outcome::failed, a.trouble.empty() ? "leads away by an HTTP redirect: " + a.redirect : a.trouble);
}

// The 401 that names the ticket service; nothing else is acted upon (protocol section 2.4).
std::string ticket_service(const document_answer& a) {
    if (!a.web.response || a.web.response->status != 401) return {};
    return a.web.response->header("X-MS-WebTicketURL");
}

net::awaitable<std::optional<autodiscover_document>> read_user(context& c, std::string href, std::string parent) {
    walk so_far;
    for (auto next = href; !next.empty() && !so_far.loops(next) && !so_far.too_long();) {
        so_far.visited.push_back(next);
        auto span = c.trace.open("discovery.autodiscover_user", next, parent);
        span.note(ev::http_url, next);
        const auto url = net::http::parse_url(next);
        if (!url) {
            span.finish("error", outcome::failed, "not a URL: " + next);
            co_return std::nullopt;
        }
        auto a = co_await fetch_document(c, *url, std::nullopt);
        const auto service = ticket_service(a);
        if (!service.empty()) {
            registration::ticket_wish wish{service, next, {}, span.span_id(), false};
            auto ticket = co_await registration::obtain_ticket(c, wish);
            if (!ticket) {
                note_document(span, a);
                span.finish("ticket_wanted", outcome::warning, "a web ticket is wanted, and none was issued");
                co_return std::nullopt;
            }
            if (url->secure() && c.trusts(url->host)) a = co_await fetch_document(c, *url, *ticket);
        }
        note_document(span, a);
        finish_user(span, a);
        if (!a.document) co_return std::nullopt;
        if (a.document->href("Redirect").empty()) co_return *a.document;
        next = a.document->href("Redirect");
    }
    co_return std::nullopt;
}

net::awaitable<std::optional<autodiscover_document>> read_domain(context& c, std::string href, std::string parent) {
    auto span = c.trace.open("discovery.autodiscover_domain", href, parent);
    span.note(ev::http_url, href);
    const auto url = net::http::parse_url(href);
    if (!url) {
        span.finish("error", outcome::failed, "not a URL: " + href);
        co_return std::nullopt;
    }
    const auto a = co_await fetch_document(c, *url, std::nullopt);
    note_document(span, a);
    if (!a.document) span.finish("error", outcome::warning, a.trouble.empty() ? "leads away by an HTTP redirect" : a.trouble);
    else if (a.document->internal_access.empty() && a.document->external_access.empty()) span.finish("none", outcome::ok, "it names no SIP server");
    else span.finish("servers", outcome::ok, "servers for the whole domain");
    co_return a.document;
}

// Both schemes at once; the slower one goes on beside the sign-in.
struct both_schemes {
    explicit both_schemes(net::asio::any_io_executor executor) : changed(executor) {}
    std::optional<root_found> https, http;
    bool https_done = false, http_done = false;
    net::signal changed;
};

net::awaitable<void> walk_one(context& c, std::shared_ptr<both_schemes> into, net::http::url url) {
    const bool secure = url.secure();
    auto root = co_await walk_to_root(c, url, {});
    (secure ? into->https : into->http) = std::move(root);
    (secure ? into->https_done : into->http_done) = true;
    into->changed.set();
}

net::awaitable<std::optional<root_found>> first_root(context& c, std::string host) {
    auto both = std::make_shared<both_schemes>(c.executor);
    const auto target = "/?sipuri=" + c.who.address;
    const net::http::url https{"https", host, 443, target}, http{"http", host, 80, target};
    c.beside.start(walk_one(c, both, https));
    c.beside.start(walk_one(c, both, http));
    const auto until = c.until.http();
    for (;;) {
        if (both->https) co_return both->https;
        if (both->https_done && both->http_done) co_return both->http;
        both->changed.reset();
        const bool in_time = co_await both->changed.wait(until);
        if (!in_time) co_return both->http;
    }
}

}  // namespace

net::awaitable<autodiscovered> autodiscover(context& c, std::string host) {
    autodiscovered found;
    const auto root = co_await first_root(c, host);
    if (!root) co_return found;
    found.any_answer = true;
    found.access_location = root->document.access_location;
    const auto user_href = root->document.href("User"), domain_href = root->document.href("Domain");
    std::optional<autodiscover_document> document;
    if (!user_href.empty()) document = co_await read_user(c, user_href, {});
    // Without a user document the domain's servers still tell where the client could go.
    if (!document && !domain_href.empty()) document = co_await read_domain(c, domain_href, {});
    if (!document) co_return found;
    if (!document->access_location.empty()) found.access_location = document->access_location;
    found.internal_access = document->internal_access;
    found.external_access = document->external_access;
    co_return found;
}

}  // namespace ucsignin::signin::discovery
