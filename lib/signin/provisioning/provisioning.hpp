#pragma once
// Stage 5: the requests after the 200, what each tells, and the endpoint's state, published and confirmed. It is two
// tables, requests.hpp and nodes.cpp, and a driver that knows neither.

#include <memory>

#include "signin/base/session.hpp"

namespace ucsignin::signin::provisioning {

[[nodiscard]] net::awaitable<void> provision(context& c, std::shared_ptr<session> s);

}  // namespace ucsignin::signin::provisioning
