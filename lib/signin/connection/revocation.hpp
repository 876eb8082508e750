#pragma once
// connection.revocation: has the certificate been withdrawn? Asked beside the sign-in, which does not wait for the
// answer; what comes in time keeps credentials from a server whose certificate was revoked.

#include <memory>

#include "signin/connection/connection.hpp"

namespace ucsignin::signin::connection {

[[nodiscard]] net::awaitable<void> check_revocation(context& c, std::shared_ptr<probe> p);

}  // namespace ucsignin::signin::connection
