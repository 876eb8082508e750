#pragma once
// connection.cross_check: servers looked at in another way, in the second round.

#include <string_view>

#include "signin/base/second_look.hpp"

namespace ucsignin::signin::connection {

// How to carry a probe out; nullptr for a word that this stage does not know. Each writes one span, whatever happens.
[[nodiscard]] look find_look(std::string_view probe);

// The end of a look: `differs` when what came is what the look was taken for.
void finish_look(trace::scope&, const std::string& word, std::string_view wanted, std::string summary);

}  // namespace ucsignin::signin::connection
