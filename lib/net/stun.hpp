#pragma once
// Whether a TURN server is there: one Allocate without credentials, and what may answer it. Both dialects: the standard
// one (RFC 5389, RFC 8656), and that of Lync's A/V Edge (MS-TURN), which comes of an earlier draft. No I/O.

#include <array>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ucsignin::net::stun {

enum class dialect { standard, microsoft };

using transaction_id = std::array<unsigned char, 16>;  // of the standard dialect the last 12: a cookie comes before
[[nodiscard]] transaction_id random_id();

[[nodiscard]] std::vector<unsigned char> allocate_request(dialect, const transaction_id&);

// A response to our request: success or error, whatever it says.
struct response {
    stun::dialect dialect = stun::dialect::standard;
    bool success = false;
    std::optional<int> error_code;  // 401: credentials are wanted
    std::string realm;              // may be anything
    bool has_nonce = false;
};
struct parse_error {
    std::size_t offset = 0;
    std::string what;
};
[[nodiscard]] std::expected<response, parse_error> parse(
    std::span<const unsigned char> datagram, dialect, const transaction_id&);

}  // namespace ucsignin::net::stun
