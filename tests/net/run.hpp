#pragma once
// Runs one coroutine to its end; whatever else the io_context holds (servers of a test) runs beside it and is dropped.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <exception>
#include <optional>

#include "net/stream.hpp"

namespace ucsignin::net::test {

inline void rethrow(std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
}

inline void run(asio::io_context& io, awaitable<void> work) {
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown) {
        failure = thrown;
        io.stop();
    });
    io.restart();
    io.run();
    rethrow(failure);
}

template <class T>
T run(asio::io_context& io, awaitable<T> work) {
    std::optional<T> out;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr thrown, T value) {
        failure = thrown;
        if (!thrown) out.emplace(std::move(value));
        io.stop();
    });
    io.restart();
    io.run();
    rethrow(failure);
    return std::move(*out);
}

// A server of the test: runs beside, its exceptions fail the test.
inline void start(asio::io_context& io, awaitable<void> work) { asio::co_spawn(io, std::move(work), rethrow); }

inline deadline in_ms(int milliseconds) { return clock::now() + std::chrono::milliseconds(milliseconds); }

inline double ms_since(deadline start) {
    return std::chrono::duration<double, std::milli>(clock::now() - start).count();
}

// Never a co_await inside CHECK or REQUIRE: g++ 12 miscompiles that. These two await, then check.
//
// Reads until `count` bytes are there.
inline awaitable<result<std::string>> read_all(stream& from, std::size_t count, deadline until) {
    std::string out;
    char buffer[4096];
    while (out.size() < count) {
        auto const got = co_await from.read_some(buffer, until);
        if (!got) co_return std::unexpected(got.error());
        out.append(buffer, *got);
    }
    co_return out;
}

inline awaitable<void> send(stream& over, std::string text) {
    auto const sent = co_await over.write(text, in_ms(2000));
    CHECK(sent.has_value());
}

inline awaitable<void> expect(stream& from, std::string text) {
    auto const got = co_await read_all(from, text.size(), in_ms(2000));
    CHECK(got == text);
}

}  // namespace ucsignin::net::test
