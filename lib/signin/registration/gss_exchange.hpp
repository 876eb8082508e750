#pragma once
// NTLM and Kerberos over REGISTER and 401 (protocol sections 4.5 and 4.6), up to the signed REGISTER and its answer.

#include "auth/sip_gss.hpp"
#include "signin/registration/challenge.hpp"
#include "signin/registration/registration.hpp"

namespace ucsignin::signin::registration {

// registration.ntlm: complete when the registrar takes the log-in, whatever it says to the REGISTER then.
[[nodiscard]] net::awaitable<registered> register_by_ntlm(context& c, std::shared_ptr<session> s, offered_scheme scheme);

// Branch of registration.kerberos when there is no token for the server.
[[nodiscard]] std::string_view kerberos_branch(auth::gss_failure::kind what);

struct by_kerberos {
    registered result;
    bool without_ticket = false;   // nothing was sent: there is no ticket, and none can be had
};
// registration.kerberos: whether there is a ticket for this server.
[[nodiscard]] net::awaitable<by_kerberos> register_by_kerberos(context& c, std::shared_ptr<session> s, offered_scheme scheme);

}  // namespace ucsignin::signin::registration
