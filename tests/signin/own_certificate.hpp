#pragma once
// A user certificate of the test's own making.

#include <openssl/x509.h>

#include "auth/certificate.hpp"

namespace ucsignin::tests {

constexpr std::int64_t now = 1767600000;

// Valid for so many seconds from an hour before `now`.
inline auth::user_certificate certificate_for(const std::string& user, std::int64_t seconds) {
    const auto key = *auth::generate_key();
    std::shared_ptr<X509> made(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    ASN1_TIME_set(X509_getm_notBefore(made.get()), now - 3600);
    ASN1_TIME_set(X509_getm_notAfter(made.get()), now + seconds);
    auto* name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(user.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    X509_set_pubkey(made.get(), key.get());
    X509_sign(made.get(), key.get(), EVP_sha256());
    return {key, made, {}};
}

}  // namespace ucsignin::tests
