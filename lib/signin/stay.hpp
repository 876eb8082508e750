#pragma once
// --stay: signed in and quiet, with the keep-alive that was negotiated (MS-CONMGMT; protocol section 3.2), until the
// time is over or the server or the network ends it.

#include <memory>

#include "signin/base/session.hpp"

namespace ucsignin::signin {

[[nodiscard]] net::awaitable<void> stay(context& c, std::shared_ptr<session> s);

}  // namespace ucsignin::signin
