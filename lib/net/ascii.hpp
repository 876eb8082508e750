#pragma once
// Letters as protocols compare them: ASCII only, whatever the locale. Internal to net/.

#include <algorithm>
#include <string>
#include <string_view>

namespace ucsignin::net {

[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return out;
}

}  // namespace ucsignin::net
