#pragma once
// Certificates as values. Internal to net/; others call decode_certificate of tls.hpp.

#include "net/tls.hpp"

typedef struct x509_st X509;
typedef struct x509_store_ctx_st X509_STORE_CTX;

namespace ucsignin::net {

// What cannot be read of a part is left out of it; a certificate that OpenSSL holds is never refused as a whole.
[[nodiscard]] certificate_facts read_certificate(X509* certificate);
// RFC 6125: DNS names of the SAN, the common name only when there are none; addresses against iPAddress entries.
[[nodiscard]] std::string to_der(X509* certificate);
[[nodiscard]] bool certificate_names(X509* certificate, const std::string& host);

// The security level (SSL_CTX_set_security_level) that certificates are judged by, whatever a connection is set to.
[[nodiscard]] int usual_security_level();
// Verifies and goes on after each error, so that all of them are found.
[[nodiscard]] std::vector<verify_error> verify_all(X509_STORE_CTX* verification);

}  // namespace ucsignin::net
