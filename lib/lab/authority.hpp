#pragma once
// The lab's certificate authority: a root made at start, an intermediate under it, and server certificates of every
// kind that goes wrong in the field. Times are seconds since 1970.

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lab/pool_state_settings.hpp"

namespace ucsignin::lab {

// good, expired, not_yet_valid, wrong_name, self_signed, untrusted_root, missing_intermediate, intermediate_expired,
// wrong_usage (clientAuth only), weak_key (RSA 1024), weak_signature (SHA-1), cn_only (no SAN), wildcard, revoked (by a
// CRL), revoked_ocsp, checked (CRL and OCSP say that it stands), crl_unreachable, crl_in_directory (ldap: only),
// no_common_name, no_subject, sha1_intermediate, md5_signature, many_names (1000), root_sent, shuffled (order of the
// chain), pss_signature, name_constraints (its issuer may not issue for this name), partial_wildcard
[[nodiscard]] const std::vector<std::string>& certificate_profiles();

struct certificate_order {
    std::string profile = "good";
    std::vector<std::string> names;  // DNS names; the first is the common name as well
    std::optional<std::string> common_name;
    std::optional<std::int64_t> not_before, not_after;
    std::string key;  // as make_key; "": ec
    std::string organization = "Contoso";
};

struct issued_certificate {
    std::vector<std::shared_ptr<X509>> chain;  // as it is to be sent, the server's own first
    std::shared_ptr<EVP_PKEY> key;
    [[nodiscard]] std::string chain_pem() const;
    [[nodiscard]] std::string key_pem() const;
};

struct context_options {
    int min_version = 0, max_version = 0;  // TLS1_VERSION ..; 0: whatever OpenSSL takes from TLS 1.0 on
    std::string ciphers;                   // "" for all
    bool small_dh_group = false;           // 1024 bits, for DHE suites
    bool request_client_certificate = false, require_client_certificate = false;
    int acceptable_issuers = 0;  // how many names of 64 bytes to put into the CertificateRequest
    std::function<void(const std::string& server_name)>
        client_certificate_came;  // the name is "" where the client sent none
};
// A server context. Any client certificate is accepted: the lab wants to see, not to judge.
[[nodiscard]] std::shared_ptr<SSL_CTX> make_context(const issued_certificate&, const context_options&);

struct issuer;

class authority {
public:
    explicit authority(std::int64_t now, std::string domain = "contoso.example");
    ~authority();
    authority(const authority&) = delete;
    authority& operator=(const authority&) = delete;

    [[nodiscard]] issued_certificate issue(const certificate_order&) const;
    // What the registrar needs inside TLS-DSK, and the key that signs user certificates. RSA, as old clients want it.
    [[nodiscard]] pool_credentials make_pool_credentials(const std::string& server_name) const;
    [[nodiscard]] std::string root_pem() const;
    // What http://pki.<domain> serves: the issuing CA's certificate, its revocation list, OCSP. Nothing for other
    // paths.
    struct published {
        std::string content_type, body;
    };
    [[nodiscard]] std::optional<published> publish(std::string_view path, const std::string& request_body) const;

private:
    struct state;
    [[nodiscard]] const issuer* issuer_for(const std::string& profile) const;
    std::unique_ptr<state> state_;
};

}  // namespace ucsignin::lab
