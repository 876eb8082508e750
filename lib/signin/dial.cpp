#include "signin/dial.hpp"

#include <memory>

#include "net/deadline.hpp"
#include "net/tcp.hpp"
#include "signin/context.hpp"
#include "signin/devices/this_pc.hpp"
#include "signin/proxy_login.hpp"

namespace ucsignin::signin {
namespace {

constexpr auto head_start = std::chrono::milliseconds(250);

// Shared by the attempts that run side by side: the first success ends the race.
struct race {
    explicit race(net::asio::any_io_executor executor) : changed(executor) {}
    std::vector<attempt> attempts;
    net::stream_ptr won;
    std::size_t winner = 0;
    std::size_t running = 0;
    net::signal changed;
};

net::awaitable<void> run_attempt(std::shared_ptr<race> shared, std::size_t index, net::deadline until) {
    const auto began = net::clock::now();
    auto connected = co_await net::connect(shared->attempts[index].target.actual, until);
    auto& mine = shared->attempts[index];
    mine.connect_ms = std::chrono::duration<double, std::milli>(net::clock::now() - began).count();
    if (!connected) mine.failed = connected.error();
    else if (!shared->won) {
        mine.failed.reset();
        shared->won = std::move(*connected);
        shared->winner = index;
    }
    --shared->running;
    shared->changed.set();
}

// Until one has won, all have failed, or the deadline.
net::awaitable<void> wait_while_racing(std::shared_ptr<race> shared, net::deadline until) {
    bool in_time = true;
    while (!shared->won && shared->running > 0 && in_time) {
        in_time = co_await shared->changed.wait(until);
        shared->changed.reset();
    }
}

net::error summary_of(const std::vector<attempt>& attempts) {
    // The error of the last address that was tried; the others are in the list.
    return attempts.back().failed.value_or(net::error{net::fault::timed_out, "no answer"});
}

net::awaitable<dialed> dial_direct(context& c, net::host_port to, net::deadline until) {
    const auto addresses = co_await addresses_of(c, to.host, until);
    const auto targets = net::dial_targets(to, addresses, c.options.connect_to);
    if (targets.empty())
        co_return dialed{std::unexpected(net::error{net::fault::not_found, to.host + " has no address"})};
    auto shared = std::make_shared<race>(c.executor);
    for (const auto& target : targets)
        shared->attempts.push_back({target, net::error{net::fault::cancelled, "not tried: another address answered first"}});
    for (std::size_t i = 0; i < targets.size() && !shared->won; ++i) {
        ++shared->running;
        c.beside.start(run_attempt(shared, i, until));
        shared->changed.reset();
        const auto next = i + 1 < targets.size() ? std::min(until, net::clock::now() + head_start) : until;
        co_await wait_while_racing(shared, next);
    }
    co_await wait_while_racing(shared, until);
    dialed done{std::unexpected(summary_of(shared->attempts)), {}, shared->attempts};
    if (shared->won) {
        done.peer = net::to_string(shared->attempts[shared->winner].target.meant);
        done.stream = std::move(shared->won);
    }
    co_return done;
}

// CONNECT on a connection to the proxy; after a 407 again on that one, or on a new one when the proxy closed it.
net::awaitable<void> open_tunnel(context& c, dialed& reached, net::host_port proxy, net::host_port to, net::deadline until) {
    net::stream_ptr idle = std::move(*reached.stream);
    proxy_request send = [&](net::http::fields headers) -> net::awaitable<net::result<net::http::response>> {
        if (!idle) {
            auto again = co_await dial_direct(c, proxy, until);
            if (!again.stream) co_return std::unexpected(again.stream.error());
            idle = std::move(*again.stream);
        }
        auto tunnel = co_await net::http::connect_tunnel(std::move(idle), to.host, to.port, std::move(headers), until);
        idle = std::move(tunnel.proxy);
        reached.proxy_answer = std::move(tunnel.answer);
        reached.stream = std::move(tunnel.stream);
        if (!reached.stream && reached.stream.error().what != net::fault::proxy) co_return std::unexpected(reached.stream.error());
        co_return *reached.proxy_answer;
    };
    const auto last = co_await ask_proxy(c, proxy.host, send, until);
    if (!last) reached.stream = std::unexpected(last.error());
}

// `plain`: the proxy itself is wanted, which is asked for whole URLs.
net::awaitable<dialed> dial_by_proxy(context& c, net::host_port to, net::host_port proxy, bool plain, net::deadline until) {
    auto reached = co_await dial_direct(c, proxy, until);
    reached.proxy = proxy.host + ":" + std::to_string(proxy.port);
    if (!reached.stream) {
        c.pc.proxy.found_dead(c, proxy, reached.stream.error());
        reached.stream.error().detail = "proxy " + reached.proxy + ": " + reached.stream.error().detail;
        co_return reached;
    }
    if (!plain) co_await open_tunnel(c, reached, proxy, to, until);
    reached.peer = to.host + ":" + std::to_string(to.port);
    co_return reached;
}

net::awaitable<dialed> dial_some_way(context& c, net::host_port to, bool plain, net::deadline until) {
    const auto ways = co_await c.pc.proxy.ways_to(c, to);
    dialed done{std::unexpected(net::error{net::fault::other, "no way to " + to.host})};
    // A script may name several: the next is taken when one is dead, not when it says no.
    for (const auto& proxy : ways) {
        if (proxy.host.empty()) done = co_await dial_direct(c, to, until);
        else done = co_await dial_by_proxy(c, to, proxy, plain, until);
        if (done.stream || (done.proxy_answer && done.proxy_answer->status != 0)) break;
    }
    co_return done;
}

}  // namespace

net::awaitable<std::vector<net::ip_address>> addresses_of(context& c, std::string host, net::deadline until) {
    boost::system::error_code not_an_address;
    const auto literal = net::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return std::vector<net::ip_address>{literal};
    // What the hosts file says ends the system's look-up, and so the client's.
    if (auto by_hosts = c.pc.addresses_by_hosts(host); !by_hosts.empty()) co_return by_hosts;
    // Both questions are on their way before either answer is waited for: the resolver shares equal questions.
    net::dns::question v6{host, net::dns::type::aaaa}, v4{host, net::dns::type::a};
    auto ask_v6 = [](context& inner, net::dns::question q, net::deadline d) -> net::awaitable<void> { co_await inner.resolver.ask(q, d); };
    c.beside.start(ask_v6(c, v6, until));
    auto first = co_await c.resolver.ask(v4, until);
    auto second = co_await c.resolver.ask(v6, until);
    auto all = first.addresses();
    for (const auto& address : second.addresses()) all.push_back(address);
    co_return all;
}

net::awaitable<dialed> dial_any(context& c, net::host_port to, net::deadline until) { return dial_some_way(c, std::move(to), false, until); }

net::awaitable<dialed> dial_for_http(context& c, net::host_port to, net::deadline until) { return dial_some_way(c, std::move(to), true, until); }

}  // namespace ucsignin::signin
