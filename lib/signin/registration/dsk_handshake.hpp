#pragma once
// TLS-DSK over REGISTER and 401 (protocol section 4.7): two legs, then keys on both sides.

#include <memory>
#include <optional>

#include "auth/certificate.hpp"
#include "auth/signature.hpp"
#include "signin/registration/challenge.hpp"
#include "signin/base/session.hpp"
#include "signin/base/trust.hpp"

namespace ucsignin::signin::registration {

// With the registrar `to`. True when both sides have the keys; every message from then on is signed.
[[nodiscard]] net::awaitable<bool> shake_hands(
    context& c, std::shared_ptr<session> s, credential_target to, offered_scheme scheme,
    auth::user_certificate credential);

}  // namespace ucsignin::signin::registration
