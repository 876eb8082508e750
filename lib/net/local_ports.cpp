#include "net/local_ports.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

namespace ucsignin::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The socket closes as it leaves.
template <class Protocol>
port_state try_one(asio::io_context& context, std::uint16_t number) {
    typename Protocol::socket socket(context);
    error_code why;
    socket.open(Protocol::v4(), why);
    if (why) return port_state::unknown;
    socket.bind({asio::ip::address_v4::any(), number}, why);
    if (!why) return port_state::free;
    if (why == asio::error::address_in_use) return port_state::taken;
    return why == asio::error::access_denied ? port_state::denied : port_state::unknown;
}

}  // namespace

std::vector<port_state> try_ports(std::span<const local_port> ports) {
    asio::io_context context;  // of sockets that never wait
    std::vector<port_state> all;
    for (const auto& one : ports)
        all.push_back(
            one.over == local_port::transport::udp ? try_one<asio::ip::udp>(context, one.number)
                                                   : try_one<asio::ip::tcp>(context, one.number));
    return all;
}

}  // namespace ucsignin::net
