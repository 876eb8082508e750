#pragma once
// A small certificate authority for tests.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

#include "auth/certificate.hpp"

namespace ucsignin::testing {

inline std::string pem_of(X509* certificate) {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out, &text);
    std::string copy(text, static_cast<std::size_t>(size));
    BIO_free(out);
    return copy;
}

inline std::string pem_of(EVP_PKEY* key) {
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out, &text);
    std::string copy(text, static_cast<std::size_t>(size));
    BIO_free(out);
    return copy;
}

inline std::string der_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    std::string copy(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return copy;
}

struct issued {
    auth::key_ptr key;
    std::shared_ptr<X509> certificate;
};

// Signed by `issuer`, or by itself. Times are seconds from now.
inline issued issue(
    const std::string& name, const issued* issuer, auth::key_ptr key, long from = -60, long to = 86400) {
    issued out{std::move(key), {X509_new(), X509_free}};
    X509* x = out.certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1 + static_cast<long>(name.size()));
    X509_gmtime_adj(X509_getm_notBefore(x), from);
    X509_gmtime_adj(X509_getm_notAfter(x), to);
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(x), "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer == nullptr ? x : issuer->certificate.get()));
    X509_set_pubkey(x, out.key.get());
    if (issuer == nullptr) {
        X509V3_CTX context;
        X509V3_set_ctx_nodb(&context);
        X509V3_set_ctx(&context, x, x, nullptr, nullptr, 0);
        X509_EXTENSION* ca = X509V3_EXT_conf_nid(nullptr, &context, NID_basic_constraints, "critical,CA:TRUE");
        X509_add_ext(x, ca, -1);
        X509_EXTENSION_free(ca);
    }
    X509_sign(x, issuer == nullptr ? out.key.get() : issuer->key.get(), EVP_sha256());
    return out;
}

// Keys take 0.2 s each: the tests share a few.
inline auth::key_ptr key(std::size_t which) {
    static const auth::key_ptr keys[] = {*auth::generate_key(), *auth::generate_key(), *auth::generate_key()};
    return keys[which];
}

inline auth::user_certificate credential(const issued& of) { return {of.key, of.certificate, {}}; }

}  // namespace ucsignin::testing
