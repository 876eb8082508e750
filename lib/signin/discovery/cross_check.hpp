#pragma once
// discovery.cross_check: names and records looked at in another way, in the second round.

#include <string_view>

#include "signin/context.hpp"

namespace ucsignin::signin::discovery {

using look = net::awaitable<void> (*)(context&, second_look, net::deadline);

// How to carry a probe out; nullptr for a word that this stage does not know. Each writes one span, whatever happens.
[[nodiscard]] look find_look(std::string_view probe);

}  // namespace ucsignin::signin::discovery
