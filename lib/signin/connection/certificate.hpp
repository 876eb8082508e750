#pragma once
// Is this the server it should be? A pure judgement of what the handshake showed (RFC 5280, RFC 6125).

#include <string>
#include <string_view>

#include "net/tls.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::signin::connection {

struct certificate_verdict {
    chart::branch_at<"connection.certificate"> branch;
    bool trusted = false;  // credentials may go over this connection
    std::string why;       // one line for people
};

// `now`: this PC's clock, seconds since 1970.
[[nodiscard]] certificate_verdict judge_certificate(const net::tls_facts& facts, std::int64_t now);

}  // namespace ucsignin::signin::connection
