#include "net/tcp.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "net/task_group.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

endpoint loopback(std::uint16_t port = 0) { return {boost::asio::ip::address_v4::loopback(), port}; }

std::unique_ptr<listener> listening(asio::io_context& io) {
    auto made = ucsignin::net::listen(io.get_executor(), loopback());
    REQUIRE(made);
    return std::move(*made);
}

struct connected {
    stream_ptr client, server;
};

awaitable<connected> connect_both(listener& at) {
    auto client = co_await ucsignin::net::connect(at.local(), in_ms(2000));
    REQUIRE(client);
    auto server = co_await at.accept();
    REQUIRE(server);
    co_return connected{std::move(*client), std::move(*server)};
}

}  // namespace

TEST_CASE("a connection carries bytes both ways and knows its addresses", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto const both = co_await connect_both(*at);
        co_await send(*both.client, "ping");
        co_await expect(*both.server, "ping");
        co_await send(*both.server, "pong");
        co_await expect(*both.client, "pong");
        CHECK(both.client->peer_address() == to_string(at->local()));
        CHECK(both.client->local_address() == both.server->peer_address());
    };
    run(io, body());
}

TEST_CASE("a closed port is refused at once", "[net][tcp]") {
    asio::io_context io;
    auto const free = listening(io)->local();
    auto const made = run(io, ucsignin::net::connect(free, in_ms(2000)));
    REQUIRE_FALSE(made);
    CHECK(made.error().what == fault::refused);
    CHECK(made.error().code != 0);
    CHECK(made.error().detail.find(to_string(free)) != std::string::npos);
}

TEST_CASE("a listener that drops SYNs is given up at the deadline", "[net][tcp]") {
    asio::io_context io;
    boost::asio::ip::tcp::acceptor full(io, {boost::asio::ip::address_v4::loopback(), 0});
    full.listen(0);
    auto const at = loopback(full.local_endpoint().port());
    auto const body = [&]() -> awaitable<void> {
        std::vector<stream_ptr> fillers;
        for (int i = 0; i < 8; ++i) {
            auto const began = clock::now();
            auto made = co_await ucsignin::net::connect(at, in_ms(100));
            if (made) {
                fillers.push_back(std::move(*made));
                continue;
            }
            CHECK(made.error().what == fault::timed_out);
            CHECK(ms_since(began) >= 100);
            co_return;
        }
        FAIL("the backlog never filled");
    };
    run(io, body());
}

TEST_CASE("silence ends a read at its deadline, and the connection can still be used", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto const both = co_await connect_both(*at);
        auto const nothing = co_await read_all(*both.client, 1, in_ms(20));
        REQUIRE_FALSE(nothing);
        CHECK(nothing.error().what == fault::timed_out);
        co_await send(*both.server, "x");
        co_await expect(*both.client, "x");
    };
    run(io, body());
}

TEST_CASE("behind its deadline nothing is read or written, however ready the peer is", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto const both = co_await connect_both(*at);
        co_await send(*both.server, "x");
        auto const gone_by = clock::now() - std::chrono::seconds(1);
        auto const got = co_await read_all(*both.client, 1, gone_by);
        REQUIRE_FALSE(got);
        CHECK(got.error().what == fault::timed_out);
        auto const sent = co_await both.client->write("x", gone_by);
        REQUIRE_FALSE(sent);
        CHECK(sent.error().what == fault::timed_out);
        co_await expect(*both.client, "x");  // it can still be read
    };
    run(io, body());
}

TEST_CASE("a write that nobody takes ends at its deadline", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto const both = co_await connect_both(*at);
        std::string const much(32 * 1024 * 1024, 'x');
        auto const sent = co_await both.client->write(much, in_ms(50));
        REQUIRE_FALSE(sent);
        CHECK(sent.error().what == fault::timed_out);
    };
    run(io, body());
}

TEST_CASE("an orderly end and a reset are told apart", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto const ends = co_await connect_both(*at);
        ends.server->close();
        auto const end = co_await read_all(*ends.client, 1, in_ms(1000));
        CHECK(end.error().what == fault::closed);
        auto const breaks = co_await connect_both(*at);
        breaks.server->close(true);
        auto const reset = co_await read_all(*breaks.client, 1, in_ms(1000));
        CHECK(reset.error().what == fault::reset);
    };
    run(io, body());
}

TEST_CASE("closing or destroying a stream ends its pending read", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto both = co_await connect_both(*at);
        asio::post(io, [&] { both.client.reset(); });
        char buffer[1];
        auto const ended = co_await both.client->read_some(buffer, in_ms(5000));
        REQUIRE_FALSE(ended);
        CHECK(ended.error().what == fault::closed);
    };
    run(io, body());
}

TEST_CASE("a cancelled read ends by the exception for that", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<connected> { return connect_both(*at); };
    auto const both = run(io, body());
    asio::cancellation_signal cancel;
    char buffer[1];
    std::exception_ptr by;
    asio::co_spawn(
        io, both.client->read_some(buffer, in_ms(60000)),
        asio::bind_cancellation_slot(
            cancel.slot(), [&](std::exception_ptr thrown, result<std::size_t>) { by = thrown; }));
    asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    io.restart();
    io.run();
    REQUIRE(by);
    CHECK_NOTHROW(rethrow_bug(by));  // no bug
}

TEST_CASE("the system tells what it knows of a connection, also after its end", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        auto const both = co_await connect_both(*at);
        co_await send(*both.server, std::string(1000, 'x'));
        auto const got = co_await read_all(*both.client, 1000, in_ms(2000));
        CHECK(got.has_value());
        both.client->close();
        auto const facts = both.client->kernel();
        REQUIRE(facts);
        CHECK(facts->bytes_received == 1000);
        CHECK(facts->mss > 500);
        CHECK(facts->path_mtu > facts->mss);
        CHECK(facts->retransmissions == 0);
    };
    run(io, body());
}

TEST_CASE("a connection can be made from another address, and with small segments", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const body = [&]() -> awaitable<void> {
        connect_options const how{.from = boost::asio::ip::make_address("127.0.0.2"), .max_segment = 536};
        auto const made = co_await connect_by(at->local(), how, in_ms(2000));
        REQUIRE(made.stream);
        auto const accepted = co_await at->accept();
        REQUIRE(accepted);
        CHECK((*made.stream)->local_address().starts_with("127.0.0.2:"));
        auto const facts = (*accepted)->kernel();
        REQUIRE(facts);
        CHECK(facts->mss <= 536);
    };
    run(io, body());
}

TEST_CASE("an address that is not ours is no way to connect from, and the system's word for it is kept", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    connect_options const how{.from = boost::asio::ip::make_address("192.0.2.77")};
    auto const made = run(io, connect_by(at->local(), how, in_ms(2000)));
    REQUIRE_FALSE(made.stream);
    CHECK(made.stream.error().what == fault::unreachable);
    CHECK(errno_name(made.stream.error()) == "EADDRNOTAVAIL");
    CHECK(errno_name({fault::timed_out, "", 0}).empty());
    CHECK(errno_name({fault::tls_alert, "", 40}).empty());
}

TEST_CASE("closing a listener ends its accept", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    asio::post(io, [&] { at->close(); });
    auto const accepted = run(io, at->accept());
    REQUIRE_FALSE(accepted);
    CHECK(accepted.error().what == fault::cancelled);
}

TEST_CASE("a port that is taken cannot be listened on", "[net][tcp]") {
    asio::io_context io;
    auto const at = listening(io);
    auto const second = ucsignin::net::listen(io.get_executor(), at->local());
    REQUIRE_FALSE(second);
    CHECK(second.error().detail.find("listen on 127.0.0.1") != std::string::npos);
}

TEST_CASE("every fault has a text of its own", "[net][error]") {
    CHECK(to_string(fault::timed_out) == "timed out");
    CHECK(to_string(fault::tls_alert) == "TLS alert");
    CHECK(to_string(fault::other) == "failed");
}
