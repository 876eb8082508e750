#pragma once
// Lists of challenges as they stand in WWW-Authenticate and Proxy-Authenticate, of HTTP and SIP alike (RFC
// 9110 11.6.1): several in one line, in several lines, in any case. The comma separates challenges, and parameters
// within one.

#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::net {

// Each challenge of the list, "Basic realm="x", charset=..." as it stands there; at most 64.
[[nodiscard]] std::vector<std::string_view> split_challenges(std::string_view list);

struct challenge {
    std::string_view scheme;  // as written
    std::string_view rest;    // a token68 or the parameters, "" for neither
};
// Of all field lines, in their order; the lines have to outlive it.
[[nodiscard]] std::vector<challenge> read_challenges(const std::vector<std::string>& lines);

// The first challenge of that scheme, in any case; nullptr when it is not offered.
[[nodiscard]] const challenge* find_scheme(const std::vector<challenge>& all, std::string_view scheme);

}  // namespace ucsignin::net
