#pragma once
// Second round: does a server that can't be reached through a tunnel answer from the address of another adapter?

#include <string_view>

#include "signin/context.hpp"

namespace ucsignin::signin::devices {

using look = net::awaitable<void> (*)(context&, second_look, net::deadline);

// How to carry a probe out; nullptr for a word that this stage does not know. Writes one span, whatever happens.
[[nodiscard]] look find_look(std::string_view probe);

}  // namespace ucsignin::signin::devices
