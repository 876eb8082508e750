#include "net/memory_stream.hpp"

#include <catch2/catch.hpp>

#include "net/tcp.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

TEST_CASE("what one end writes the other reads", "[net][memory_stream]") {
    asio::io_context io;
    auto [one, other] = make_memory_pair(io.get_executor());
    auto const body = [&]() -> awaitable<void> {
        co_await send(*one, "hello");
        co_await expect(*other, "hello");
        CHECK(one->peer_address() == other->local_address());
    };
    run(io, body());
}

TEST_CASE("a read ends at its deadline and can be tried again", "[net][memory_stream]") {
    asio::io_context io;
    auto [one, other] = make_memory_pair(io.get_executor());
    auto const body = [&]() -> awaitable<void> {
        auto const nothing = co_await read_all(*one, 1, in_ms(10));
        REQUIRE_FALSE(nothing);
        CHECK(nothing.error().what == fault::timed_out);
        co_await send(*other, "x");
        co_await expect(*one, "x");
    };
    run(io, body());
}

TEST_CASE("bytes written before the end are read before it", "[net][memory_stream]") {
    asio::io_context io;
    auto [one, other] = make_memory_pair(io.get_executor());
    auto const body = [&]() -> awaitable<void> {
        co_await send(*one, "x");
        one.reset();
        co_await expect(*other, "x");
        auto const end = co_await read_all(*other, 1, in_ms(1000));
        CHECK(end.error().what == fault::closed);
        auto const refused = co_await other->write("y", in_ms(1000));
        CHECK(refused.error().what == fault::reset);
    };
    run(io, body());
}

TEST_CASE("a reset is told apart from an orderly end", "[net][memory_stream]") {
    asio::io_context io;
    auto [one, other] = make_memory_pair(io.get_executor());
    one->close(true);
    auto const end = run(io, read_all(*other, 1, in_ms(1000)));
    CHECK(end.error().what == fault::reset);
}

TEST_CASE("the operation named in the script fails, and those before it don't", "[net][memory_stream]") {
    asio::io_context io;
    memory_script script;
    script.fail_at = 2;
    auto [one, other] = make_memory_pair(io.get_executor(), script);
    auto const body = [&]() -> awaitable<void> {
        co_await send(*one, "x");
        auto const failed = co_await one->write("y", in_ms(1000));
        CHECK(failed.error().what == fault::reset);
    };
    run(io, body());
}

TEST_CASE("a scripted stall lasts until the deadline", "[net][memory_stream]") {
    asio::io_context io;
    memory_script script;
    script.fail_at = 1;
    script.fail_with = fault::timed_out;
    auto [one, other] = make_memory_pair(io.get_executor(), script);
    auto const began = clock::now();
    auto const stalled = run(io, one->write("x", in_ms(20)));
    CHECK(stalled.error().what == fault::timed_out);
    CHECK(ms_since(began) >= 20);
}

TEST_CASE("reads can be cut into small pieces", "[net][memory_stream]") {
    asio::io_context io;
    memory_script script;
    script.longest_read = 1;
    auto [one, other] = make_memory_pair(io.get_executor(), {}, script);
    auto const body = [&]() -> awaitable<void> {
        co_await send(*one, "abc");
        char buffer[8];
        auto const count = co_await other->read_some(buffer, in_ms(1000));
        CHECK(count == 1u);
    };
    run(io, body());
}

TEST_CASE("bytes that were read too early come first", "[net][memory_stream]") {
    asio::io_context io;
    auto [one, other] = make_memory_pair(io.get_executor());
    auto const again = with_prefix(std::move(other), "early ");
    auto const body = [&]() -> awaitable<void> {
        co_await send(*one, "late");
        co_await expect(*again, "early late");
    };
    run(io, body());
}
