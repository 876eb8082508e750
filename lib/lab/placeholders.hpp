#pragma once
// What texts of a scenario hold in the place of what is known only when an answer is made:
//   {date} {date-7200} {date+60}    RFC 9110 5.6.7, seconds from now: "Mon, 05 Jan 2026 08:00:00 GMT"
//   {iso} {iso-7200} {iso+60}       xs:dateTime in UTC: "2026-01-05T08:00:00Z"
// and names that the caller gives values for. All other braces stay as they are.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ucsignin::lab {

using placeholder_values =
    std::vector<std::pair<std::string_view, std::string>>;  // name without braces, and what it stands for

// One pass: a value that was put in is not looked into. `now` in seconds since 1970.
[[nodiscard]] std::string fill_in(std::string_view text, std::int64_t now, const placeholder_values& values = {});
// What is wrong with the first that begins as {date or {iso and doesn't go on as above; "" when nothing is.
[[nodiscard]] std::string wrong_placeholder(std::string_view text);

}  // namespace ucsignin::lab
