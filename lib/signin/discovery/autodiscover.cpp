// Walks from all roots side by side, takes the best when it is decided, and reads its documents; if they name no
// server, the next root gets its turn.
#include "signin/discovery/autodiscover.hpp"

#include <algorithm>
#include <memory>

#include "net/deadline.hpp"
#include "signin/base/decision.hpp"
#include "signin/discovery/autodiscover_pages.hpp"
#include "signin/discovery/autodiscover_roots.hpp"

namespace ucsignin::signin::discovery {
namespace {

using trace::outcome;

void finish_redirect(trace::scope& span, const std::string& next, bool by_link, bool is_url) {
    if (!is_url) return span.finish("error", outcome::failed, "leads to something that is not a URL: " + next);
    span.finish(
        "redirect", by_link ? outcome::ok : outcome::warning,
        (by_link ? "leads to " : "leads by an HTTP redirect to ") + next);
}

root_found finish_at_root(
    trace::scope_at<"discovery.autodiscover_root">& span, const place& here, const document_answer& a) {
    root_found found{
        a.document->access_location, link_of(a, here.url, "User"), link_of(a, here.url, "Domain"), a.says, {}};
    span.finish(
        "user_and_domain", outcome::ok,
        here.url.host + " offers documents" +
            (found.access_location.empty() ? "" : ", sees us " + found.access_location));
    return found;
}

// Follows redirects by link and by HTTP until a root that offers documents, or nothing more.
net::awaitable<std::optional<root_found>> walk_to_root(context& c, place here) {
    walk so_far;
    for (;;) {
        const auto at = here.url.text();
        auto span = c.trace.open<"discovery.autodiscover_root">(at);
        if (!so_far.visited.empty()) span.wait_for_latest("discovery.autodiscover_root", so_far.visited.back());
        span.wait_for_latest("discovery.autodiscover_internal", here.url.host)
            .wait_for_latest("discovery.autodiscover_external", here.url.host);
        note_place(c, span, at, here.named, so_far);
        const bool circles = so_far.loops(at, c.web.cookies_for(c, here.url));
        if (circles || so_far.too_long()) {
            span.finish(
                "error", outcome::failed,
                circles ? "redirected in a loop: " + at + " was visited before" : "redirected too often");
            co_return std::nullopt;
        }
        so_far.add(at, c.web.cookies_for(c, here.url));
        const auto a = co_await fetch_document(c, here);
        note_document(span, a);
        if (a.document) tell(span, decide_link(*a.document));
        const auto next = a.document ? link_of(a, here.url, "Redirect") : a.redirect;
        if (!next.empty()) {
            const auto target = net::http::parse_url(next);
            finish_redirect(span, next, a.redirect.empty(), target.has_value());
            if (!target) co_return std::nullopt;
            here = {*target, a.says};
            continue;
        }
        if (!a.document) {
            span.finish({a.not_autodiscover, "not_autodiscover", "error"}, outcome::failed, at + ": " + a.trouble);
            co_return std::nullopt;
        }
        co_return finish_at_root(span, here, a);
    }
}

// Every root that the client would ask, side by side: both names, https and http. What is still running when the choice
// is made goes on beside the sign-in.
struct all_roots {
    explicit all_roots(net::asio::any_io_executor executor) : changed(std::move(executor)) {}
    std::vector<root_state> states;
    std::vector<root_found> found;  // of the same length
    net::signal changed;
};

net::awaitable<void> walk_one(context& c, std::shared_ptr<all_roots> all, std::size_t i, net::http::url url) {
    place start{url, naming::by_dns(url.host)};
    auto root = co_await walk_to_root(c, std::move(start));
    all->states[i].ended = true;
    all->states[i].found = root.has_value();
    if (root) all->found[i] = std::move(*root);
    all->changed.set();
}

net::awaitable<void> walk_when_named(context& c, std::shared_ptr<all_roots> all, std::size_t first, named_host host) {
    const auto resolved = co_await host.resolved();
    if (!resolved) {
        for (const auto i : {first, first + 1}) all->states[i].ended = all->states[i].nameless = true;
        all->changed.set();
        co_return;
    }
    const auto target = "/?sipuri=" + net::http::percent_encode(c.who.user) + "@" + c.who.domain;
    const net::http::url https{"https", host.name, 443, target}, http{"http", host.name, 80, target};
    c.beside.start(walk_one(c, all, first, https));
    c.beside.start(walk_one(c, all, first + 1, http));
}

std::shared_ptr<all_roots> start_walks(context& c, const std::vector<named_host>& hosts) {
    auto all = std::make_shared<all_roots>(c.executor);
    all->states.resize(2 * hosts.size());
    all->found.resize(2 * hosts.size());
    for (std::size_t i = 0; i < hosts.size(); ++i) {
        all->states[2 * i].url = "https://" + hosts[i].name + "/";
        all->states[2 * i + 1].url = "http://" + hosts[i].name + "/";
    }
    for (std::size_t i = 0; i < hosts.size(); ++i) c.beside.start(walk_when_named(c, all, 2 * i, hosts[i]));
    return all;
}

// Those before the first that was found have a grace to come as well; then they are passed over.
net::awaitable<std::optional<std::size_t>> wait_for_root(
    context& c, std::shared_ptr<all_roots> all, net::deadline until) {
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
        auto root = roots->found[*chosen];
        root.why = decide_root(roots->states, *chosen);
        roots->states[*chosen].found = false;
        roots->states[*chosen].read = true;
        // The same documents, named by somebody whose word is worth more, are read again: a ticket may go there then.
        const auto key = root.user + " " + root.domain + (root.says.voucher ? " vouched for" : "");
        if (std::ranges::find(read, key) != read.end()) continue;
        read.push_back(key);
        out.from_internal_name = out.from_internal_name || *chosen < 2;
        if (out.access_location.empty()) out.access_location = root.access_location;
        const auto found = co_await read_documents(c, root, documents_until);
        if (!found) continue;
        out.access_location = found->document.access_location.empty() ? root.access_location
                                                                      : found->document.access_location;
        out.internal_access = found->document.internal_access;
        out.external_access = found->document.external_access;
        out.named = found->says;
        co_return out;
    }
    co_return out;
}

}  // namespace ucsignin::signin::discovery
