#pragma once
// The REGISTER that carries a signature, and what its answer means; redirects of the signed and the unsigned kind.

#include "signin/registration/registration.hpp"
#include "sip/connection.hpp"

namespace ucsignin::signin::registration {

// Where the answer `here` gave sends us. Pure.
struct home_choice {
    std::vector<net::host_port> homes;  // by q, the first written first among equals (RFC 3261 8.1.3.4)
    trace::decision decision;
};
[[nodiscard]] home_choice choose_home(const std::string& here, const sip::message& answer);

// registration.redirect: where a 3xx leads.
[[nodiscard]] registered follow_redirect(context& c, const session& s, const sip::message& answer);

// registration.signed_register, by the association that is up on the session's connection.
[[nodiscard]] net::awaitable<registered> send_signed_register(context& c, std::shared_ptr<session> s);
// The same for an answer that is there already.
[[nodiscard]] registered finish_signed(context& c, session& s, trace::scope& span, const sip::reply& reply);

}  // namespace ucsignin::signin::registration
