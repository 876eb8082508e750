#pragma once
// The endpoint's state: published as machine state 3500, and what others then see (protocol 02, sections 3.6 to 3.8).

#include <memory>

#include "signin/base/session.hpp"
#include "sip/bodies.hpp"

namespace ucsignin::signin::provisioning {

[[nodiscard]] net::awaitable<void> publish_and_confirm(context& c, std::shared_ptr<session> s, sip::roaming_self self);

}  // namespace ucsignin::signin::provisioning
