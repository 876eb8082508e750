#include "fake_dns.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "run.hpp"

namespace ucsignin::net::test {

using asio::ip::tcp;
using asio::ip::udp;

fake_dns::fake_dns(asio::io_context& io, script answer, bool with_tcp)
    : answer_(std::move(answer)), udp_(io, udp::endpoint(asio::ip::address_v4::loopback(), 0)), tcp_(io) {
    // UDP and TCP share a port: one that is free for both is looked for.
    for (bool free_for_both = !with_tcp; !free_for_both;) {
        boost::system::error_code taken;
        tcp_ = tcp::acceptor(io, tcp::v4());
        tcp_.bind({asio::ip::address_v4::loopback(), udp_.local_endpoint().port()}, taken);
        free_for_both = !taken;
        if (taken) udp_ = udp::socket(io, udp::endpoint(asio::ip::address_v4::loopback(), 0));
        else tcp_.listen();
    }
    start(io, serve_udp());
    if (with_tcp) start(io, serve_tcp());
}

endpoint fake_dns::at() const { return {udp_.local_endpoint().address(), udp_.local_endpoint().port()}; }

awaitable<void> fake_dns::serve_udp() {
    std::array<unsigned char, 4096> buffer;
    for (;;) {
        udp::endpoint from;
        auto const [failure, size] = co_await udp_.async_receive_from(
            asio::buffer(buffer), from, asio::as_tuple(asio::use_awaitable));
        if (failure) co_return;
        ++udp_queries_;
        auto const query = dns::parse(std::span(buffer).first(size));
        if (!query) continue;
        auto const out = answer_(*query, false);
        if (!out.empty()) udp_.send_to(asio::buffer(out), from);
    }
}

awaitable<void> fake_dns::serve_tcp() {
    for (;;) {
        auto [refused, socket] = co_await tcp_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (refused) co_return;
        std::array<unsigned char, 2> prefix;
        auto const [failure, got] = co_await asio::async_read(
            socket, asio::buffer(prefix), asio::as_tuple(asio::use_awaitable));
        if (failure) continue;
        wire body(static_cast<std::size_t>(prefix[0] << 8 | prefix[1]));
        auto const [cut, count] = co_await asio::async_read(
            socket, asio::buffer(body), asio::as_tuple(asio::use_awaitable));
        if (cut) continue;
        ++tcp_queries_;
        auto const query = dns::parse(body);
        if (!query) continue;
        auto out = answer_(*query, true);
        if (out.empty()) continue;
        out.insert(
            out.begin(), {static_cast<unsigned char>(out.size() >> 8), static_cast<unsigned char>(out.size() & 0xff)});
        co_await asio::async_write(socket, asio::buffer(out), asio::as_tuple(asio::use_awaitable));
    }
}

dns::message reply(const dns::message& query, std::vector<dns::resource> answers, std::uint16_t rcode) {
    dns::message out;
    out.id = query.id;
    out.response = out.recursion_available = true;
    out.recursion_desired = query.recursion_desired;
    out.rcode = rcode;
    out.questions = query.questions;
    out.answers = std::move(answers);
    return out;
}

}  // namespace ucsignin::net::test
