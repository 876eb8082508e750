#include "net/task_group.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "run.hpp"

using namespace ucsignin;
using namespace ucsignin::net;
using net::test::in_ms;

namespace {

awaitable<void> wait_long() { (void)co_await pass_time(clock::now() + std::chrono::hours(1)); }

awaitable<void> break_down() {
    (void)co_await pass_time(clock::now() + std::chrono::milliseconds(1));
    throw std::logic_error("a bug");
}

// Asio throws operation_aborted out of a wait that is cancelled, unless it is asked for a value.
awaitable<void> throw_when_cancelled() {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

TEST_CASE("a bug in a task comes out of the loop, and the group goes on", "[net][task_group]") {
    asio::io_context io;
    task_group group(io.get_executor());
    group.start(break_down());
    CHECK_THROWS_WITH(io.run(), "a bug");
    io.restart();
    CHECK(net::test::run(io, group.join(in_ms(100))));
}

TEST_CASE("a task that was cancelled is no bug", "[net][task_group]") {
    asio::io_context io;
    task_group group(io.get_executor());
    group.start(throw_when_cancelled());
    group.start(wait_long());
    io.poll();
    group.cancel();
    CHECK_NOTHROW(io.run());
    io.restart();
    CHECK(net::test::run(io, group.join(in_ms(100))));
}

TEST_CASE("a group is joined at its deadline at the latest", "[net][task_group]") {
    asio::io_context io;
    task_group group(io.get_executor());
    group.start(wait_long());
    CHECK_FALSE(net::test::run(io, group.join(in_ms(20))));
    group.cancel();
}
