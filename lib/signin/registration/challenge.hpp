#pragma once
// What the first answer of a registrar tells: is it one for Skype for Business, which schemes, which to take. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/error.hpp"
#include "sip/message.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/signin.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::registration {

struct offered_scheme {
    std::string scheme, realm, targetname, sts_uri;
    int version = 2;  // no version parameter means 2 (MS-SIPAE 3.3.5.1)
};
// In the order of the headers; WWW-Authenticate and Proxy-Authenticate alike.
[[nodiscard]] std::vector<offered_scheme> schemes_of(const sip::message& challenge);

struct service_verdict {
    chart::branch_at<"connection.service"> branch;
    trace::ev::service_word kind;
    std::string why;
};
[[nodiscard]] service_verdict judge_service(const sip::message& first_answer);
// When there was no SIP answer: nothing when the silence says nothing about the kind of server.
[[nodiscard]] std::optional<service_verdict> judge_service(const net::error& no_answer);

// Whether an answer brought another Via back than was sent. Servers add parameters to it (received, rport,
// ms-received-port; RFC 3261 18.2.1), and change nothing else; an answer without one is no sign of a router's SIP
// helper.
[[nodiscard]] bool via_is_changed(std::string_view sent, std::string_view came_back);

// The client's order is TLS-DSK, Kerberos, NTLM. `failed` names schemes that came to nothing before anything was
// refused (no Kerberos ticket at hand): they are passed over for that reason.
struct failed_scheme {
    std::string scheme, why;
};
struct scheme_choice {
    std::optional<offered_scheme> taken;
    trace::decision decision;
};
[[nodiscard]] scheme_choice choose_scheme(
    const std::vector<offered_scheme>& offered, auth_choice wanted, bool has_password,
    const std::vector<failed_scheme>& failed = {}, bool has_certificate = false);
// None is taken where no credentials may go.
[[nodiscard]] scheme_choice withhold(scheme_choice from, const std::string& why);
// Branch of registration.scheme.
[[nodiscard]] chart::branch_at<"registration.scheme"> scheme_branch(const std::optional<offered_scheme>& taken);

// Branch of registration.challenge.
[[nodiscard]] chart::branch_at<"registration.challenge"> challenge_branch(const std::vector<offered_scheme>& offered);

}  // namespace ucsignin::signin::registration
