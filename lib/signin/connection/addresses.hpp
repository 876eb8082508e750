#pragma once
// The addresses of a server that the sign-in did not take: each is looked at on its own, beside it, without
// credentials. Their spans carry ucsignin.probe = "address" and ucsignin.probe.of = the server; they are no steps of
// the sign-in.

#include <string>

#include "signin/base/context.hpp"
#include "signin/base/dial.hpp"

namespace ucsignin::signin::connection {

// What came of TCP; when it came up, TLS and certificate follow in a task beside the sign-in.
void look_at_address(
    context& c, const net::host_port& server, const std::string& parent_span_id, const attempt& tried,
    net::stream_ptr stream);

}  // namespace ucsignin::signin::connection
