#pragma once
// Makes X.509 certificates and keys with OpenSSL. Failure means a bug or no memory: std::runtime_error.

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::lab {

using x509_ptr = std::shared_ptr<X509>;
using pkey_ptr = std::shared_ptr<EVP_PKEY>;

void require(bool worked, const char* what);  // or throws what OpenSSL did not do

[[nodiscard]] pkey_ptr make_key(std::string_view kind);  // ec (P-256), ec384, rsa1024, rsa2048, rsa4096, rsa8192

struct certificate_plan {
    std::string common_name, organization;
    std::vector<std::string> dns_names;  // none: no SAN
    std::int64_t not_before = 0, not_after = 0;
    bool is_ca = false;
    std::string usage = "serverAuth";  // extended key usage, "" for none
    std::string issuer_url;            // where the issuer's certificate can be had, "" for none
    std::string crl_url, ocsp_url;     // "" for none
    std::string name_constraints;      // "permitted;DNS:fabrikam.example"
    const EVP_MD* digest = nullptr;    // null: SHA-256
    bool pss = false;                  // RSASSA-PSS; the issuer's key has to be RSA
};
// Without an issuer the certificate signs itself.
[[nodiscard]] x509_ptr make_certificate(
    const certificate_plan&, const pkey_ptr& key, const x509_ptr& issuer, const pkey_ptr& issuer_key);

[[nodiscard]] std::string to_pem(const x509_ptr&);
[[nodiscard]] std::string to_pem(const pkey_ptr&);  // not encrypted

}  // namespace ucsignin::lab
