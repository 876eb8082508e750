#include "net/deadline.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "net/task_group.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

TEST_CASE("a signal that is set already is not waited for", "[net][deadline]") {
    asio::io_context io;
    ucsignin::net::signal flag(io.get_executor());
    flag.set();
    CHECK(run(io, flag.wait(clock::now())));
}

TEST_CASE("a signal wakes all its waiters", "[net][deadline]") {
    asio::io_context io;
    ucsignin::net::signal flag(io.get_executor());
    int woken = 0;
    auto const waiter = [&]() -> awaitable<void> {
        bool const woken_in_time = co_await flag.wait(in_ms(5000));
        if (woken_in_time) ++woken;
    };
    start(io, waiter());
    start(io, waiter());
    asio::post(io, [&] { flag.set(); });
    io.run();
    CHECK(woken == 2);
}

TEST_CASE("a waiter is woken although the signal is reset at once", "[net][deadline]") {
    asio::io_context io;
    ucsignin::net::signal flag(io.get_executor());
    bool woken = false;
    auto const waiter = [&]() -> awaitable<void> { woken = co_await flag.wait(in_ms(5000)); };
    start(io, waiter());
    asio::post(io, [&] {
        flag.set();
        flag.reset();
    });
    io.run();
    CHECK(woken);
    CHECK_FALSE(flag.is_set());
}

TEST_CASE("waiting for a signal ends at the deadline", "[net][deadline]") {
    asio::io_context io;
    ucsignin::net::signal flag(io.get_executor());
    auto const began = clock::now();
    CHECK_FALSE(run(io, flag.wait(in_ms(20))));
    CHECK(ms_since(began) >= 20);
}

TEST_CASE("a waiter outlives its signal", "[net][deadline]") {
    asio::io_context io;
    auto flag = std::make_unique<ucsignin::net::signal>(io.get_executor());
    bool ended = false;
    auto const waiter = [&]() -> awaitable<void> { ended = !co_await flag->wait(in_ms(10)); };
    start(io, waiter());
    asio::post(io, [&] { flag.reset(); });
    io.run();
    CHECK(ended);
}

TEST_CASE("a cancelled waiter ends where it waits, by the exception for that", "[net][deadline]") {
    asio::io_context io;
    ucsignin::net::signal flag(io.get_executor());
    asio::cancellation_signal cancel;
    std::exception_ptr by;
    asio::co_spawn(
        io, flag.wait(in_ms(60000)),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr thrown, bool) { by = thrown; }));
    asio::post(io, [&] { cancel.emit(asio::cancellation_type::terminal); });
    io.run();
    REQUIRE(by);
    CHECK_NOTHROW(rethrow_bug(by));  // no bug
}

TEST_CASE("a channel hands items on in order and ends when closed and empty", "[net][deadline]") {
    asio::io_context io;
    channel<std::unique_ptr<int>> items(io.get_executor());
    items.push(std::make_unique<int>(1));
    asio::post(io, [&] {
        items.push(std::make_unique<int>(2));
        items.close();
        items.push(std::make_unique<int>(3));
    });
    auto const body = [&]() -> awaitable<void> {
        for (int const expected : {1, 2}) {
            auto const item = co_await items.pop(in_ms(5000));
            REQUIRE(item);
            CHECK(**item == expected);
        }
        auto const none = co_await items.pop(in_ms(5000));
        CHECK_FALSE(none);
        CHECK(items.closed());
    };
    run(io, body());
}

TEST_CASE("two consumers of a channel share its items, and nobody gets one twice", "[net][deadline]") {
    asio::io_context io;
    channel<int> items(io.get_executor());
    int sum = 0;
    auto const consumer = [&]() -> awaitable<void> {
        for (;;) {
            auto const item = co_await items.pop(in_ms(5000));
            if (!item) break;
            sum += *item;
        }
    };
    start(io, consumer());
    start(io, consumer());
    asio::post(io, [&] {
        for (int const value : {1, 2, 4, 8}) items.push(value);
        items.close();
    });
    io.run();
    CHECK(sum == 15);
}

TEST_CASE("an empty channel gives nothing at the deadline", "[net][deadline]") {
    asio::io_context io;
    channel<int> items(io.get_executor());
    CHECK_FALSE(run(io, items.pop(in_ms(10))));
}

TEST_CASE("time passes until the deadline", "[net][deadline]") {
    asio::io_context io;
    auto const until = in_ms(20);
    run(io, pass_time(until));
    CHECK(clock::now() >= until);
}

TEST_CASE("whoever is woken again and again stops waiting at the deadline", "[net][deadline]") {
    asio::io_context io;
    ucsignin::net::signal flag(io.get_executor());
    bool over = false;
    int waits = 0;
    auto const noise = [&]() -> awaitable<void> {
        while (!over) {
            flag.set();
            co_await asio::post(io, asio::use_awaitable);
        }
    };
    auto const waiter = [&]() -> awaitable<void> {
        auto const until = in_ms(1000);  // long enough to be woken on a busy machine
        for (bool woken = true; woken; ++waits) {
            flag.reset();
            woken = co_await flag.wait(until);
        }
        over = true;
    };
    start(io, noise());
    run(io, waiter());
    CHECK(waits > 1);  // else nobody woke it, and nothing was shown
}
