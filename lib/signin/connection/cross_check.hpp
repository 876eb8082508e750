#pragma once
// connection.cross_check: servers looked at in another way, in the second round.

#include <string_view>

#include "signin/context.hpp"

namespace ucsignin::signin::connection {

using look = net::awaitable<void> (*)(context&, second_look, net::deadline);

// How to carry a probe out; nullptr for a word that this stage does not know. Each writes one span, whatever happens.
[[nodiscard]] look find_look(std::string_view probe);

// The span of a look, and its end: `differs` when what came is what the look was taken for.
[[nodiscard]] trace::scope open_look(context&, const second_look&);
void finish_look(trace::scope&, const std::string& word, std::string_view wanted, std::string summary);

}  // namespace ucsignin::signin::connection
