#include "signin/devices/beside_tunnel.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "signin/devices/this_pc.hpp"
#include "signin/dial.hpp"

namespace ucsignin::signin::devices {
namespace {

using net::asio::ip::tcp;
using trace::outcome;

struct way_out {
    std::string adapter;
    net::ip_address source;
};

// The addresses of this PC from which a server in that family might be reached, tunnels left out.
std::vector<way_out> ways_beside(const host::inventory& all, bool v4) {
    std::vector<way_out> ways;
    for (const auto& a : all.adapters) {
        if (!a.rejected.empty() || a.kind == host::adapter::type::tunnel || a.kind == host::adapter::type::loopback) continue;
        const auto own = std::ranges::find_if(a.addresses, [v4](const host::address_entry& e) {
            return e.ip.is_v4() == v4 && e.scope == host::address_entry::reach::global && !e.tentative && !e.deprecated;
        });
        if (own != a.addresses.end()) ways.push_back({a.name, own->ip});
    }
    return ways;
}

// TCP alone, from that adapter and address; nothing is sent over it.
net::awaitable<bool> connects(context& c, way_out from, net::endpoint to, net::deadline until) {
    boost::system::error_code failed;
    // Shared with the timer, whose turn may come when this is over already.
    const auto socket = std::make_shared<tcp::socket>(c.executor);
    socket->open(to.address.is_v4() ? tcp::v4() : tcp::v6(), failed);
    if (!failed) socket->bind({from.source, 0}, failed);
    if (failed || !host::bind_to_adapter(socket->native_handle(), from.adapter)) co_return false;
    net::asio::steady_timer timer(c.executor, until);
    timer.async_wait([socket](const boost::system::error_code& cancelled) {
        boost::system::error_code ignored;
        if (!cancelled) socket->close(ignored);
    });
    const tcp::endpoint target{to.address, to.port};
    co_await socket->async_connect(target, net::asio::redirect_error(net::asio::use_awaitable, failed));
    timer.cancel();
    co_return !failed;
}

net::awaitable<void> look_beside_tunnel(context& c, second_look what, net::deadline until) {
    auto span = c.trace.open("connection.cross_check", what.subject);
    span.note(ev::probe_kind, what.probe).note(ev::probe_of, what.subject);
    const auto server = net::parse_host_port(what.subject, 443);
    if (!server) {
        span.finish("no_answer", outcome::unknown, what.subject + " is no server");
        co_return;
    }
    const auto addresses = co_await addresses_of(c, server->host, until);
    std::string tried;
    for (const auto& target : net::dial_targets(*server, addresses, c.options.connect_to)) {
        for (const auto& way : ways_beside(c.pc.adapters, target.actual.address.is_v4())) {
            tried = fmt::format("{} from {} at {}", target.meant.address.to_string(), way.source.to_string(), way.adapter);
            const bool up = co_await connects(c, way, target.actual, until);
            if (!up) continue;
            span.note(ev::probe_result, std::string("connected")).note(ev::probe_detail, tried);
            span.finish("differs", outcome::ok, "answers beside the tunnel: " + tried);
            co_return;
        }
    }
    span.note(ev::probe_result, std::string(tried.empty() ? "not_tried" : "failed")).note(ev::probe_detail, tried);
    if (tried.empty()) span.finish("no_answer", outcome::unknown, "there is no adapter beside the tunnel");
    else span.finish("same", outcome::ok, "does not answer beside the tunnel either: " + tried);
}

}  // namespace

look find_look(std::string_view probe) { return probe == "other_adapter" ? look_beside_tunnel : nullptr; }

}  // namespace ucsignin::signin::devices
