#pragma once
// From Asio's error codes to faults: the edge behind which error_code stays.

#include <boost/system/error_code.hpp>
#include <string_view>

#include "net/error.hpp"

namespace ucsignin::net {

// `operation` is what was tried: "connect to 192.0.2.1:443". An operation_aborted is fault::cancelled.
[[nodiscard]] error from_system(std::string_view operation, const boost::system::error_code& code);
[[nodiscard]] error timed_out(std::string_view operation);

}  // namespace ucsignin::net
