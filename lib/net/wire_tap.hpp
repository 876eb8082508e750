#pragma once
// What goes over a wire, told to whoever wants to hear it: DNS, TLS, HTTP and SIP tell it at one place each. Whole and
// as it is, secrets and all; whoever keeps any of it sees to those.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace ucsignin::net {

enum class wire_direction { sent, received };

// Sent: as it is handed to the connection. Received: when it is whole. All of it is valid during the call only.
struct wire_message {
    wire_direction direction = wire_direction::sent;
    std::string_view protocol;  // "DNS", "TLS", "HTTP", "SIP"
    std::string_view about;     // the question's name, the server's name, the target, the Call-ID; of answers as well
    std::string_view start_line;
    std::span<const std::pair<std::string, std::string>> headers;
    std::string_view body_type;  // media type; empty: as the headers say, or nothing
    std::string_view body;
    std::size_t body_bytes = 0;  // where there is a body that nobody could read; else body.size()
    std::string local, peer;     // addresses with ports; empty where they are not known
};

// Doesn't throw. Empty: nobody listens, and nothing is made up for it.
using wire_tap = std::function<void(const wire_message&)>;

}  // namespace ucsignin::net
