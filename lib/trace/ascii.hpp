#pragma once
// ASCII text as protocols compare it, whatever the locale.

#include <string>
#include <string_view>

namespace ucsignin::trace {

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);             // equal but for case
[[nodiscard]] bool starts_with_word(std::string_view text, std::string_view by);  // but for case
[[nodiscard]] std::string_view trim(std::string_view text);                       // of blanks, tabs and line ends
// Whether the name is the domain or lies below it, at a label's edge, whatever the case. Nothing lies below "".
[[nodiscard]] bool is_under(std::string_view name, std::string_view domain);

}  // namespace ucsignin::trace
