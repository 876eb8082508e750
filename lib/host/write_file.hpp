#pragma once
// Files that the program writes for people: reports.

#include <expected>
#include <string>
#include <string_view>

namespace ucsignin::host {

// Written whole: to a temporary name beside it, then renamed. The error names the file.
[[nodiscard]] std::expected<void, std::string> write_file(const std::string& path, std::string_view text);

}  // namespace ucsignin::host
