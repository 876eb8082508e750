#include "signin/provisioning/web_urls.hpp"

#include <algorithm>
#include <memory>

#include "signin/base/context.hpp"
#include "signin/base/web_client.hpp"
#include "signin/provisioning/settings.hpp"
#include "signin/provisioning/side_by_side.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using asking = side_by_side<web_urls_seen>;

std::string server_of(const std::string& url) {
    const auto parsed = net::http::parse_url(url);
    return parsed ? parsed->host + ":" + std::to_string(parsed->port) : url;
}

void take(web_url_seen& into, const web_answer& came) {
    if (!came.response) {
        into.state =
            ev::web_url_word::from(came.response.error().kind.word()).value_or(ev::web_url_word("unreachable"));
        into.error = came.response.error().detail;
        return;
    }
    into.status = came.response->status;
    into.state = "answers";
    if (came.proven()) return;
    into.state = "certificate";
    into.error = "its certificate does not prove the name";
}

net::awaitable<void> ask(
    context& c, std::shared_ptr<asking> into, std::size_t index, net::http::url url, net::deadline until) {
    net::http::request wanted;
    wanted.method = "GET";
    const auto came = co_await c.web.fetch(c, std::move(url), std::move(wanted), until);
    take(into->seen.all[index], came);
    into->one_has_ended();
}

void begin(context& c, const std::shared_ptr<asking>& into, std::size_t index, net::deadline until) {
    auto& mine = into->seen.all[index];
    auto url = net::http::parse_url(mine.url);
    if (!url || !url->secure()) {
        mine.state = "malformed";
        mine.error = "it is no https address";
        return;
    }
    into->one_begins();
    c.beside.start(ask(c, into, index, *std::move(url), until));
}

net::awaitable<std::shared_ptr<const std::any>> look(context& c, std::vector<web_url_seen> urls) {
    const auto until = c.until.afterthought();
    const auto into = std::make_shared<asking>(c.executor, web_urls_seen{std::move(urls)});
    for (std::size_t i = 0; i < into->seen.all.size(); ++i) begin(c, into, i, until);
    co_await into->all_have_ended(until);
    co_return std::make_shared<const std::any>(into->seen);
}

}  // namespace

std::vector<web_url_seen> web_urls_of(const sip::provisioning& from, bool remote) {
    constexpr std::string_view outside[] = {"absExternalServerUrl", "abwqExternalUrl", "dlxExternalUrl"};
    constexpr std::string_view inside[] = {"absInternalServerUrl", "abwqInternalUrl", "dlxInternalUrl"};
    std::vector<web_url_seen> all;
    for (const auto name : remote ? outside : inside) {
        const auto url = setting_of(from, {"ServerConfiguration", name});
        const auto same_server = [&](const web_url_seen& one) { return server_of(one.url) == server_of(url); };
        if (!url.empty() && std::ranges::none_of(all, same_server)) all.push_back({std::string(name), url});
    }
    return all;
}

wish look_at_web_urls(const endpoint& me, const sip::provisioning& from) {
    auto urls = web_urls_of(from, me.remote);
    if (urls.empty()) return not_sent{};
    return look_for{[urls = std::move(urls)](context& c) { return look(c, urls); }};
}

}  // namespace ucsignin::signin::provisioning
