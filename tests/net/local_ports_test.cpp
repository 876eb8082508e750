#include "net/local_ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

using namespace ucsignin::net;
namespace asio = boost::asio;
using transport = local_port::transport;

TEST_CASE("a port that somebody has is taken, over that transport alone", "[net]") {
    asio::io_context io;
    const asio::ip::udp::socket udp(io, {asio::ip::address_v4::loopback(), 0});
    const asio::ip::tcp::acceptor tcp(io, {asio::ip::address_v4::loopback(), 0});
    const auto udp_port = udp.local_endpoint().port(), tcp_port = tcp.local_endpoint().port();
    const local_port asked[] = {{transport::udp, udp_port}, {transport::tcp, tcp_port}};
    CHECK(try_ports(asked) == std::vector{port_state::taken, port_state::taken});
}

TEST_CASE("a free port is free, and still so afterwards", "[net]") {
    const auto is_free_again_and_again = [] {
        asio::io_context io;
        local_port asked[] = {{transport::udp, 0}, {transport::tcp, 0}};
        {
            const asio::ip::udp::socket udp(io, {asio::ip::address_v4::any(), 0});
            const asio::ip::tcp::acceptor tcp(io, {asio::ip::address_v4::any(), 0});
            asked[0].number = udp.local_endpoint().port();
            asked[1].number = tcp.local_endpoint().port();
        }
        for (int i = 0; i < 3; ++i)
            if (try_ports(asked) != std::vector{port_state::free, port_state::free}) return false;
        return true;
    };
    // Another program may take one of them meanwhile; not each time.
    bool once = false;
    for (int i = 0; i < 10 && !once; ++i) once = is_free_again_and_again();
    CHECK(once);
    CHECK(try_ports({}).empty());
}
