#pragma once
// Stage 5: the requests after the 200, in one burst; what each tells; the endpoint's state published and confirmed.

#include <memory>

#include "signin/base/session.hpp"

namespace ucsignin::signin::provisioning {

[[nodiscard]] net::awaitable<void> provision(context& c, std::shared_ptr<session> s);

}  // namespace ucsignin::signin::provisioning
