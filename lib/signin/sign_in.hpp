#pragma once
// The story of one sign-in, in the chart's order. Split from run() so that the whole can be cancelled and signed out.

#include <memory>

#include "signin/base/session.hpp"

namespace ucsignin::signin {

// What outlives a cancelled sign-in.
struct progress {
    std::shared_ptr<session> current;
};

[[nodiscard]] net::awaitable<void> sign_in(context& c, std::shared_ptr<progress> so_far);

}  // namespace ucsignin::signin
