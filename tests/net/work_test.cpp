#include "net/work.hpp"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <stdexcept>

#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

// Keeps a thread blocked until the test lets it go.
struct gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false, passed = false;

    void pass() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return open; });
        passed = true;
        changed.notify_all();
    }
    void release() {
        std::lock_guard const lock(mutex);
        open = true;
        changed.notify_all();
    }
    void wait_until_passed() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return passed; });
    }
};

}  // namespace

TEST_CASE("the value of a blocking call is awaited", "[net][work]") {
    asio::io_context io;
    std::function<std::string()> const work = [] { return std::string("done"); };
    auto const out = run(io, run_blocking<std::string>(work, in_ms(5000)));
    REQUIRE(out);
    CHECK(*out == "done");
}

TEST_CASE("a blocking call without a value is awaited too", "[net][work]") {
    asio::io_context io;
    auto const called = std::make_shared<std::atomic<bool>>(false);
    std::function<void()> const work = [called] { *called = true; };
    CHECK(run(io, run_blocking<void>(work, in_ms(5000))));
    CHECK(*called);
}

TEST_CASE("at the deadline the caller goes on and the thread is left behind, even past the loop's end", "[net][work]") {
    auto const held = std::make_shared<gate>();
    {
        asio::io_context io;
        std::function<int()> const work = [held] {
            held->pass();
            return 1;
        };
        auto const out = run(io, run_blocking<int>(work, in_ms(20)));
        REQUIRE_FALSE(out);
        CHECK(out.error().what == fault::timed_out);
    }
    held->release();
    held->wait_until_passed();
}

TEST_CASE("an exception of a blocking call is a bug and reaches the caller", "[net][work]") {
    asio::io_context io;
    std::function<int()> const work = []() -> int { throw std::logic_error("bug"); };
    CHECK_THROWS_AS(run(io, run_blocking<int>(work, in_ms(5000))), std::logic_error);
}
