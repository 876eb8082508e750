#pragma once
// Loopback ports that no connection comes through: one refuses it, the other never answers.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <vector>

#include "net/address.hpp"
#include "net/error.hpp"

namespace ucsignin::lab {

// Bound, so that nobody else gets it, but not listening: SYN is answered by RST.
class closed_port {
public:
    [[nodiscard]] static net::result<closed_port> open(boost::asio::io_context& context, net::endpoint at);
    [[nodiscard]] net::endpoint local() const { return local_; }

private:
    closed_port(boost::asio::ip::tcp::acceptor socket, net::endpoint local)
        : socket_(std::move(socket)), local_(std::move(local)) {}
    boost::asio::ip::tcp::acceptor socket_;
    net::endpoint local_;
};

// Listening with a backlog that is full: Linux then drops every SYN, as a firewall does.
class filtered_port {
public:
    [[nodiscard]] static net::result<filtered_port> open(boost::asio::io_context& context, net::endpoint at);
    [[nodiscard]] net::endpoint local() const { return local_; }

private:
    filtered_port(boost::asio::ip::tcp::acceptor socket, net::endpoint local)
        : socket_(std::move(socket)), local_(std::move(local)) {}
    boost::asio::ip::tcp::acceptor socket_;
    net::endpoint local_;
    std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>> waiting_;  // fill the backlog, never accepted
};

}  // namespace ucsignin::lab
