#include "lab/dead_ports.hpp"

namespace ucsignin::lab {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int fillers = 3;

std::unexpected<net::error> failed(const net::endpoint& at, const error_code& why) {
    return std::unexpected(
        net::error{net::fault::other, "port on " + net::to_string(at) + ": " + why.message(), why.value()});
}

error_code bind_to(tcp::acceptor& socket, const net::endpoint& at) {
    const tcp::endpoint where(at.address, at.port);
    error_code failure;
    socket.open(where.protocol(), failure);
    if (!failure) socket.bind(where, failure);
    return failure;
}

net::endpoint local_of(const tcp::acceptor& socket) {
    error_code ignored;  // it is bound
    const auto local = socket.local_endpoint(ignored);
    return {local.address(), local.port()};
}

}  // namespace

net::result<closed_port> closed_port::open(boost::asio::io_context& context, net::endpoint at) {
    tcp::acceptor socket(context);
    if (const auto failure = bind_to(socket, at)) return failed(at, failure);
    const auto local = local_of(socket);
    return closed_port(std::move(socket), local);
}

net::result<filtered_port> filtered_port::open(boost::asio::io_context& context, net::endpoint at) {
    tcp::acceptor socket(context);
    if (const auto failure = bind_to(socket, at)) return failed(at, failure);
    error_code failure;
    socket.listen(0, failure);
    if (failure) return failed(at, failure);
    const auto local = local_of(socket);  // before the move: arguments are evaluated in any order
    filtered_port out(std::move(socket), local);
    // Backlog 0 still takes one. The system begins to connect at once, so the queue is full when this returns; those
    // that don't fit keep asking in vain.
    const tcp::endpoint where(out.local_.address, out.local_.port);
    for (int i = 0; i < fillers; ++i)
        out.waiting_.emplace_back(std::make_unique<tcp::socket>(context))->async_connect(where, [](const error_code&) {
        });
    return out;
}

}  // namespace ucsignin::lab
