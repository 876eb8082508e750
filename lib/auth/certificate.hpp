#pragma once
// The user certificate: RSA key, PKCS#10 request (RFC 2986), and what came back.

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "auth/secret.hpp"
#include "net/tls.hpp"

typedef struct evp_pkey_st EVP_PKEY;
typedef struct x509_st X509;

namespace ucsignin::auth {

using key_ptr = std::shared_ptr<EVP_PKEY>;

// RSA 2048, exponent 65537. Takes about 0.2 s: call it on a worker thread. The error is OpenSSL's reason.
[[nodiscard]] std::expected<key_ptr, std::string> generate_key();
// DER, subject `CN=alice@contoso.example`, signed with SHA-256. RFC 5280's bound of 64 characters for a common name is
// not kept: addresses may be longer, and the pool takes what it is given. The error says why there is none.
[[nodiscard]] std::expected<std::string, std::string> certificate_request(
    const key_ptr& key, const std::string& common_name);

struct user_certificate {
    key_ptr key;
    std::shared_ptr<X509> certificate;
    net::certificate_facts facts;
};
// Takes the DER certificate of the answer. Errors: unreadable, not for this key, not for this user, not yet or no
// longer valid at `now` (seconds since 1970). One that begins within the next 300 s is taken: a clock is a little off.
constexpr std::int64_t tolerated_skew_s = 300;
enum class certificate_fault { unreadable, wrong_key, wrong_subject, not_yet_valid, expired };
struct certificate_error {
    certificate_fault what;
    std::string detail;
};
[[nodiscard]] std::expected<user_certificate, certificate_error> accept_certificate(
    const std::string& der, const key_ptr& key, const std::string& user, std::int64_t now);

// A certificate and its key in PEM, as they are kept; read back as accept_certificate() takes one.
[[nodiscard]] secret certificate_pem(const user_certificate&);
[[nodiscard]] std::expected<user_certificate, certificate_error> read_certificate_pem(
    const std::string& pem, const std::string& user, std::int64_t now);

}  // namespace ucsignin::auth
