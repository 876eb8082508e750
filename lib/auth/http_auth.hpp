#pragma once
// HTTP authentication by GSSAPI (RFC 4559): NTLM through gss-ntlmssp. Each step runs on a worker thread, since GSSAPI
// may block. The exchange is bound to its connection.

#include <memory>
#include <string>

#include "auth/secret.hpp"
#include "net/stream.hpp"

namespace ucsignin::auth {

struct login {
    std::string name;  // "alice@contoso.example" or "CONTOSO\\alice"
    secret password;
};

class http_authenticator {
public:
    virtual ~http_authenticator() = default;
    // From the server's WWW-Authenticate token (base64, empty at first) to ours (base64, for `Authorization: NTLM
    // ...`).
    [[nodiscard]] virtual net::awaitable<net::result<secret>> step(std::string challenge, net::deadline until) = 0;
    // After the first step: whether the tokens rest on the password, not on a Kerberos ticket that lay there.
    [[nodiscard]] virtual bool by_password() const = 0;
    // After a step that failed: whether it was for want of NTLM on this PC.
    [[nodiscard]] virtual bool lacks_ntlm() const = 0;
};
// scheme "NTLM" or "Negotiate"; `host` names the service HTTP@host.
[[nodiscard]] std::unique_ptr<http_authenticator> make_http_authenticator(
    std::string scheme, std::string host, login who);

}  // namespace ucsignin::auth
