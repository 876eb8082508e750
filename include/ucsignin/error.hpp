#pragma once
// What can go wrong on a wire, as a value. Addresses that do not read are told by it as well.

#include <expected>
#include <string>
#include <string_view>

namespace ucsignin::net {

enum class fault {
    timed_out,    // our deadline passed without an answer
    refused,      // RST to SYN (ECONNREFUSED)
    unreachable,  // no route, or ICMP says so (ENETUNREACH, EHOSTUNREACH)
    reset,        // ECONNRESET, EPIPE
    closed,       // orderly end of stream where more was due
    cancelled,    // the run was interrupted
    protocol,     // the bytes are not what the protocol allows
    tls_alert,    // the peer sent a fatal alert; code is its number (RFC 8446 6)
    not_found,    // a name without an address
    proxy,        // the proxy answered something else than 200 to CONNECT; code is the status
    other,
};
[[nodiscard]] std::string_view to_string(fault);

struct error {
    fault what = fault::other;
    std::string detail;  // one line for people: the operation and what the system said
    int code = 0;        // errno, alert number or status, 0 for none
};

template <class T>
using result = std::expected<T, error>;

}  // namespace ucsignin::net
