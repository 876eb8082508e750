#pragma once
// Certificates of the test's own making: nothing on disk, nothing that expires.

#include <string>
#include <vector>

#include "net/openssl_ptr.hpp"

namespace ucsignin::net::test {

using key_ptr = std::unique_ptr<EVP_PKEY, release_with<EVP_PKEY_free>>;

struct identity {
    key_ptr key;
    x509_ptr certificate;
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string der() const;
};

struct wanted_certificate {
    std::string common_name;
    std::string alternative_names;  // as OpenSSL's configuration has it: "DNS:sip.contoso.com,IP:192.0.2.1"
    bool is_ca = false;
    int begins_in_days = -1, ends_in_days = 30;
    std::string usage = "serverAuth";
    std::string issuer_url;
};

// Signed by `issuer`, by itself without one.
[[nodiscard]] identity issue(const wanted_certificate& wanted, const identity* issuer = nullptr);

[[nodiscard]] ssl_context_ptr server_context(
    const identity& server, const std::vector<const identity*>& intermediates = {});

}  // namespace ucsignin::net::test
