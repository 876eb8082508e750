#pragma once
// The server's side of NTLM over HTTP (gss-ntlmssp), raw or in SPNEGO: what the lab verifies logins with. Blocks for as
// long as reading a small file takes.

#include <expected>
#include <map>
#include <memory>
#include <string>

#include "auth/secret.hpp"
#include "net/error.hpp"

namespace ucsignin::auth {

class http_acceptor {
public:
    struct answer {
        std::string
            token;  // base64, for `WWW-Authenticate: NTLM ...` (or Negotiate); empty when there is nothing to send
        bool complete = false;
        std::string user;  // who it was, as in `users`, when complete
    };
    // `users`: account name ("alice", or a whole "alice@contoso.example") to password, without colons; `domain` is the
    // NetBIOS name. `host` is the name in the URL: clients refuse a challenge from another. One acceptor serves one
    // exchange.
    [[nodiscard]] static net::result<std::unique_ptr<http_acceptor>> make(
        const std::map<std::string, secret>& users, const std::string& domain, const std::string& host);
    ~http_acceptor();
    // `token` is what follows "NTLM " (or "Negotiate ") in Authorization. A wrong password is an error.
    [[nodiscard]] net::result<answer> step(const std::string& token);

private:
    struct state;
    explicit http_acceptor(std::unique_ptr<state>);
    std::unique_ptr<state> state_;
};

}  // namespace ucsignin::auth
