#pragma once
// Which credentials a request carries: their kinds, never what is in them. No I/O, nothing is judged.

#include <string_view>
#include <vector>

namespace ucsignin::net::http {
struct request;
}
namespace ucsignin::sip {
struct message;
}

namespace ucsignin::lab {

enum class credential {
    ntlm_negotiate,  // NTLM's first token, in SIP an empty one: proves nothing yet
    ntlm,            // its last one (AUTHENTICATE), raw or in SPNEGO
    kerberos,        // an AP-REQ, raw or in SPNEGO
    basic,
    bearer,
    username_token,         // WS-Security, clear
    username_token_base64,  // both fields in Base64
    web_ticket,             // X-MS-WebTicket, or an assertion in a SOAP body
    certificate,            // a user certificate in a handshake of TLS-DSK, or a client certificate of TLS
    signature,              // of a SIP request
    other,                  // another scheme, or a token that is none of these
    spnego,                 // what one of these was wrapped in; shows nothing by itself
    opening,                // a scheme without a token, a flight of TLS-DSK without a certificate; shows nothing
};
[[nodiscard]] std::string_view to_string(credential);
// All words that a record may hold; spnego and opening are not among them.
[[nodiscard]] const std::vector<std::string_view>& recorded_kinds();
[[nodiscard]] bool is_recorded(credential);

// In the order of the headers, then of the body. Authorization, Proxy-Authorization, X-MS-WebTicket; wsse:UsernameToken
// and saml:Assertion in the body.
[[nodiscard]] std::vector<credential> credentials_in(const net::http::request&);
// Authorization and Proxy-Authorization as MS-SIPAE has them: gssapi-data, response.
[[nodiscard]] std::vector<credential> credentials_in(const sip::message&);

}  // namespace ucsignin::lab
