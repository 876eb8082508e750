#include "signin/discovery/autodiscover.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "net/deadline.hpp"
#include "signin/discovery/autodiscover_document.hpp"
#include "signin/discovery/autodiscover_roots.hpp"
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

void read_document(document_answer& a, const net::http::url& url) {
    if (!a.web.response) {
        a.trouble = in_words(a.web);
        return;
    }
    const auto& r = *a.web.response;
    if (r.status >= 300 && r.status < 400) {
        const auto where = net::http::resolve(url, r.header("Location"));
        if (where) a.redirect = where->text();
        else a.trouble = in_words(a.web) + ", with a Location that leads nowhere";
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

// A link of a document may be relative, and is an answer like any other: "" when there is none, the text when it can't be read.
std::string link_of(const document_answer& a, const net::http::url& from, std::string_view token) {
    const auto href = a.document ? a.document->href(token) : std::string{};
    const auto where = href.empty() ? net::result<net::http::url>(std::unexpected(net::error{})) : net::http::resolve(from, href);
    return where ? where->text() : href;
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

void note_place(context& c, trace::scope& span, const std::string& url, const walk& so_far) {
    span.note(ev::http_url, url);
    for (const auto& hop : so_far.visited) span.note(ev::http_hop, hop);
    const auto parsed = net::http::parse_url(url);
    if (parsed) span.note(ev::under_domain, is_under(parsed->host, c.who.domain)).note(ev::candidate_trusted, c.trusts(parsed->host));
}

void note_document(trace::scope& span, const document_answer& a) {
    note_web(span, a.web);
    if (a.not_autodiscover && a.web.response) span.note(ev::http_body, a.web.response->body.substr(0, 200));
    if (!a.document) return;
    if (!a.document->access_location.empty()) span.note(ev::access_location, a.document->access_location);
    for (const auto& l : a.document->links) span.note(ev::autodiscover_link, l.token + " " + l.href);
    for (const auto& s : a.document->internal_access) span.note(ev::autodiscover_sip, fmt::format("internal {}:{}", s.host, s.port));
    for (const auto& s : a.document->external_access) span.note(ev::autodiscover_sip, fmt::format("external {}:{}", s.host, s.port));
}

struct root_found {
    std::string access_location;
    std::string user, domain;   // complete URLs
};

// Follows redirects by link and by HTTP until a root that offers documents, or nothing more.
net::awaitable<std::optional<root_found>> walk_to_root(context& c, net::http::url url) {
    walk so_far;
    for (;;) {
        auto span = c.trace.open("discovery.autodiscover_root", url.text());
        note_place(c, span, url.text(), so_far);
        if (so_far.loops(url.text()) || so_far.too_long()) {
            const auto why = so_far.loops(url.text()) ? "redirected in circles: " + url.text() + " was visited before" : fmt::format("redirected more than {} times", most_hops);
            span.finish("error", outcome::failed, why);
            co_return std::nullopt;
        }
        so_far.visited.push_back(url.text());
        const auto a = co_await fetch_document(c, url, std::nullopt);
        note_document(span, a);
        const auto next = a.document ? link_of(a, url, "Redirect") : a.redirect;
        if (!next.empty()) {
            const auto target = net::http::parse_url(next);
            if (target) span.finish("redirect", a.redirect.empty() ? outcome::ok : outcome::warning, (a.redirect.empty() ? "leads to " : "leads by an HTTP redirect to ") + next);
            else span.finish("error", outcome::failed, "leads to what is no URL: " + next);
            if (!target) co_return std::nullopt;
            url = *target;
            continue;
        }
        if (!a.document) {
            span.finish(a.not_autodiscover ? "not_autodiscover" : "error", outcome::failed, url.text() + ": " + a.trouble);
            co_return std::nullopt;
        }
        root_found found{a.document->access_location, link_of(a, url, "User"), link_of(a, url, "Domain")};
        span.finish("user_and_domain", outcome::ok, url.host + " offers documents" + (found.access_location.empty() ? "" : ", sees us " + found.access_location));
        co_return found;
    }
}

void finish_user(trace::scope& span, const document_answer& a, const std::string& next) {
    if (!next.empty()) return span.finish("redirect", a.redirect.empty() ? outcome::ok : outcome::warning, "the user's home is elsewhere: " + next);
    if (a.document && (!a.document->internal_access.empty() || !a.document->external_access.empty())) {
        std::string list;
        for (const auto& s : a.document->external_access) list += fmt::format("{}external {}:{}", list.empty() ? "" : ", ", s.host, s.port);
        for (const auto& s : a.document->internal_access) list += fmt::format("{}internal {}:{}", list.empty() ? "" : ", ", s.host, s.port);
        return span.finish("servers", outcome::ok, list);
    }
    if (a.document) return span.finish("error", outcome::failed, "the user document names no SIP server");
    if (a.web.response && a.web.response->status == 404) return span.finish("unknown_user", outcome::failed, "the pool does not know this user's home (404)");
    span.finish("error", outcome::failed, a.trouble);
}

// The refusal that names the ticket service; nothing else is acted upon (protocol section 2.4).
std::string ticket_service(const document_answer& a) {
    if (!a.web.response || (a.web.response->status != 401 && a.web.response->status != 403)) return {};
    return a.web.response->header("X-MS-WebTicketURL");
}

struct user_page {
    std::optional<autodiscover_document> document;   // with servers, or not
    std::string next;                                // another pool's, or its root's
};

void finish_without_ticket(trace::scope& span, const document_answer& a, std::string_view why) {
    note_document(span, a);
    span.finish("ticket_wanted", outcome::warning, fmt::format("a web ticket is wanted, and {}", why));
}

// One user document: first without a ticket, then with the one that is asked for. A ticket goes by https to a trusted name only.
net::awaitable<user_page> read_user_page(context& c, std::string href, const walk& so_far) {
    auto span = c.trace.open("discovery.autodiscover_user", href);
    note_place(c, span, href, so_far);
    const auto url = net::http::parse_url(href);
    if (!url) {
        span.finish("error", outcome::failed, "not a URL: " + href);
        co_return user_page{};
    }
    auto a = co_await fetch_document(c, *url, std::nullopt);
    const auto service = ticket_service(a);
    if (!service.empty() && !(url->secure() && c.trusts(url->host))) {
        finish_without_ticket(span, a, "none goes to " + url->host + (url->secure() ? ", outside of " + c.who.domain : " in clear"));
        co_return user_page{};
    }
    if (!service.empty()) {
        registration::ticket_wish wish{service, href, {}, span.span_id(), false};
        auto ticket = co_await registration::obtain_ticket(c, wish);
        if (!ticket) {
            finish_without_ticket(span, a, "none was issued");
            co_return user_page{};
        }
        a = co_await fetch_document(c, *url, *ticket);
    }
    note_document(span, a);
    user_page page{a.document, a.redirect.empty() ? link_of(a, *url, "Redirect") : a.redirect};
    // A redirect may lead to the root of another pool: its own user document is what counts.
    if (page.next.empty() && a.document && a.document->what == kind::root) page.next = link_of(a, *url, "User");
    finish_user(span, a, page.next);
    if (!page.next.empty()) page.document.reset();
    co_return page;
}

net::awaitable<std::optional<autodiscover_document>> read_user(context& c, std::string href) {
    walk so_far;
    while (!href.empty()) {
        if (so_far.loops(href) || so_far.too_long()) {
            auto span = c.trace.open("discovery.autodiscover_user", href);
            note_place(c, span, href, so_far);
            span.finish("error", outcome::failed, "redirected in circles: " + href + " was visited before");
            co_return std::nullopt;
        }
        auto page = co_await read_user_page(c, href, so_far);
        if (page.document) co_return page.document;
        so_far.visited.push_back(href);
        href = page.next;
    }
    co_return std::nullopt;
}

net::awaitable<std::optional<autodiscover_document>> read_domain(context& c, std::string href) {
    auto span = c.trace.open("discovery.autodiscover_domain", href);
    note_place(c, span, href, {});
    const auto url = net::http::parse_url(href);
    if (!url) {
        span.finish("error", outcome::failed, "not a URL: " + href);
        co_return std::nullopt;
    }
    const auto a = co_await fetch_document(c, *url, std::nullopt);
    note_document(span, a);
    if (!a.document) span.finish("error", outcome::warning, a.trouble.empty() ? "leads away by an HTTP redirect to " + a.redirect : a.trouble);
    else if (a.document->internal_access.empty() && a.document->external_access.empty()) span.finish("none", outcome::ok, "it names no SIP server");
    else span.finish("servers", outcome::ok, "servers for the whole domain");
    co_return a.document;
}

// Every root that the client would ask, side by side: both names, https and http. What is still running when the choice
// is made goes on beside the sign-in.
struct all_roots {
    explicit all_roots(net::asio::any_io_executor executor) : changed(std::move(executor)) {}
    std::vector<root_state> states;
    std::vector<root_found> found;     // of the same length
    net::signal changed;
};

net::awaitable<void> walk_one(context& c, std::shared_ptr<all_roots> all, std::size_t i, net::http::url url) {
    auto root = co_await walk_to_root(c, url);
    all->states[i] = {true, root.has_value()};
    if (root) all->found[i] = std::move(*root);
    all->changed.set();
}

net::awaitable<void> walk_when_named(context& c, std::shared_ptr<all_roots> all, std::size_t first, named_host host) {
    const auto resolved = co_await host.resolved();
    if (!resolved) {
        all->states[first].ended = all->states[first + 1].ended = true;
        all->changed.set();
        co_return;
    }
    const auto target = "/?sipuri=" + c.who.address;
    const net::http::url https{"https", host.name, 443, target}, http{"http", host.name, 80, target};
    c.beside.start(walk_one(c, all, first, https));
    c.beside.start(walk_one(c, all, first + 1, http));
}

std::shared_ptr<all_roots> start_walks(context& c, const std::vector<named_host>& hosts) {
    auto all = std::make_shared<all_roots>(c.executor);
    all->states.resize(2 * hosts.size());
    all->found.resize(2 * hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) c.beside.start(walk_when_named(c, all, 2 * i, hosts[i]));
    return all;
}

// Those before the first that was found have a grace to come as well; then they are passed over.
net::awaitable<std::optional<std::size_t>> wait_for_root(context& c, std::shared_ptr<all_roots> all, net::deadline until) {
    std::optional<net::deadline> grace;
    for (;;) {
        const bool in_time = net::clock::now() < until;
        const auto chosen = choose_root(all->states, !in_time || (grace && net::clock::now() >= *grace));
        if (chosen || !in_time || std::ranges::all_of(all->states, &root_state::ended)) co_return chosen;
        if (!grace && std::ranges::any_of(all->states, &root_state::found)) grace = std::min(until, c.until.grace());
        all->changed.reset();
        co_await all->changed.wait(grace.value_or(until));
    }
}

struct documents {
    explicit documents(net::asio::any_io_executor executor) : changed(std::move(executor)) {}
    std::optional<autodiscover_document> user, domain;
    bool user_done = false, domain_done = false;
    net::signal changed;
};

net::awaitable<void> read_user_into(context& c, std::shared_ptr<documents> into, std::string href) {
    into->user = co_await read_user(c, std::move(href));
    into->user_done = true;
    into->changed.set();
}

net::awaitable<void> read_domain_into(context& c, std::shared_ptr<documents> into, std::string href) {
    into->domain = co_await read_domain(c, std::move(href));
    into->domain_done = true;
    into->changed.set();
}

// The user document, which a web ticket may hold up; the domain document beside it when the other takes long, so that
// stage 2 ends in its share of the time. Without a user document the domain's servers still tell where the client could go.
net::awaitable<std::optional<autodiscover_document>> read_documents(context& c, root_found root, net::deadline until) {
    auto all = std::make_shared<documents>(c.executor);
    all->user_done = root.user.empty();
    if (!all->user_done) c.beside.start(read_user_into(c, all, root.user));
    const auto grace = std::min(until, c.until.grace());
    bool domain_asked = false;
    for (;;) {
        const auto now = net::clock::now();
        if (all->user || now >= until) break;
        if ((all->user_done || now >= grace) && !domain_asked) {
            domain_asked = true;
            all->domain_done = root.domain.empty();
            if (!all->domain_done) c.beside.start(read_domain_into(c, all, root.domain));
        }
        if (all->user_done && all->domain_done) break;
        all->changed.reset();
        co_await all->changed.wait(domain_asked ? until : grace);
    }
    co_return all->user ? all->user : all->domain;
}

}  // namespace

net::awaitable<autodiscovered> autodiscover(context& c, std::vector<named_host> hosts) {
    autodiscovered out;
    const auto roots = start_walks(c, hosts);
    const auto roots_until = c.until.http();
    auto chosen = co_await wait_for_root(c, roots, roots_until);
    if (!chosen) co_return out;
    out.any_answer = true;
    const auto documents_until = c.until.http();
    std::vector<std::string> read;
    for (; chosen; chosen = co_await wait_for_root(c, roots, net::clock::now())) {
        const auto root = roots->found[*chosen];
        roots->states[*chosen] = {true, false};
        if (std::ranges::find(read, root.user + " " + root.domain) != read.end()) continue;
        read.push_back(root.user + " " + root.domain);
        out.from_internal_name = out.from_internal_name || *chosen < 2;
        if (out.access_location.empty()) out.access_location = root.access_location;
        const auto document = co_await read_documents(c, root, documents_until);
        if (!document) continue;
        out.access_location = document->access_location.empty() ? root.access_location : document->access_location;
        out.internal_access = document->internal_access;
        out.external_access = document->external_access;
        co_return out;
    }
    co_return out;
}

}  // namespace ucsignin::signin::discovery
