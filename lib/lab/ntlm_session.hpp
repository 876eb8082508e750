#pragma once
// Message signatures of an NTLM session in datagram mode with extended session security (MS-NLMP 3.4.4.2; protocol
// section 5.4): every message has the number 100, so each is a computation of its own.

#include <string>
#include <string_view>

#include "auth/secret.hpp"

namespace ucsignin::lab {

struct ntlm_identity {
    std::string domain, user;
};

class ntlm_session {
public:
    ntlm_session(ntlm_identity who, auth::secret exported_key) : who_(std::move(who)), key_(std::move(exported_key)) {}
    [[nodiscard]] const ntlm_identity& who() const { return who_; }
    // 16 bytes.
    [[nodiscard]] std::string server_signature(std::string_view text) const;
    [[nodiscard]] std::string client_signature(std::string_view text) const;

private:
    [[nodiscard]] std::string signature(std::string_view text, std::string_view direction) const;
    ntlm_identity who_;
    auth::secret key_;
};

}  // namespace ucsignin::lab
