#pragma once
// Which address of several a connection was made to, and which way of several led there. Pure.

#include <span>

#include "signin/base/dial.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

// The race between the addresses of one host: the first that connects wins.
[[nodiscard]] trace::decision decide_address(const dialed&);

// Several ways, as a proxy script names them: the next is taken when one is dead.
[[nodiscard]] trace::decision decide_way(std::span<const way_tried>);

// The way where there were several, else the address.
[[nodiscard]] trace::decision decide_dial(const dialed&);

}  // namespace ucsignin::signin
