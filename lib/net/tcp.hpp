#pragma once
// TCP connections and listeners.

#include <boost/asio/any_io_executor.hpp>
#include <optional>

#include "net/address.hpp"
#include "net/stream.hpp"

namespace ucsignin::net {

// Connects within the deadline. TCP_NODELAY is set: SIP messages are small and wait for answers.
[[nodiscard]] awaitable<result<stream_ptr>> connect(endpoint to, deadline until);

// How a connection may be made otherwise than the system would.
struct connect_options {
    std::optional<ip_address> from;  // an address of this PC
    std::string device;              // and the adapter that has it; a system that doesn't allow that goes by its routes
    int max_segment = 0;             // bytes; 0: what the system takes
};

struct connect_outcome {
    result<stream_ptr> stream;
    std::optional<tcp_facts> kernel;  // also of an attempt that failed: how often the SYN was sent
};
[[nodiscard]] awaitable<connect_outcome> connect_by(endpoint to, connect_options how, deadline until);

// A listening socket; used by the lab.
class listener {
public:
    virtual ~listener() = default;
    [[nodiscard]] virtual awaitable<result<stream_ptr>> accept() = 0;
    [[nodiscard]] virtual endpoint local() const = 0;
    virtual void close() = 0;
};
[[nodiscard]] result<std::unique_ptr<listener>> listen(asio::any_io_executor executor, endpoint at);

// Bytes that were read too early are given back first: for protocols that change in mid-stream.
[[nodiscard]] stream_ptr with_prefix(stream_ptr inner, std::string already_read);

}  // namespace ucsignin::net
