#pragma once
// This PC and its network, for a run that is no test.

#include "signin/base/environment.hpp"

namespace ucsignin::signin {

[[nodiscard]] surroundings real_surroundings();
[[nodiscard]] std::shared_ptr<const private_files> real_files();

}  // namespace ucsignin::signin
