#include "signin/provisioning/mailbox_search.hpp"

#include <algorithm>
#include <array>

#include "net/dns.hpp"
#include "signin/base/reading.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::provisioning {
namespace {

constexpr std::size_t most_hops = 10, most_targets = 3;
constexpr int most_addresses = 3;
constexpr auto path = "/autodiscover/autodiscover.xml";

net::http::url url_of(const std::string& scheme, const std::string& host) {
    return {scheme, host, static_cast<std::uint16_t>(scheme == "https" ? 443 : 80), path};
}

// Where whoever is asked next gets its share of what is left, however silent those before it are.
net::deadline part_of(net::deadline until) {
    const auto now = net::clock::now();
    return now < until ? now + (until - now) / 3 : until;
}

// Exchange, or somebody who keeps it, answered at another address.
bool somebody_else_spoke(const std::vector<exchange_step>& steps, const std::string& url) {
    static constexpr std::array<std::string_view, 9> told{
        "oauth_only", "wants_login", "withheld", "realm", "error", "unheard", "forbidden", "held_back", "server_error"};
    return std::ranges::any_of(steps, [&](const exchange_step& one) {
        return one.url != url && std::ranges::find(told, one.state.word()) != told.end();
    });
}

}  // namespace

std::string mailbox_search::domain() const { return sip::lower(address_.substr(address_.rfind('@') + 1)); }

net::awaitable<std::vector<mailbox_search::service>> mailbox_search::find(std::string address, naming domain_named) {
    next_address_ = std::move(address);
    next_named_ = std::move(domain_named);
    for (int i = 0; i < most_addresses && !next_address_.empty(); ++i) {
        address_ = std::exchange(next_address_, {});
        seen_.address = address_;
        auto named = next_named_;
        const auto how = co_await try_in_order(std::move(named));
        if (how != ended::go_on) break;
    }
    co_return std::move(found_);
}

net::awaitable<mailbox_search::ended> mailbox_search::try_in_order(naming domain_named) {
    const auto at = domain();
    if (!net::dns::is_name(at)) co_return ended::for_good;
    if (!c_.options.exchange.empty()) {
        candidate typed{url_of("https", c_.options.exchange), {naming_way::typed_for_exchange, {}, false, {}}};
        co_return co_await walk(std::move(typed));
    }
    const auto below = "autodiscover." + at;
    const std::vector<candidate> all{
        {url_of("https", at), domain_named, false, proof::windows},
        {url_of("https", below), domain_named},
        {url_of("http", below), domain_named, true}};
    for (const auto& one : all) {
        const auto how = co_await walk(one);
        if (how != ended::go_on) co_return how;
        if (!next_address_.empty()) co_return ended::go_on;
    }
    const auto by_record = co_await walk_to_srv();
    if (by_record != ended::go_on || !next_address_.empty() || !wants_password_at(all.front())) co_return by_record;
    candidate once_more{url_of("https", at), std::move(domain_named)};
    co_return co_await walk(std::move(once_more));
}

// The domain itself is often a web site with a log-in of its own: it is shown the password only where nobody else is
// found.
bool mailbox_search::wants_password_at(const candidate& it) const {
    const auto url = it.url.text();
    const auto said_so = [&](const exchange_step& one) { return one.url == url && one.state.word() == "held_back"; };
    return !by_.was_refused() && std::ranges::any_of(seen_.steps, said_so) && !somebody_else_spoke(seen_.steps, url);
}

net::awaitable<mailbox_search::ended> mailbox_search::walk_to_srv() {
    const auto record = "_autodiscover._tcp." + domain();
    const net::dns::question question{record, net::dns::type::srv};
    const auto answer = co_await c_.environment.resolver->ask(question, part_of(until_));
    const auto services = answer.services();
    if (services.empty() || services.front().target.empty()) {
        exchange_step none;
        none.url = record;
        none.state = "dns";
        if (answer.state == net::answer_state::timed_out) none.state = "timed_out";
        none.error = "no SRV record: " + std::string(net::to_string(answer.state));
        seen_.steps.push_back(std::move(none));
        co_return ended::go_on;
    }
    for (std::size_t i = 0; i < std::min(services.size(), most_targets); ++i) {
        auto url = url_of("https", sip::lower(services[i].target));
        url.port = services[i].port;
        candidate by_record{std::move(url), naming::by_dns(record)};
        const auto how = co_await walk(std::move(by_record));
        if (how != ended::go_on || !next_address_.empty()) co_return how;
    }
    co_return ended::go_on;
}

net::awaitable<exchange_answer> mailbox_search::ask(const candidate& at) {
    const auto until = part_of(until_);
    if (at.only_redirects) co_return co_await by_.get(at.url, until);
    auto body = sip::exchange_autodiscover_request(address_);
    co_return co_await by_.post(at.url, at.named, std::move(body), until, at.by);
}

net::awaitable<mailbox_search::ended> mailbox_search::walk(candidate from) {
    std::optional<candidate> next = std::move(from);
    bool once_more = true;  // some sites refuse the first request with 403 (section 8.3)
    for (std::size_t hop = 0; next && hop < most_hops; ++hop) {
        const auto at = *std::exchange(next, std::nullopt);
        visited_.insert(at.url.text() + " " + address_);
        auto came = co_await ask(at);
        const auto how = read(at, came, next);
        const bool again = came.step.state.word() == "forbidden" && once_more && !at.only_redirects;
        seen_.steps.push_back(std::move(came.step));
        if (how != ended::go_on) co_return how;
        if (!next_address_.empty()) co_return ended::go_on;
        if (again) {
            once_more = false;
            next = at;
        }
    }
    co_return ended::go_on;
}

std::optional<mailbox_search::candidate> mailbox_search::follow(
    const candidate& at, exchange_answer& came, std::string_view to) {
    const auto where = net::http::resolve(at.url, to);
    if (!where) {
        came.step.error = "it leads to what is no URL";
        return std::nullopt;
    }
    came.step.led_to = where->text();
    if (!where->secure()) came.step.error = "it leads to plain HTTP, which is not followed";
    else if (visited_.contains(where->text() + " " + address_)) came.step.error = "it leads back to where it came from";
    else {
        auto named = by_.named_by(at.url, at.named, came.web.proven());
        named.how = naming_way::redirect;
        return candidate{*where, std::move(named)};
    }
    return std::nullopt;
}

mailbox_search::ended mailbox_search::read(const candidate& at, exchange_answer& came, std::optional<candidate>& next) {
    auto& step = came.step;
    if (step.state.word() == "redirect") {
        next = follow(at, came, came.web.response->header("Location"));
        return ended::go_on;
    }
    // Whatever else is said there may be a proxy's word.
    if (at.only_redirects && came.web.response) {
        step.state = "page";
        step.error = "plain HTTP is good for a redirect alone";
        return ended::go_on;
    }
    // The password is not shown to one server after the other.
    if (step.state.word() == "refused_login") return ended::for_good;
    if (!step.is_ok()) return ended::go_on;
    const auto document = sip::parse_exchange_autodiscover(came.body());
    if (!document) {
        step.state = "unreadable";
        step.error = document.error().what;
        return ended::go_on;
    }
    return take(at, came, *document, next);
}

mailbox_search::ended mailbox_search::take(
    const candidate& at, exchange_answer& came, const sip::exchange_autodiscover& document,
    std::optional<candidate>& next) {
    auto& step = came.step;
    using kind = sip::exchange_autodiscover::kind;
    if (document.what == kind::other_url) {
        step.state = "redirect";
        next = follow(at, came, document.leads_to);
        return ended::go_on;
    }
    auto says = by_.named_by(at.url, at.named, came.web.proven());
    if (document.what == kind::other_address) {
        step.state = "redirect";
        step.led_to_address = document.leads_to;
        const bool is_new = document.leads_to.find('@') != std::string::npos &&
                            !sip::same_word(document.leads_to, address_);
        if (!is_new) return ended::for_good;
        next_address_ = document.leads_to;
        next_named_ = std::move(says);
        return ended::go_on;
    }
    if (document.what == kind::error) {
        step.code = document.code;
        step.error = document.message;
        step.state = "error";
        if (!document.tells_of_no_mailbox()) return ended::go_on;
        step.state = "no_mailbox";
        return ended::for_good;
    }
    for (const auto& one : document.ews_urls)
        if (auto url = net::http::resolve(at.url, one); url && url->secure()) found_.push_back({*std::move(url), says});
    if (!found_.empty()) return ended::found;
    step.state = "error";
    step.error = "the answer names no web services by https";
    return ended::go_on;
}

}  // namespace ucsignin::signin::provisioning
