#pragma once
// The second round: a few questions asked in another way, once the sign-in has ended and left something open.

#include <string_view>
#include <vector>

#include "signin/base/context.hpp"

namespace ucsignin::signin {

// All at once, within a sixth of the total; what is not answered by then is traced as no_answer. Words that no stage
// knows are passed over.
[[nodiscard]] net::awaitable<void> look_again(context& c, std::vector<second_look> open);

}  // namespace ucsignin::signin
