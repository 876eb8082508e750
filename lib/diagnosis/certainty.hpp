#pragma once
// How sure a finding can ever be. "Certain" claims that an observation excludes every look-alike; of some faults no
// client can observe what would.

#include <string_view>

#include "diagnosis/catalogue.hpp"

namespace ucsignin::diagnosis {

// What else looks the same from a client; "" where an observation may decide.
[[nodiscard]] std::string_view never_certain_because(std::string_view id);

}  // namespace ucsignin::diagnosis
