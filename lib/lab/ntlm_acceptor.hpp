#pragma once
// NTLM on the server's side (MS-NLMP): a challenge, and NTLMv2 responses checked against known passwords. Straight-line
// code that shares nothing with the client's GSSAPI mechanism.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "auth/secret.hpp"
#include "lab/ntlm_session.hpp"

namespace ucsignin::lab {

// The password of DOMAIN\user, or of the user alone when the domain is empty; nothing for the unknown.
using password_lookup = std::function<std::optional<std::string>(const std::string& domain, const std::string& user)>;

class ntlm_acceptor {
public:
    // `domain` and `server`: names in the target information; `nonce`: 8 bytes, made up when empty.
    ntlm_acceptor(std::string domain, std::string server, std::string nonce = {});
    // The Type 2 message that answers a Type 1 message.
    [[nodiscard]] std::string challenge(std::string_view negotiate) const;
    using identity = ntlm_identity;
    // Whether the Type 3 message proves the user's password. Nothing when it doesn't, or isn't one.
    [[nodiscard]] std::optional<identity> verify(std::string_view authenticate, const password_lookup& lookup) const;

    // Inside SIP (connectionless): the challenge that answers an empty token, and the session that a Type 3 message
    // opens. A message code (MIC) is checked when the client announces one.
    [[nodiscard]] const std::string& datagram_challenge(std::int64_t now);
    [[nodiscard]] std::optional<ntlm_session> accept(
        std::string_view authenticate, const password_lookup& lookup) const;

private:
    struct proven {
        identity who;
        std::string key;  // ExportedSessionKey
        bool with_mic = false;
    };
    [[nodiscard]] std::optional<proven> prove(std::string_view authenticate, const password_lookup& lookup) const;
    [[nodiscard]] std::string challenge_with(std::uint32_t flags) const;
    [[nodiscard]] std::string target_information() const;
    std::string domain_, server_, nonce_, sent_;
    std::uint64_t filetime_ = 0;
};

// The NTLM message in a token: the token itself, or what SPNEGO (RFC 4178) wraps. "" when there is none.
[[nodiscard]] std::string_view ntlm_message_in(std::string_view token);
// NegTokenResp, accept-incomplete, with an NTLM message as responseToken.
[[nodiscard]] std::string wrap_for_spnego(std::string_view message);

}  // namespace ucsignin::lab
