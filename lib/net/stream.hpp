#pragma once
// The one thing that everything above net/ sees of a connection: bytes in, bytes out, each with a deadline.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/error.hpp"
#include "net/tcp_facts.hpp"

namespace ucsignin::net {

namespace asio = boost::asio;
template <class T>
using awaitable = asio::awaitable<T>;
using clock = std::chrono::steady_clock;
using deadline = clock::time_point;

// Implementations: TCP, TLS (client and server side), in-memory (tests).
class stream {
public:
    virtual ~stream() = default;
    // At least one byte, or an error: fault::closed at an orderly end, fault::timed_out at the deadline.
    [[nodiscard]] virtual awaitable<result<std::size_t>> read_some(std::span<char> into, deadline until) = 0;
    // Everything, or an error.
    [[nodiscard]] virtual awaitable<result<void>> write(std::string_view bytes, deadline until) = 0;
    // Ends the connection at once; a pending read ends with an error. `reset` sends RST instead of FIN.
    virtual void close(bool reset = false) = 0;
    [[nodiscard]] virtual std::string local_address() const = 0;  // "192.0.2.10:50123", "[::1]:5061"
    [[nodiscard]] virtual std::string peer_address() const = 0;
    // Of the TCP connection below; as it was last when that has ended. Nothing where there is none.
    [[nodiscard]] virtual std::optional<tcp_facts> kernel() const { return std::nullopt; }
};

using stream_ptr = std::unique_ptr<stream>;

}  // namespace ucsignin::net
