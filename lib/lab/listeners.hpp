#pragma once
// The lab's sockets: what comes in is given to the service that stands there, through the faults of TCP, TLS and HTTP.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

#include "lab/world.hpp"
#include "net/stream.hpp"
#include "net/tcp.hpp"

namespace ucsignin::lab {

// Each runs until its connection ends; `at` lives in the world.
[[nodiscard]] net::awaitable<void> serve_connection(
    std::shared_ptr<world> in, const service* at, net::stream_ptr stream);
[[nodiscard]] net::awaitable<void> serve_tls(std::shared_ptr<world> in, const service* at, net::stream_ptr stream);
// `server_name`: of TLS, "" where the client sent none.
[[nodiscard]] net::awaitable<void> serve_http(
    std::shared_ptr<world> in, const service* at, net::stream_ptr stream, bool secure, std::string server_name);

// What IIS says to bytes that are not HTTP.
inline constexpr std::string_view http_refusal =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: "
    "0\r\nConnection: close\r\n\r\n";

// Until the listener is closed; each connection in a coroutine of its own.
[[nodiscard]] net::awaitable<void> accept_connections(
    std::shared_ptr<world> in, const service* at, std::shared_ptr<net::listener> door);

// Reads and throws away until the other side goes: silence that doesn't look like an end.
[[nodiscard]] net::awaitable<void> stay_silent(net::stream& stream);
// Resets the connection once `limit` bytes were written.
[[nodiscard]] net::stream_ptr with_write_limit(net::stream_ptr inner, std::size_t limit);
// Resets it once no byte went either way for that long.
[[nodiscard]] net::stream_ptr with_idle_limit(
    net::stream_ptr inner, std::chrono::milliseconds limit, net::task_group& watchers);
[[nodiscard]] net::deadline some_day();

}  // namespace ucsignin::lab
