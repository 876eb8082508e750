#pragma once
// --keylog: a file that gets the TLS secrets of the SIP connections, in the format that Wireshark reads (NSS key log).
// Whoever has the file reads the recorded traffic: it is made for this user alone, and the report says that it was on.

#include <functional>
#include <string>
#include <string_view>

#include "host/waiting.hpp"

namespace ucsignin::host {

// Adds to the file, line by line; it has mode 0600 from then on. Errors name the file.
[[nodiscard]] file_result<std::function<void(std::string_view)>> open_keylog(const std::string& file);

}  // namespace ucsignin::host
