#pragma once
// run() of the public header, with what it gets from outside as an argument.

#include "signin/base/environment.hpp"

namespace ucsignin::signin {

[[nodiscard]] run_result run_in(
    const surroundings& around, const options& wanted, trace::recorder::listener heard, control* by = nullptr);

}  // namespace ucsignin::signin
