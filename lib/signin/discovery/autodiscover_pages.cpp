// The user document is asked for without a ticket first, as the client does: the refusal names the service that issues
// one. The domain document is read beside it when that takes long.
#include "signin/discovery/autodiscover_pages.hpp"

#include <fmt/format.h>
#include <memory>

#include "net/deadline.hpp"
#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/obtain_ticket.hpp"

namespace ucsignin::signin::discovery {
namespace {

using kind = autodiscover_document::kind;
using trace::outcome;

void finish_user(trace::scope& span, const document_answer& a, const std::string& next) {
    if (!next.empty())
        return span.finish(
            "redirect", a.redirect.empty() ? outcome::ok : outcome::warning, "the user's home is elsewhere: " + next);
    if (a.document && (!a.document->internal_access.empty() || !a.document->external_access.empty())) {
        std::string list;
        for (const auto& s : a.document->external_access)
            list += (list.empty() ? "external " : ", external ") + net::to_string(s);
        for (const auto& s : a.document->internal_access)
            list += (list.empty() ? "internal " : ", internal ") + net::to_string(s);
        return span.finish("servers", outcome::ok, list);
    }
    if (a.document) return span.finish("error", outcome::failed, "the user document names no SIP server");
    if (a.web.response && a.web.response->status == 404)
        return span.finish("unknown_user", outcome::failed, "the pool does not know this user's home (404)");
    span.finish("error", outcome::failed, a.trouble);
}

// The refusal that names the ticket service; nothing else is acted upon (protocol section 2.4).
std::string ticket_service(const document_answer& a) {
    if (!a.web.response || (a.web.response->status != 401 && a.web.response->status != 403)) return {};
    return a.web.response->header("X-MS-WebTicketURL");
}

struct user_page {
    std::optional<servers_found> found;  // with servers, or not
    std::string next;                    // another pool's, or its root's
    naming says;
};

void finish_without_ticket(trace::scope& span, const document_answer& a, std::string_view why) {
    note_document(span, a);
    span.finish("ticket_wanted", outcome::warning, fmt::format("a web ticket is required, and {}", why));
}

user_page finish_page(trace::scope& span, const document_answer& a, const net::http::url& url) {
    note_document(span, a);
    user_page page{{}, a.redirect.empty() ? link_of(a, url, "Redirect") : a.redirect, a.says};
    // A redirect may lead to the root of another pool: its own user document is what counts.
    if (page.next.empty() && a.document && a.document->what == kind::root) page.next = link_of(a, url, "User");
    finish_user(span, a, page.next);
    if (page.next.empty() && a.document) page.found = servers_found{*a.document, a.says};
    return page;
}

// One user document: first without a ticket, then with the one that is asked for.
net::awaitable<user_page> read_user_page(
    context& c, std::string href, naming named, const walk& so_far, const trace::decision& why) {
    auto span = c.trace.open<"discovery.autodiscover_user">(href);
    if (so_far.visited.empty()) tell(span, why);
    if (so_far.visited.empty()) span.wait_for_latest("discovery.autodiscover_root");
    else span.wait_for_latest("discovery.autodiscover_user", so_far.visited.back());
    note_place(c, span, href, named, so_far);
    const auto url = net::http::parse_url(href);
    if (!url) {
        span.finish("error", outcome::failed, "not a URL: " + href);
        co_return user_page{};
    }
    place here{*url, named};
    const auto a = co_await fetch_document(c, here);
    const auto service = ticket_service(a);
    if (service.empty()) co_return finish_page(span, a, *url);
    const auto trust = c.trusted_names.covers(url->host, named);
    if (!trust) {
        note_withheld(c, trust.error(), "log_in");
        finish_without_ticket(span, a, "no credentials go to " + url->host + ": " + trust.error().why);
        co_return user_page{};
    }
    if (!url->secure()) {
        finish_without_ticket(span, a, "none is sent to " + url->host + " in clear text");
        co_return user_page{};
    }
    naming by_header{naming_way::web_ticket_url, url->host, false, {}};
    if (a.web.proven()) by_header.voucher = *trust;
    ticket_wish wish{service, std::move(by_header), href, {}, span.span_id()};
    auto ticket = co_await obtain_ticket(c, wish);
    if (!ticket) {
        finish_without_ticket(span, a, "none was issued");
        co_return user_page{};
    }
    const auto with_ticket = co_await fetch_document(c, here, *trust, std::move(*ticket));
    co_return finish_page(span, with_ticket, *url);
}

net::awaitable<std::optional<servers_found>> read_user(context& c, root_found root) {
    auto href = root.user;
    auto named = root.says;
    walk so_far;
    while (!href.empty()) {
        const auto place = net::http::parse_url(href);
        const auto cookies = place ? c.web.cookies_for(c, *place) : std::string{};
        if (so_far.loops(href, cookies) || so_far.too_long()) {
            auto span = c.trace.open<"discovery.autodiscover_user">(href);
            note_place(c, span, href, named, so_far);
            span.finish("error", outcome::failed, "redirected in a loop: " + href + " was visited before");
            co_return std::nullopt;
        }
        auto page = co_await read_user_page(c, href, named, so_far, root.why);
        if (page.found) co_return page.found;
        so_far.add(href, cookies);
        href = page.next;
        named = page.says;
    }
    co_return std::nullopt;
}

net::awaitable<std::optional<servers_found>> read_domain(
    context& c, std::string href, naming named, trace::decision why) {
    auto span = c.trace.open<"discovery.autodiscover_domain">(href);
    tell(span, std::move(why));
    note_place(c, span, href, named, {});
    const auto url = net::http::parse_url(href);
    if (!url) {
        span.finish("error", outcome::failed, "not a URL: " + href);
        co_return std::nullopt;
    }
    place here{*url, named};
    const auto a = co_await fetch_document(c, here);
    note_document(span, a);
    if (!a.document) {
        span.finish(
            "error", outcome::warning,
            a.trouble.empty() ? "leads away by an HTTP redirect to " + a.redirect : a.trouble);
        co_return std::nullopt;
    }
    if (a.document->internal_access.empty() && a.document->external_access.empty())
        span.finish("none", outcome::ok, "it names no SIP server");
    else span.finish("servers", outcome::ok, "servers for the whole domain");
    co_return servers_found{*a.document, a.says};
}

struct documents {
    explicit documents(net::asio::any_io_executor executor) : changed(std::move(executor)) {}
    std::optional<servers_found> user, domain;
    bool user_done = false, domain_done = false;
    net::signal changed;
};

net::awaitable<void> read_user_into(context& c, std::shared_ptr<documents> into, root_found root) {
    into->user = co_await read_user(c, std::move(root));
    into->user_done = true;
    into->changed.set();
}

net::awaitable<void> read_domain_into(context& c, std::shared_ptr<documents> into, root_found root) {
    auto why = decide_document(root, into->user_done);
    into->domain = co_await read_domain(c, root.domain, root.says, std::move(why));
    into->domain_done = true;
    into->changed.set();
}

}  // namespace

trace::decision decide_document(const root_found& root, bool user_ended) {
    using trace::verdict;
    if (root.user.empty()) return root.why;
    return decided(
        "Which Autodiscover document names the servers?",
        {{"user document", user_ended ? verdict::failed : verdict::passed_over,
          user_ended ? "it names no server" : "no answer within its grace"},
         {"domain document", verdict::chosen, "the one that is left"}});
}

net::awaitable<std::optional<servers_found>> read_documents(context& c, root_found root, net::deadline until) {
    auto all = std::make_shared<documents>(c.executor);
    all->user_done = root.user.empty();
    if (!all->user_done) c.beside.start(read_user_into(c, all, root));
    const auto grace = std::min(until, c.until.grace());
    bool domain_asked = false;
    for (;;) {
        const auto now = net::clock::now();
        if (all->user || now >= until) break;
        if ((all->user_done || now >= grace) && !domain_asked) {
            domain_asked = true;
            all->domain_done = root.domain.empty();
            if (!all->domain_done) c.beside.start(read_domain_into(c, all, root));
        }
        if (all->user_done && all->domain_done) break;
        all->changed.reset();
        co_await all->changed.wait(domain_asked ? until : grace);
    }
    co_return all->user ? all->user : all->domain;
}

}  // namespace ucsignin::signin::discovery
