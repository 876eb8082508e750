#pragma once
// One resolver of the lab: UDP and TCP on one port (RFC 1035 4.2, RFC 7766).

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <memory>

#include "lab/dns_answerer.hpp"
#include "lab/journal.hpp"
#include "net/task_group.hpp"
#include "net/tcp.hpp"

namespace ucsignin::lab {

class dns_server : public std::enable_shared_from_this<dns_server> {
public:
    // Bound when it returns; answers once run() is spawned. Port 0: any that is free for both.
    [[nodiscard]] static net::result<std::shared_ptr<dns_server>> open(
        boost::asio::io_context& context, net::endpoint at, dns_answerer answerer, std::shared_ptr<journal> log);
    void run();
    [[nodiscard]] net::endpoint local() const { return local_; }

private:
    dns_server(
        boost::asio::ip::udp::socket socket, std::unique_ptr<net::listener> door, dns_answerer answerer,
        std::shared_ptr<journal> log);

    static net::awaitable<void> serve_udp(std::shared_ptr<dns_server> self);
    static net::awaitable<void> answer_udp(
        std::shared_ptr<dns_server> self, dns_reply reply, boost::asio::ip::udp::endpoint to);
    static net::awaitable<void> accept_tcp(std::shared_ptr<dns_server> self);
    static net::awaitable<void> serve_tcp(std::shared_ptr<dns_server> self, net::stream_ptr stream);

    boost::asio::ip::udp::socket socket_;
    std::unique_ptr<net::listener> door_;  // null: TCP is refused
    dns_answerer answerer_;
    std::shared_ptr<journal> log_;
    net::endpoint local_;
    net::task_group tasks_;
};

}  // namespace ucsignin::lab
