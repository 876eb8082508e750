#pragma once
// NTLM and Kerberos inside SIP headers (MS-SIPAE; protocol sections 4.5, 4.6 and 5.3), by GSSAPI: tokens for
// gssapi-data, then message signatures. NTLM is connectionless: its first token is empty, and every signature has the
// number 100.

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "auth/gss_exchange.hpp"
#include "auth/http_auth.hpp"
#include "sip/connection.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::auth {

[[nodiscard]] trace::ev::kerberos_fault_word word_of(gss_failure::kind);

// One security association with one server.
class sip_authenticator {
public:
    virtual ~sip_authenticator() = default;
    // From the server's token to ours, raw bytes; an empty one begins. Runs on a worker thread: a KDC may keep it
    // waiting.
    [[nodiscard]] virtual net::awaitable<std::expected<std::string, gss_failure>> step(
        std::string token, net::deadline until) = 0;
    // GSS_GetMIC and GSS_VerifyMIC over a signature buffer: local computations, only after the last step. A challenge
    // may have left no way to sign, and a ticket runs out.
    [[nodiscard]] virtual std::expected<std::string, gss_failure> mic(const std::string& text) = 0;
    [[nodiscard]] virtual bool verify(const std::string& text, const std::string& mic) = 0;
};

// `server`: the host in targetname, without "sip/".
[[nodiscard]] std::shared_ptr<sip_authenticator> make_ntlm_authenticator(const std::string& server, login who);
// The ticket of the credential cache if it is this user's; else one for the password, if there is one. An empty name
// takes whatever ticket there is.
[[nodiscard]] std::shared_ptr<sip_authenticator> make_kerberos_authenticator(
    const std::string& server, std::string name, std::optional<secret> password);

struct gss_parameters {
    std::string scheme;  // "NTLM" or "Kerberos"
    std::string realm, targetname, opaque;
    int version = 4;
};
// Signs and checks as the client does. `last_token` goes out with the next message: together with its signature from
// version 4 on, alone before (protocol section 4.5). An opaque that only the server's first signature names is taken
// over.
[[nodiscard]] std::shared_ptr<sip::protector> make_gss_protector(
    std::shared_ptr<sip_authenticator> by, gss_parameters with, std::string last_token);

}  // namespace ucsignin::auth
