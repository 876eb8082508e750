// Dials the addresses in the client's order, not in a race, so that looks at one server can be compared.
#include "signin/connection/try_server.hpp"

#include "signin/connection/endings.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/dial.hpp"
#include "signin/base/wire.hpp"

namespace ucsignin::signin::connection {
namespace {

struct opened {
    net::stream_ptr stream;
    tried so_far;
};

net::awaitable<opened> open_direct(context& c, net::host_port server, net::connect_options how, net::deadline until) {
    opened out;
    const auto addresses = co_await addresses_of(c, server.host, until);
    const auto targets = net::dial_targets(server, addresses, c.options.connect_to);
    for (std::size_t i = 0; i < targets.size() && !out.stream; ++i) {
        // Each gets its share of what is left, so that a dead one doesn't take it all.
        const auto left = (until - net::clock::now()) / static_cast<int>(targets.size() - i);
        auto made = co_await c.environment.dial->connect(targets[i].actual, how, net::clock::now() + left);
        out.so_far.address = net::to_string(targets[i].meant);
        if (made.stream) out.stream = std::move(*made.stream);
        else out.so_far.word = tcp_branch(made.stream.error().what).name();
    }
    co_return out;
}

net::awaitable<opened> open(context& c, net::host_port server, net::connect_options how, net::deadline until) {
    const auto ways = co_await c.pc.proxy.ways_to(c, server);
    if (ways.empty() || ways.front().host.empty()) co_return co_await open_direct(c, server, how, until);
    auto dialed = co_await dial_any(c, server, until);
    opened out;
    out.so_far.address = dialed.peer;
    if (dialed.stream) out.stream = std::move(*dialed.stream);
    else out.so_far.word = tcp_branch(dialed.stream.error().what).name();
    co_return out;
}

}  // namespace

net::awaitable<tried> try_server(context& c, net::host_port server, variation how, net::deadline until) {
    auto on = co_await open(c, server, how.tcp, until);
    auto out = std::move(on.so_far);
    out.tcp_up = on.stream != nullptr;
    if (!out.tcp_up) co_return out;
    if (how.tcp_only) {
        out.word = "connected";
        co_return out;
    }
    net::tls_options wanted{server.host, c.environment.trust};
    wanted.tap = tap_server(c.trace, "registrar", server);
    if (how.tls) how.tls(wanted);
    auto shaken = co_await c.environment.dial->secure(std::move(on.stream), wanted, until);
    out.word = tls_in_a_word(shaken);
    out.facts = std::move(shaken.facts);
    if (how.keep_open && shaken.stream) out.stream.emplace(std::move(*shaken.stream));
    co_return out;
}

}  // namespace ucsignin::signin::connection
