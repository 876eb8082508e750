#pragma once
// NTLM and Kerberos over REGISTER and 401 (protocol sections 4.5 and 4.6), up to the signed REGISTER and its answer.

#include <expected>

#include "auth/sip_gss.hpp"
#include "signin/registration/challenge.hpp"
#include "signin/registration/registration.hpp"

namespace ucsignin::signin::registration {

// Asks the registrar for an NTLM challenge and puts its answer on the connection: the next request carries the log-in,
// which is a use of the password that the caller has reserved.
struct ntlm_problem {
    std::optional<sip::message> answer;  // in place of the challenge
    std::optional<net::error> error;
    std::string why;          // one line
    bool lacks_ntlm = false;  // for want of it on this PC
};
[[nodiscard]] net::awaitable<std::expected<void, ntlm_problem>> prepare_ntlm(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme, net::deadline until);
// What an answer to the log-in means for the ledger. Only who took the password can sign. Pure.
[[nodiscard]] auth::use_end judge_login(const net::result<sip::reply>& reply);

// registration.ntlm: complete when the registrar takes the log-in, whatever it says to the REGISTER then.
[[nodiscard]] net::awaitable<registered> register_by_ntlm(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme);

// Branch of registration.kerberos when there is no token for the server.
[[nodiscard]] chart::branch_at<"registration.kerberos"> kerberos_branch(auth::gss_failure::kind what);

struct by_kerberos {
    registered result;
    bool without_ticket = false;  // nothing was sent: there is no ticket, and none can be had
};
// registration.kerberos: whether there is a ticket for this server.
[[nodiscard]] net::awaitable<by_kerberos> register_by_kerberos(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme);

}  // namespace ucsignin::signin::registration
