// Finds, fetches and evaluates the proxy script beside the sign-in; connections wait for it no longer than the grace,
// then go direct, as a script that never comes must not stop a sign-in that needs none.
#include "signin/base/proxy_chooser.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/context.hpp"
#include "signin/base/decision.hpp"
#include "signin/base/proxy_choice.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin {
namespace {

using trace::outcome;

constexpr std::size_t longest_script = 1u << 20;

// "http", "https" or "file", lower case as host::proxy_settings leaves it.
std::string scheme_of(const std::string& url) { return url.substr(0, url.find("://")); }

// What went wrong on the way to the script.
ev::pac_fault_word fault_word(const web_error& e) {
    if (e.kind == "dns") return "not_found";
    if (e.kind == "timed_out") return "timed_out";
    if (e.kind == "refused") return "refused";
    return "unreadable";
}

ev::proxy_fault_word fault_word(const net::error& e) {
    switch (e.what) {
        case net::fault::not_found: return "not_found";
        case net::fault::refused: return "refused";
        case net::fault::unreachable: return "unreachable";
        case net::fault::timed_out: return "timed_out";
        default: return "reset";
    }
}

std::string own_address(const context& c) {
    if (c.environment.resolver->servers().empty()) return {};
    return c.environment.host->route_to(c.environment.resolver->servers().front().address).source_address;
}

}  // namespace

std::vector<std::string> wpad_names(
    const std::vector<std::string>& search, const std::string& host_name, const std::string& sip_domain) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& domain) {
        const bool local = std::ranges::count(domain, '.') == 0;  // wpad.com belongs to strangers
        if (!local && std::ranges::find(names, "wpad." + domain) == names.end()) names.push_back("wpad." + domain);
    };
    for (const auto& suffix : search) add(suffix);
    if (const auto dot = host_name.find('.'); dot != std::string::npos) add(host_name.substr(dot + 1));
    add(sip_domain);
    return names;
}

void proxy_chooser::fail(ev::pac_fault_word fault, std::string why) {
    fault_ = fault;
    why_ = std::move(why);
}

void proxy_chooser::start(context& c) {
    if (!settings_.pac_url.empty() || settings_.wpad) return c.beside.start(find_script(c));
    auto span = c.trace.open<"devices.proxy">();
    if (settings_.host.empty() && settings_.error.empty()) return span.finish("direct", outcome::ok, "no proxy is set");
    span.note(ev::proxy, settings_.url).note(ev::proxy_source, settings_.said_by);
    tell(span, decide_proxy(settings_));
    if (!settings_.error.empty()) span.finish("dead", outcome::warning, settings_.error);
    else span.finish("fixed", outcome::ok, settings_.url + ", says " + settings_.said_by);
}

// The name is asked for like any other; DHCP's option 252 is the DHCP client's to tell and not kept on Linux.
net::awaitable<std::string> proxy_chooser::locate(context& c) {
    if (!settings_.wpad) co_return settings_.pac_url;
    for (const auto& name :
         wpad_names(c.environment.host->search_list(), c.environment.host->hostname(), c.who.domain)) {
        net::dns::question q{name, net::dns::type::a};
        const auto answer = co_await c.environment.resolver->ask(q, c.until.dns());
        if (answer.addresses().empty()) continue;
        wpad_ = name;
        co_return "http://" + name + "/wpad.dat";
    }
    fail("not_found", "no wpad record in any domain of this PC");
    co_return std::string{};
}

net::awaitable<void> proxy_chooser::fetch(context& c, std::string url) {
    if (scheme_of(url) == "file") {
        const auto path = url.substr(url.find("://") + 3);
        auto text = co_await c.environment.host->read_script(path, longest_script, c.until.devices());
        if (!text) fail("timed_out", path + ": it could not be read in the time given");
        else if (!*text) fail("unreadable", text->error().detail);
        else script_ = std::move(**text);
        co_return;
    }
    const auto where = net::http::parse_url(url);
    if (!where) {
        fail("unreadable", url + " is not the address of a script");
        co_return;
    }
    script_host_ = where->host;
    net::http::request wanted;
    auto answer = co_await c.web.fetch(c, *where, wanted, c.until.devices());
    if (!answer.response) fail(fault_word(answer.response.error()), answer.response.error().detail);
    else if (answer.response->status != 200)
        fail("not_found", fmt::format("{} answers {}", url, answer.response->status));
    else if (answer.response->body.size() > longest_script) fail("unreadable", "the script is longer than a megabyte");
    else script_ = std::move(answer.response->body);
}

net::awaitable<std::optional<std::vector<std::string>>> proxy_chooser::ask(context& c, std::vector<std::string> hosts) {
    std::vector<host::pac_question> questions;
    for (const auto& host : hosts) questions.push_back({"https://" + host + "/", host});
    auto answers = co_await c.environment.host->evaluate_pac(
        script_, own_address(c), std::move(questions), c.until.devices());
    if (!answers) {
        if (host::can_evaluate_pac()) fail("unreadable", answers.error());
        else fail("not_evaluated", answers.error());
        co_return std::nullopt;
    }
    for (std::size_t i = 0; i < hosts.size(); ++i) answers_[hosts[i]] = (*answers)[i];
    co_return std::move(*answers);
}

void proxy_chooser::finish_told(trace::scope& span, const std::string& answer, std::string summary) const {
    tell(span, choose_by_script(answer).decision);
    span.finish(branch(), outcome::ok, std::move(summary));
}

void proxy_chooser::finish_direct(trace::scope& span, const std::string& url) const {
    tell(span, decide_without_script(url, why_));
    span.finish(branch(), outcome::warning, why_ + ": connections go direct");
}

net::awaitable<void> proxy_chooser::find_script(context& c) {
    auto span = c.trace.open<"devices.proxy">();
    span.note(ev::proxy_source, settings_.said_by);
    const auto began = c.trace.now_ms();
    const auto url = co_await locate(c);
    if (!url.empty()) {
        span.note(ev::pac_url, url);
        co_await fetch(c, url);
    }
    const std::vector<std::string> usual{"lyncdiscover." + c.who.domain, "sip." + c.who.domain};
    if (!fault_) co_await ask(c, usual);
    ready_.set();
    if (!wpad_.empty()) span.note(ev::wpad, wpad_);
    for (const auto& [host, answer] : answers_) span.group().note(ev::pac_host, host).note(ev::pac_answer, answer);
    if (fault_) span.note(ev::pac_fault, *fault_);
    span.note(ev::pac_ms, c.trace.now_ms() - began);
    if (fault_) finish_direct(span, url);
    else
        finish_told(
            span, answers_.rbegin()->second,
            fmt::format("{}: {} for {}", url, answers_.rbegin()->second, answers_.rbegin()->first));
}

net::awaitable<std::vector<net::host_port>> proxy_chooser::ways_to(context& c, net::host_port server) {
    const std::vector<net::host_port> direct{net::host_port{}};
    if (settings_.pac_url.empty() && !settings_.wpad) {
        if (settings_.host.empty() || !settings_.applies_to(server.host)) co_return direct;
        co_return std::vector<net::host_port>{{settings_.host, settings_.port}};
    }
    // The script's own server is reached without it. Components of the client that read no script by file:// go direct.
    if (server.host == script_host_ && !ready_.is_set()) co_return direct;
    if (scheme_of(settings_.pac_url) == "file") co_return direct;
    if (!ready_.is_set()) co_await ready_.wait(c.until.grace());
    if (!ready_.is_set() || fault_) co_return direct;
    if (!answers_.contains(server.host)) {
        const std::vector<std::string> one{server.host};
        auto span = c.trace.open<"devices.proxy">(server.host);
        const auto asked = co_await ask(c, one);
        if (!asked) {
            span.note(ev::pac_fault, *fault_);
            finish_direct(span, settings_.pac_url);
            co_return direct;
        }
        span.group().note(ev::pac_host, server.host).note(ev::pac_answer, asked->front());
        finish_told(span, asked->front(), fmt::format("{} for {}", asked->front(), server.host));
    }
    co_return choose_by_script(answers_[server.host]).ways;
}

void proxy_chooser::found_dead(context& c, const net::host_port& proxy, const net::error& why) {
    if (why.what == net::fault::cancelled || std::ranges::find(dead_, proxy) != dead_.end()) return;
    dead_.push_back(proxy);
    auto span = c.trace.open<"devices.proxy">();
    span.note(ev::proxy, settings_.url.empty() ? "http://" + net::to_string(proxy) : settings_.url)
        .note(ev::proxy_source, settings_.said_by);
    span.note(ev::proxy_fault, fault_word(why));
    span.finish("dead", outcome::warning, "the proxy " + net::to_string(proxy) + " does not answer: " + why.detail);
}

}  // namespace ucsignin::signin
