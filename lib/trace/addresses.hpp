#pragma once
// Which texts are IP addresses, and of what sort. Text only: no socket library is needed to read a report.

#include <optional>
#include <string_view>

namespace ucsignin::trace {

enum class address_sort { loopback, link_local, private_use, public_use };  // loopback: also "any" and broadcast

[[nodiscard]] std::optional<address_sort> sort_of_ipv4(std::string_view);  // dotted quad, nothing else
[[nodiscard]] std::optional<address_sort> sort_of_ipv6(std::string_view);  // without brackets and scope
[[nodiscard]] bool is_private(std::string_view address);                   // RFC 1918, RFC 4193; a scope may follow

}  // namespace ucsignin::trace
