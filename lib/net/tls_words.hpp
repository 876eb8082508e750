#pragma once
// What callers say of TLS versions and chain checks, so that they need no OpenSSL for it.

#include <optional>
#include <string>

namespace ucsignin::net {

// ProtocolVersion as on the wire (RFC 8446 4.2.1), which is how OpenSSL numbers it too.
inline constexpr int tls_1_0 = 0x0301, tls_1_1 = 0x0302, tls_1_2 = 0x0303, tls_1_3 = 0x0304;

// What verify_error::code says; values are OpenSSL's (X509_V_ERR_..., checked in tls_words.cpp).
namespace chain {
inline constexpr int no_issuer = 2, no_local_issuer = 20, unverified_leaf = 21, untrusted = 27;
inline constexpr int not_yet_valid = 9, expired = 10, revoked = 23, wrong_purpose = 26;
inline constexpr int self_signed_leaf = 18, self_signed_in_chain = 19;
inline constexpr int leaf_key_too_small = 66, ca_key_too_small = 67, ca_digest_too_weak = 68;
}  // namespace chain

// "TLSv1.2" and "TLSv1.3", as the system's OpenSSL configuration leaves it to clients; nothing when it can't be told.
struct tls_versions {
    std::string lowest, highest;
};
[[nodiscard]] std::optional<tls_versions> tls_versions_of_this_pc();

}  // namespace ucsignin::net
