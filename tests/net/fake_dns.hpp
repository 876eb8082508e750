#pragma once
// A name server for tests: UDP and TCP on one port of loopback, each query answered by a function of the test.

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <vector>

#include "net/address.hpp"
#include "net/dns.hpp"
#include "net/stream.hpp"

namespace ucsignin::net::test {

using wire = std::vector<unsigned char>;

class fake_dns {
public:
    // The query and whether it came over TCP; what is returned is sent, nothing when it is empty.
    using script = std::function<wire(const dns::message& query, bool over_tcp)>;

    fake_dns(asio::io_context& io, script answer, bool with_tcp = true);

    [[nodiscard]] endpoint at() const;
    [[nodiscard]] int udp_queries() const { return udp_queries_; }
    [[nodiscard]] int tcp_queries() const { return tcp_queries_; }

private:
    awaitable<void> serve_udp();
    awaitable<void> serve_tcp();

    script answer_;
    asio::ip::udp::socket udp_;
    asio::ip::tcp::acceptor tcp_;
    int udp_queries_ = 0, tcp_queries_ = 0;
};

// An answer to the query with records, in the zone's own words.
[[nodiscard]] dns::message reply(
    const dns::message& query, std::vector<dns::resource> answers, std::uint16_t rcode = 0);

}  // namespace ucsignin::net::test
