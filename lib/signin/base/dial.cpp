// Addresses of one host race, begun one after the other (RFC 8305): a dead one costs a moment, not a timeout. All share
// one deadline, and an attempt that lost is told apart from one that failed.
#include "signin/base/dial.hpp"

#include <algorithm>
#include <memory>
#include <ranges>

#include "net/deadline.hpp"
#include "signin/base/context.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/limits.hpp"
#include "signin/base/proxy_login.hpp"
#include "signin/base/wire.hpp"

namespace ucsignin::signin {
namespace {

constexpr auto head_start = std::chrono::milliseconds(250);
// Attempts have the same deadline as the wait for them: each is to say how it ended.
constexpr auto to_end_by_themselves = std::chrono::milliseconds(50);

// Shared by the attempts that run side by side: the first success ends the race.
struct race {
    race(net::asio::any_io_executor executor, other_address listener) : heard(std::move(listener)), changed(executor) {}
    other_address heard;
    std::vector<attempt> attempts;
    net::stream_ptr won;
    bool decided = false;
    std::size_t winner = 0;
    std::size_t running = 0;
    net::signal changed;
    net::deadline started = net::clock::now();
};

net::awaitable<void> run_attempt(context& c, std::shared_ptr<race> shared, std::size_t index, net::deadline until) {
    const auto began = net::clock::now();
    shared->attempts[index].begun_after_ms = std::chrono::duration<double, std::milli>(began - shared->started).count();
    const net::connect_options as_usual;
    auto connected = co_await c.environment.dial->connect(shared->attempts[index].target.actual, as_usual, until);
    auto& mine = shared->attempts[index];
    mine.connect_ms = std::chrono::duration<double, std::milli>(net::clock::now() - began).count();
    mine.kernel = connected.kernel;
    const bool first = connected.stream && !shared->decided;
    if (connected.stream) mine.failed.reset();
    else mine.failed = connected.stream.error();
    if (first) {
        shared->decided = true;
        shared->won = std::move(*connected.stream);
        shared->winner = index;
    } else if (shared->heard) {
        shared->heard(mine, connected.stream ? std::move(*connected.stream) : nullptr);
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

// The higher, the nearer to the server.
int distance(net::fault f) {
    switch (f) {
        case net::fault::reset:
        case net::fault::closed: return 4;
        case net::fault::refused: return 3;
        case net::fault::timed_out: return 2;
        case net::fault::unreachable: return 1;
        default: return 0;
    }
}

net::awaitable<dialed> dial_direct(context& c, net::host_port to, net::deadline until, other_address heard) {
    const auto addresses = co_await addresses_of(c, to.host, until);
    const auto all = net::dial_targets(to, addresses, c.options.connect_to);
    const auto targets = first_of_both_families(
        all, c.dials < limits::dials ? limits::addresses_per_server : limits::addresses_when_many);
    c.dials += targets.size();
    if (targets.empty())
        co_return dialed{std::unexpected(net::error{net::fault::not_found, to.host + " has no address"})};
    auto shared = std::make_shared<race>(c.executor, targets.size() > 1 ? std::move(heard) : nullptr);
    for (const auto& target : targets)
        shared->attempts.push_back(
            {target, net::error{net::fault::cancelled, "not tried: another address answered first"}});
    std::size_t begun = 0;
    for (; begun < targets.size() && !shared->won; ++begun) {
        ++shared->running;
        c.beside.start(run_attempt(c, shared, begun, until));
        shared->changed.reset();
        if (begun + 1 < targets.size())
            co_await wait_while_racing(shared, std::min(until, net::clock::now() + head_start));
    }
    co_await wait_while_racing(shared, until + to_end_by_themselves);
    for (; shared->heard && begun < targets.size(); ++begun) {
        ++shared->running;
        c.beside.start(run_attempt(c, shared, begun, until));
    }
    dialed done{std::unexpected(telling_failure(shared->attempts)),
                {},
                {},
                shared->attempts,
                {},
                {},
                all.size() - targets.size()};
    if (shared->won) {
        done.peer = net::to_string(shared->attempts[shared->winner].target.meant);
        done.winner = shared->attempts[shared->winner].target;
        done.stream = std::move(shared->won);
    }
    co_return done;
}

// CONNECT on a connection to the proxy; after a 407 again on that one, or on a new one when the proxy closed it.
net::awaitable<void> open_tunnel(
    context& c, dialed& reached, net::host_port proxy, net::host_port to, net::deadline until) {
    net::stream_ptr idle = std::move(*reached.stream);
    proxy_request request;
    request.stands = [&idle] { return idle != nullptr; };
    request.hang_up = [&idle] { idle.reset(); };
    request.send = [&](net::http::fields headers) -> net::awaitable<net::result<net::http::response>> {
        if (!idle) {
            auto again = co_await dial_direct(c, proxy, until, nullptr);
            if (!again.stream) co_return std::unexpected(again.stream.error());
            idle = std::move(*again.stream);
        }
        auto heard = tap_server(c.trace, "proxy", proxy);
        auto tunnel = co_await net::http::connect_tunnel(
            std::move(idle), to.host, to.port, std::move(headers), until, std::move(heard));
        idle = std::move(tunnel.proxy);
        reached.proxy_answer = std::move(tunnel.answer);
        reached.stream = std::move(tunnel.stream);
        if (!reached.stream && reached.stream.error().what != net::fault::proxy)
            co_return std::unexpected(reached.stream.error());
        co_return *reached.proxy_answer;
    };
    auto account = c.for_proxy();
    const auto last = co_await ask_proxy(std::move(account), proxy.host, request, until);
    if (!last) reached.stream = std::unexpected(last.error());
}

// `plain`: the proxy itself is wanted, which is asked for whole URLs.
net::awaitable<dialed> dial_by_proxy(
    context& c, net::host_port to, net::host_port proxy, bool plain, net::deadline until) {
    auto reached = co_await dial_direct(c, proxy, until, nullptr);
    reached.winner.reset();
    reached.proxy = proxy;
    if (!reached.stream) {
        c.pc.proxy.found_dead(c, proxy, reached.stream.error());
        reached.stream.error().detail = "proxy " + net::to_string(proxy) + ": " + reached.stream.error().detail;
        co_return reached;
    }
    if (!plain) co_await open_tunnel(c, reached, proxy, to, until);
    reached.peer = net::to_string(to);
    co_return reached;
}

net::awaitable<dialed> dial_some_way(
    context& c, net::host_port to, bool plain, net::deadline until, other_address heard) {
    const auto ways = co_await c.pc.proxy.ways_to(c, to);
    dialed done{std::unexpected(net::error{net::fault::other, "no way to " + to.host}), {}, {}, {}, {}, {}, 0};
    // A script may name several: the next is taken when one is dead, not when it says no.
    std::vector<way_tried> all;
    for (const auto& proxy : ways) all.push_back({proxy, false, std::nullopt});
    for (auto& one : all | std::views::take(limits::proxies)) {
        const auto& proxy = one.proxy;
        one.tried = true;
        if (proxy.host.empty()) done = co_await dial_direct(c, to, until, heard);
        else done = co_await dial_by_proxy(c, to, proxy, plain, until);
        if (done.stream || (done.proxy_answer && done.proxy_answer->status != 0)) break;
        one.failed = done.stream.error();
    }
    done.ways = std::move(all);
    co_return done;
}

}  // namespace

net::awaitable<std::vector<net::ip_address>> addresses_of(context& c, std::string host, net::deadline until) {
    boost::system::error_code not_an_address;
    const auto literal = net::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return std::vector<net::ip_address>{literal};
    // What the hosts file says ends the system's look-up, and so the client's.
    if (auto by_hosts = c.pc.addresses_by_hosts(host); !by_hosts.empty()) co_return by_hosts;
    std::vector<net::ip_address> all;
    const auto answers = co_await c.environment.resolver->ask_addresses(std::move(host), until);
    for (const auto& answer : answers)
        for (const auto& address : answer.addresses()) all.push_back(address);
    co_return all;
}

net::awaitable<dialed> dial_any(context& c, net::host_port to, net::deadline until) {
    co_return co_await dial_some_way(c, std::move(to), false, until, nullptr);
}

net::awaitable<dialed> dial_every(context& c, net::host_port to, net::deadline until, other_address heard) {
    co_return co_await dial_some_way(c, std::move(to), false, until, std::move(heard));
}

net::awaitable<dialed> dial_for_http(context& c, net::host_port to, net::deadline until) {
    co_return co_await dial_some_way(c, std::move(to), true, until, nullptr);
}

std::vector<net::dial_target> first_of_both_families(const std::vector<net::dial_target>& all, std::size_t most) {
    if (all.size() <= most) return all;
    const auto is_v6 = [](const net::dial_target& t) { return t.actual.address.is_v6(); };
    const auto v6 = static_cast<std::size_t>(std::ranges::count_if(all, is_v6)), v4 = all.size() - v6;
    std::size_t left_v6 = std::min(v6, std::max(most / 2, most - std::min(most, v4))), left_v4 = most - left_v6;
    std::vector<net::dial_target> chosen;
    for (const auto& target : all) {
        auto& left = is_v6(target) ? left_v6 : left_v4;
        if (left == 0) continue;
        --left;
        chosen.push_back(target);
    }
    return chosen;
}

net::error telling_failure(const std::vector<attempt>& attempts) {
    const auto at = std::ranges::max_element(
        attempts, {}, [](const attempt& a) { return a.failed ? distance(a.failed->what) : 0; });
    if (at == attempts.end() || !at->failed) return {net::fault::timed_out, "no answer"};
    return *at->failed;
}

}  // namespace ucsignin::signin
