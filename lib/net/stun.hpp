#pragma once
// Messages of a TURN client: the Allocate without credentials and with them, the release, and what answers them. Both
// dialects: the standard one (RFC 8489, RFC 8656; long-term credentials), and that of Lync's A/V Edge (MS-TURN), which
// comes of an earlier draft. No I/O, and no choice of what is asked next.

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::net::stun {

enum class dialect { standard, microsoft };

using transaction_id = std::array<unsigned char, 16>;  // of the standard dialect the last 12: a cookie comes before
[[nodiscard]] transaction_id random_id();

[[nodiscard]] std::vector<unsigned char> allocate_request(dialect, const transaction_id&);

// Who asks, in the words of the server's last answer. Views: nothing here keeps a secret.
struct proof {
    std::string_view user, realm, nonce;
    std::string_view key;  // long_term_key()
};
// Which of a connection's messages it is (MS-Sequence-Number); a server that sends one wants it counted on.
struct sequence {
    std::array<unsigned char, 20> connection{};
    std::uint32_t number = 0;
};

// MD5 of user:realm:password, 16 bytes. In the standard dialect these are texts as they are, in Microsoft's user and
// password are bytes, which the relay service writes in Base64. "" where this system allows no MD5.
[[nodiscard]] std::string long_term_key(std::string_view user, std::string_view realm, std::string_view password);

[[nodiscard]] std::vector<unsigned char> allocate_request(dialect, const transaction_id&, const proof&);
// Gives the allocation back: Refresh, or Microsoft's Allocate, with a lifetime of 0. Without a proof where none was
// wanted before.
[[nodiscard]] std::vector<unsigned char> release_request(
    dialect, const transaction_id&, const std::optional<proof>&, const std::optional<sequence>&);

// HMAC-SHA1 of a message up to its MESSAGE-INTEGRITY, whatever length its header says.
using digest = std::array<unsigned char, 20>;
[[nodiscard]] digest integrity_of(dialect, std::span<const unsigned char> before, std::string_view key);

// A response to our request: success or error, whatever it says.
struct response {
    stun::dialect dialect = stun::dialect::standard;
    bool success = false;
    std::optional<int> error_code;  // 401: credentials are wanted
    std::string realm, nonce;       // may be anything
    bool has_nonce = false;
    std::optional<stun::sequence> sequence;
    std::optional<std::size_t> integrity_at;  // offset of MESSAGE-INTEGRITY
};
struct parse_error {
    std::size_t offset = 0;
    std::string what;
};
[[nodiscard]] std::expected<response, parse_error> parse(
    std::span<const unsigned char> datagram, dialect, const transaction_id&);

// Whether whoever wrote it has the key.
[[nodiscard]] bool is_proven(std::span<const unsigned char> datagram, const response& read, std::string_view key);

}  // namespace ucsignin::net::stun
