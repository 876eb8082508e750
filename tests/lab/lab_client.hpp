#pragma once
// A lab on real sockets for tests, and connections to its servers.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/address.hpp"
#include "net/http.hpp"
#include "net/tls.hpp"
#include "ucsignin/lab.hpp"

namespace ucsignin::lab::test {

[[nodiscard]] net::deadline within(std::chrono::milliseconds limit);

// Runs the coroutine to its end in a context of its own, which ends with it.
template <class T>
T run(std::function<net::awaitable<T>()> work) {
    boost::asio::io_context context;
    std::optional<T> out;
    boost::asio::co_spawn(context, work(), [&](std::exception_ptr failure, T value) {
        if (failure) std::rethrow_exception(failure);
        out.emplace(std::move(value));
    });
    context.run();
    return std::move(*out);
}

// `members` of a scenario, behind its format.
[[nodiscard]] std::unique_ptr<pool> start(const std::string& members);
// Where --connect-to leads.
[[nodiscard]] net::endpoint led_to(
    const pool&, const std::string& host, std::uint16_t port, const std::string& address);
[[nodiscard]] net::tls_options trusting(const pool&, const std::string& server_name);
[[nodiscard]] net::awaitable<net::tls_outcome> shake_hands(
    net::endpoint to, net::tls_options options, net::deadline until);

// What a test does on one connection to the web server under the name `host`.
using http_work = std::function<net::awaitable<void>(net::http::connection&)>;
void talk_http(const pool&, const std::string& host, bool secure, const http_work& work);
// One request on a connection of its own; with the type that autodiscover wants.
[[nodiscard]] net::result<net::http::response> get(
    const pool&, const std::string& host, const std::string& target, bool secure, net::http::fields more = {});
// Sends `text` over TLS to the Edge under that name. The first bytes that come back, <closed> or <reset>, "" for none
// in time.
[[nodiscard]] std::string say_to_edge(
    const pool&, const std::string& name, const std::string& text,
    std::chrono::milliseconds patience = std::chrono::milliseconds(3000));

}  // namespace ucsignin::lab::test
