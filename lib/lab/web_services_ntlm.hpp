#pragma once
// NTLM on the server's side (MS-NLMP): a challenge, and NTLMv2 responses checked against known passwords. Straight-line
// code that shares nothing with the client's GSSAPI mechanism.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secret.hpp"

namespace ucsignin::lab {

// The password of DOMAIN\user, or of the user alone when the domain is empty; nothing for the unknown.
using password_lookup = std::function<std::optional<std::string>(const std::string& domain, const std::string& user)>;

class ntlm_acceptor {
public:
    // `domain` and `server`: names in the target information; `nonce`: 8 bytes, made up when empty.
    ntlm_acceptor(std::string domain, std::string server, std::string nonce = {});
    // The Type 2 message that answers a Type 1 message.
    [[nodiscard]] std::string challenge(std::string_view negotiate) const;
    struct identity { std::string domain, user; };
    // Whether the Type 3 message proves the user's password. Nothing when it doesn't, or isn't one.
    [[nodiscard]] std::optional<identity> verify(std::string_view authenticate, const password_lookup& lookup) const;

private:
    [[nodiscard]] std::string target_information() const;
    std::string domain_, server_, nonce_;
};

// The NTLM message in a token: the token itself, or what SPNEGO (RFC 4178) wraps. "" when there is none.
[[nodiscard]] std::string_view ntlm_message_in(std::string_view token);
// NegTokenResp, accept-incomplete, with an NTLM message as responseToken.
[[nodiscard]] std::string wrap_for_spnego(std::string_view message);

}  // namespace ucsignin::lab
