#pragma once
// Errors of a wire (public: ucsignin/error.hpp), and what only the house asks of one. error_code stays inside net/.

#include <string>

#include "ucsignin/error.hpp"

namespace ucsignin::net {

// "ECONNREFUSED"; "" for 0 and for what is no errno of the system. Only of errors that the system reported.
[[nodiscard]] std::string errno_name(const error&);

}  // namespace ucsignin::net
