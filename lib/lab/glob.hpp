#pragma once
// Patterns with * for any number of characters, without regard to case.

#include <string_view>

namespace ucsignin::lab {

[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace ucsignin::lab
