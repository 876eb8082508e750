#pragma once
// The system's words for a number of errno.

#include <string>
#include <system_error>

namespace ucsignin::host {

inline std::string message_of(int code) { return std::error_code{code, std::generic_category()}.message(); }

}  // namespace ucsignin::host
