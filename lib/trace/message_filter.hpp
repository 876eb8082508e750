#pragma once
// What of a message on the wire may stand in a trace. Headers by a list of those that may stand; of the others, and of
// all that proves who somebody is, what it is and how long. Pure.

#include <string>
#include <string_view>

namespace ucsignin::trace {

// "GET /path?token=<24 characters> HTTP/1.1"
[[nodiscard]] std::string start_line_to_keep(std::string_view protocol, std::string_view line);
// The value, or what stands in its place.
[[nodiscard]] std::string header_to_keep(std::string_view protocol, std::string_view name, std::string_view value);

}  // namespace ucsignin::trace
