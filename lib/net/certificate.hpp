#pragma once
// Certificates as values. Internal to net/; others call decode_certificate of tls.hpp.

#include "net/tls.hpp"

typedef struct x509_st X509;

namespace ucsignin::net {

// What cannot be read of a part is left out of it; a certificate that OpenSSL holds is never refused as a whole.
[[nodiscard]] certificate_facts read_certificate(X509* certificate);
// RFC 6125: DNS names of the SAN, the common name only when there are none; addresses against iPAddress entries.
[[nodiscard]] bool certificate_names(X509* certificate, const std::string& host);

}  // namespace ucsignin::net
