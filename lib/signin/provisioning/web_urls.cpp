#include "signin/provisioning/web_urls.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "signin/base/context.hpp"
#include "signin/base/web_client.hpp"
#include "signin/provisioning/settings.hpp"
#include "signin/provisioning/side_by_side.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using asking = side_by_side<web_urls_seen>;

// Addresses at one server, by their places; what does not answer once is not asked again.
struct at_one_server {
    std::vector<std::size_t> places;
    std::string named_by;
};

std::optional<net::http::url> address_of(const std::string& text) {
    const auto parsed = net::http::parse_url(text);
    if (!parsed || !parsed->secure()) return std::nullopt;
    return *parsed;
}

std::string same_address(const std::string& text) {
    const auto parsed = address_of(text);
    return parsed ? parsed->text() : text;
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

// False when there was no answer that says anything.
net::awaitable<bool> ask_one(
    context& c, std::shared_ptr<asking> into, std::size_t place, std::string named_by, net::deadline until) {
    const auto url = *address_of(into->seen.all[place].url);
    auto asked = url;
    if (is_web_service(url)) asked.target = url.target.substr(0, url.target.find('?')) + "/mex";
    net::http::request wanted;
    const auto came = co_await c.web.fetch(c, asked, std::move(wanted), until);
    take(into->seen.all[place], came);
    if (!into->seen.all[place].answers()) co_return false;
    auto book = co_await ask_address_book(c, url, named_by, *came.response, until);
    into->seen.all[place].book = std::move(book);
    co_return true;
}

net::awaitable<void> ask_server(
    context& c, std::shared_ptr<asking> into, const at_one_server server, net::deadline until) {
    for (const auto place : server.places) {
        const bool answered = co_await ask_one(c, into, place, server.named_by, until);
        if (!answered) break;
    }
    into->one_has_ended();
}

// It says nothing where the run had no more time to wait.
void forget_silence(web_urls_seen& in) {
    for (auto& one : in.all) {
        if (one.state.word() != "timed_out") continue;
        one.state = "not_tried";
        one.error = "the time of this run was over";
    }
}

net::awaitable<std::shared_ptr<const std::any>> look(
    context& c, std::vector<web_url_seen> urls, const std::string named_by) {
    const auto until = c.until.afterthought();
    const auto into = std::make_shared<asking>(c.executor, web_urls_seen{std::move(urls)});
    std::map<std::string, at_one_server> servers;
    for (std::size_t i = 0; i < into->seen.all.size(); ++i) {
        auto& mine = into->seen.all[i];
        const auto url = address_of(mine.url);
        if (!url) {
            mine.state = "malformed";
            mine.error = "it is no https address";
            continue;
        }
        auto& server = servers[url->host + ":" + std::to_string(url->port)];
        server.places.push_back(i);
        server.named_by = named_by;
    }
    for (const auto& [name, server] : servers) {
        into->one_begins();
        c.beside.start(ask_server(c, into, server, until));
    }
    co_await into->all_have_ended(until);
    if (net::clock::now() >= c.until.total()) forget_silence(into->seen);
    co_return std::make_shared<const std::any>(into->seen);
}

}  // namespace

std::vector<web_url_seen> web_urls_of(const sip::provisioning& from, bool remote) {
    constexpr std::string_view outside[] = {"absExternalServerUrl", "abwqExternalUrl", "dlxExternalUrl"};
    constexpr std::string_view inside[] = {"absInternalServerUrl", "abwqInternalUrl", "dlxInternalUrl"};
    std::vector<web_url_seen> all;
    for (const auto name : remote ? outside : inside) {
        const auto url = setting_of(from, {"ServerConfiguration", name});
        const auto is_there = [&](const web_url_seen& one) { return same_address(one.url) == same_address(url); };
        if (!url.empty() && std::ranges::none_of(all, is_there)) all.push_back({std::string(name), url});
    }
    return all;
}

wish look_at_web_urls(const endpoint& me, const sip::provisioning& from) {
    auto urls = web_urls_of(from, me.remote);
    if (urls.empty()) return not_sent{};
    return look_for{[urls = std::move(urls), named_by = me.server](context& c) { return look(c, urls, named_by); }};
}

}  // namespace ucsignin::signin::provisioning
