#include "lab/dns_server.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "lab/listeners.hpp"
#include "net/deadline.hpp"

namespace ucsignin::lab {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr int tries_for_a_port = 16;

net::result<udp::socket> bind_udp(asio::io_context& context, const net::endpoint& at) {
    udp::socket socket(context);
    const udp::endpoint where(at.address, at.port);
    error_code failure;
    socket.open(where.protocol(), failure);
    if (!failure) socket.bind(where, failure);
    if (failure)
        return std::unexpected(
            net::error{net::fault::other, "UDP on " + net::to_string(at) + ": " + failure.message(), failure.value()});
    return socket;
}

net::awaitable<void> delay(int milliseconds) {
    if (milliseconds > 0) co_await net::pass_time(net::clock::now() + std::chrono::milliseconds(milliseconds));
}

}  // namespace

dns_server::dns_server(
    udp::socket socket, std::unique_ptr<net::listener> door, dns_answerer answerer, std::shared_ptr<journal> log)
    : socket_(std::move(socket)),
      door_(std::move(door)),
      answerer_(std::move(answerer)),
      log_(std::move(log)),
      local_{socket_.local_endpoint().address(), socket_.local_endpoint().port()},
      tasks_(socket_.get_executor()) {}

net::result<std::shared_ptr<dns_server>> dns_server::open(
    asio::io_context& context, net::endpoint at, dns_answerer answerer, std::shared_ptr<journal> log) {
    net::error last;
    for (int i = 0; i < tries_for_a_port; ++i) {
        auto socket = bind_udp(context, at);
        if (!socket) return std::unexpected(socket.error());
        std::unique_ptr<net::listener> door;
        if (!answerer.refuses_tcp()) {
            auto listening = net::listen(context.get_executor(), {at.address, socket->local_endpoint().port()});
            if (!listening) {  // taken by somebody else's TCP: another port, if any will do
                last = listening.error();
                if (at.port != 0) break;
                continue;
            }
            door = std::move(*listening);
        }
        return std::shared_ptr<dns_server>(
            new dns_server(std::move(*socket), std::move(door), std::move(answerer), std::move(log)));
    }
    return std::unexpected(last);
}

void dns_server::run() {
    tasks_.start(serve_udp(shared_from_this()));
    if (door_) tasks_.start(accept_tcp(shared_from_this()));
}

net::awaitable<void> dns_server::serve_udp(std::shared_ptr<dns_server> self) {
    std::array<unsigned char, 65535> bytes{};
    for (;;) {
        udp::endpoint from;
        const auto [failure, size] = co_await self->socket_.async_receive_from(
            asio::buffer(bytes), from, asio::as_tuple(asio::use_awaitable));
        if (failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor) co_return;
        if (failure) continue;  // an ICMP error that an earlier answer caused
        dns_reply reply = self->answerer_.answer(std::span(bytes).first(size), false);
        self->log_->say(reply.said);
        if (reply.what == dns_reply::act::send) self->tasks_.start(answer_udp(self, std::move(reply), from));
    }
}

net::awaitable<void> dns_server::answer_udp(std::shared_ptr<dns_server> self, dns_reply reply, udp::endpoint to) {
    co_await delay(reply.delay_ms);
    error_code ignored;  // whoever asked may be gone
    self->socket_.send_to(asio::buffer(reply.wire), to, 0, ignored);
}

net::awaitable<void> dns_server::accept_tcp(std::shared_ptr<dns_server> self) {
    for (;;) {
        auto stream = co_await self->door_->accept();
        if (!stream) co_return;
        self->tasks_.start(serve_tcp(self, std::move(*stream)));
    }
}

net::awaitable<void> dns_server::serve_tcp(std::shared_ptr<dns_server> self, net::stream_ptr stream) {
    std::string buffer;
    std::array<char, 4096> bytes{};
    for (;;) {
        while (buffer.size() >= 2) {
            const std::size_t length = static_cast<unsigned char>(buffer[0]) << 8 |
                                       static_cast<unsigned char>(buffer[1]);
            if (buffer.size() < length + 2) break;
            const std::string query = buffer.substr(2, length);
            buffer.erase(0, length + 2);
            const dns_reply reply = self->answerer_.answer(
                {reinterpret_cast<const unsigned char*>(query.data()), query.size()}, true);
            self->log_->say(reply.said);
            if (reply.what == dns_reply::act::close) co_return;
            if (reply.what == dns_reply::act::nothing) continue;
            co_await delay(reply.delay_ms);
            const std::string out =
                std::string{static_cast<char>(reply.wire.size() >> 8), static_cast<char>(reply.wire.size() & 0xff)} +
                std::string(reply.wire.begin(), reply.wire.end());
            const auto written = co_await stream->write(out, some_day());
            if (!written) co_return;
        }
        const auto got = co_await stream->read_some(bytes, some_day());
        if (!got) co_return;
        buffer.append(bytes.data(), *got);
    }
}

}  // namespace ucsignin::lab
