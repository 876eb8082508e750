#pragma once
// In which words every form of a comparison says what changed.

#include <string>
#include <string_view>

#include "ucsignin/compare.hpp"

namespace ucsignin::report {

inline constexpr std::string_view nothing_changed = "The two runs went the same way.", result_heading = "The result",
                                  first_heading = "First difference, the likely reason of the others",
                                  steps_heading = "Further differences", settings_heading = "Options",
                                  slower_heading = "Slower", nothing_there = "nothing";

// "Web ticket (registration.web_ticket web.contoso.example)"
[[nodiscard]] std::string step_name(std::string_view node, std::string_view subject);
// "failed, refused: it refuses the password", "there was no such step"
[[nodiscard]] std::string way_text(const std::string& way, const std::string& said);
// "failed, refused", "not there"
[[nodiscard]] std::string short_way(const std::string& way);

}  // namespace ucsignin::report
