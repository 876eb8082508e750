#pragma once
// Connects what goes over the wire to the trace: who is at the other end, and which step is under way.

#include <string>
#include <string_view>

#include "net/address.hpp"
#include "net/http.hpp"
#include "net/wire_tap.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

// For each connection one: `role` is a word of trace::message_end, `step` the subject of the step that begins it, the
// server as host:port unless told otherwise. An empty tap when no messages are kept. The recorder outlives what taps
// it.
[[nodiscard]] net::wire_tap tap_resolver(trace::recorder& to);
[[nodiscard]] net::wire_tap tap_server(
    trace::recorder& to, std::string_view role, net::host_port server, std::string step = {});
[[nodiscard]] net::wire_tap tap_web(trace::recorder& to, const net::http::url& first);

}  // namespace ucsignin::signin
