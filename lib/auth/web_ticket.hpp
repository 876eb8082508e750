#pragma once
// Documents of the web ticket and certificate provisioning services (MS-OCAUTHWS, WS-Trust 1.3, SAML 1.1). No I/O.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/secret.hpp"
#include "sip/message.hpp"

namespace ucsignin::auth {

using sip::parse_error;

// A WSDL with its policies, as far as sign-in needs it.
struct service_port {
    std::string name, location;
    enum class ticket {
        none,
        bearer,
        proof
    } wants = ticket::none;  // SignedSupportingTokens, EndorsingSupportingTokens
    std::string issuer;      // where its ticket comes from
};
struct service_metadata {
    std::vector<service_port> ports;
    [[nodiscard]] const service_port* find(std::string_view name) const;
};
[[nodiscard]] std::expected<service_metadata, parse_error> parse_metadata(std::string_view wsdl);

// RequestSecurityToken. With `username` set it carries a wsse:UsernameToken, else HTTP authenticates.
struct ticket_request {
    std::string applies_to, sip_uri, context;  // sip_uri with sip:, context any id
    secret entropy;                            // 32 bytes
    std::string username;
    secret password;
};
[[nodiscard]] secret ticket_request_xml(const ticket_request&);  // secret: it may hold the password

struct web_ticket {
    secret assertion;  // the Assertion element, byte for byte
    std::string assertion_id;
    secret server_entropy;
    std::string lifetime_inner;                 // inner text of Lifetime, byte for byte
    std::int64_t created = 0, expires = 0;      // seconds since 1970
    secret proof_key;                           // P_SHA1(client entropy, server entropy)
    [[nodiscard]] secret header_value() const;  // X-MS-WebTicket: opaque=<base64>
};
[[nodiscard]] std::expected<web_ticket, parse_error> parse_ticket_response(
    std::string_view xml, const secret& client_entropy);
[[nodiscard]] secret p_sha1(const secret& key, const secret& seed, std::size_t length);

// s:Fault with OCSDiagnosticsFault (section 7.10).
struct soap_fault {
    std::string code, text;  // faultcode's local name, faultstring
    int error_id = 0;        // Ms-Diagnostics-Fault/ErrorId, 0 when absent
    std::string reason;
};
[[nodiscard]] std::optional<soap_fault> parse_fault(std::string_view xml);

// GetAndPublishCert with the ticket and, when the port wants proof, the signature over the Timestamp.
struct certificate_order {
    std::string url, instance, user;  // user without sip:
    std::string csr_der, request_id;
    bool sign = true;
};
[[nodiscard]] secret certificate_order_xml(const certificate_order&, const web_ticket&);
// DER of BinarySecurityToken.
[[nodiscard]] std::expected<std::string, parse_error> parse_certificate_response(std::string_view xml);

// From the system's generator: a client's share of a ticket's key. Throws where there is none.
[[nodiscard]] secret random_secret(std::size_t bytes);

}  // namespace ucsignin::auth
