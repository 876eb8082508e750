#pragma once
// ASCII text as configuration files and variables hold it.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "trace/ascii.hpp"

namespace ucsignin::host {

using trace::is_under;
using trace::lower;

// The pieces between any of the separators, without empty ones.
[[nodiscard]] inline std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(separators, at), text.size());
        pieces.push_back(text.substr(at, end - at));
        at = end;
    }
    return pieces;
}

[[nodiscard]] inline std::string_view without_final_dot(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

}  // namespace ucsignin::host
