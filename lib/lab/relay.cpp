#include "lab/relay.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ucsignin::lab {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

net::result<udp::socket> bind_to(asio::io_context& context, const net::endpoint& at) {
    udp::socket socket(context);
    const udp::endpoint where(at.address, at.port);
    error_code failure;
    socket.open(where.protocol(), failure);
    if (!failure) socket.bind(where, failure);
    if (!failure) return socket;
    return std::unexpected(
        net::error{net::fault::other, "UDP on " + net::to_string(at) + ": " + failure.message(), failure.value()});
}

}  // namespace

std::vector<relay_place> list_relays(
    const scenario& what, const lab_hosts& hosts, const std::vector<net::ip_address>& all_addresses) {
    std::vector<relay_place> out;
    const auto add = [&](const net::ip_address& address, const relay_settings& of, relay_udp how) {
        const net::endpoint meant{address, static_cast<std::uint16_t>(of.udp_port)};
        if (std::ranges::find(out, meant, &relay_place::meant) == out.end()) out.push_back({meant, how, of.allocate});
    };
    const auto& relays = what.pool.relays;
    for (std::size_t i = 0; i < relays.size() && i < hosts.relays.size(); ++i)
        for (const auto& address : hosts.relays[i]) add(address, relays[i], relays[i].udp);
    for (const auto& address : all_addresses)
        for (const auto& relay : relays) add(address, relay, relay_udp::refused);
    return out;
}

relay_server::relay_server(
    udp::socket socket, relay_place place, std::shared_ptr<const pool_state> pool, std::shared_ptr<journal> log)
    : socket_(std::move(socket)),
      place_(std::move(place)),
      desk_(place_.how, place_.allocate, std::move(pool)),
      log_(std::move(log)),
      local_{socket_.local_endpoint().address(), socket_.local_endpoint().port()},
      tasks_(socket_.get_executor()) {}

net::result<std::shared_ptr<relay_server>> relay_server::open(
    asio::io_context& context, net::endpoint at, relay_place place, std::shared_ptr<const pool_state> pool,
    std::shared_ptr<journal> log) {
    auto socket = bind_to(context, at);
    if (!socket) return std::unexpected(socket.error());
    // Connected to itself, it takes nobody's datagrams, and the system refuses them (ICMP).
    error_code ignored;
    if (place.how == relay_udp::refused) socket->connect(socket->local_endpoint(), ignored);
    return std::shared_ptr<relay_server>(
        new relay_server(std::move(*socket), std::move(place), std::move(pool), std::move(log)));
}

void relay_server::run() { tasks_.start(serve(shared_from_this())); }

net::awaitable<void> relay_server::serve(std::shared_ptr<relay_server> self) {
    std::array<unsigned char, 2048> in{};
    for (;;) {
        udp::endpoint from;
        const auto [failure, size] = co_await self->socket_.async_receive_from(
            asio::buffer(in), from, asio::as_tuple(asio::use_awaitable));
        if (failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor) co_return;
        if (failure) continue;  // an ICMP error that an earlier answer caused
        const net::endpoint client{from.address(), from.port()};
        const auto answer = self->desk_.take(std::span(in).first(size), net::to_string(client));
        self->log_->say("UDP " + net::to_string(self->place_.meant) + ": " + (answer ? answer->words : "no answer"));
        error_code ignored;  // whoever asked may be gone
        if (answer) self->socket_.send_to(asio::buffer(answer->datagram), from, 0, ignored);
    }
}

}  // namespace ucsignin::lab
