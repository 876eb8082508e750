#pragma once
// Whether a certificate has been withdrawn by its issuer: CRL (RFC 5280 5) and OCSP (RFC 6960). Pure: bytes in,
// judgement out; whoever calls fetches them. An answer counts only when the issuer signed it (or, for OCSP, a delegate
// of the issuer).

#include <cstdint>
#include <string>

#include "net/error.hpp"

namespace ucsignin::net {

enum class revocation { good, revoked, expired, unreadable };  // expired: the answer itself is out of date

struct revocation_answer {
    revocation status = revocation::unreadable;
    std::string detail;  // one line for people
};

// Certificates are DER; a list is DER or PEM. `now`: seconds since 1970.
[[nodiscard]] revocation_answer judge_crl(
    const std::string& list, const std::string& certificate, const std::string& issuer, std::int64_t now);

// The body of a POST with Content-Type application/ocsp-request (RFC 6960 A.1).
[[nodiscard]] result<std::string> ocsp_request(const std::string& certificate, const std::string& issuer);
[[nodiscard]] revocation_answer judge_ocsp(
    const std::string& response, const std::string& certificate, const std::string& issuer, std::int64_t now);

}  // namespace ucsignin::net
