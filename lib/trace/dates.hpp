#pragma once
// Dates as documents, headers and reports write them; in seconds since 1970.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ucsignin::trace {

// ISO 8601 as XML Schema and RFC 3339 have it: "2026-01-05T08:00:00.123Z", "...+01:00", or without a zone, which means
// UTC. Fractions are cut.
[[nodiscard]] std::optional<std::int64_t> parse_iso_time(std::string_view text);
// "Mon, 05 Jan 2026 08:00:00 GMT": HTTP (RFC 9110 5.6.7, IMF-fixdate) and SIP (RFC 3261 20.17).
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text);

// "2026-01-05T08:00:00Z"; "out of range" before the year 1 and after 9999.
[[nodiscard]] std::string iso_time(std::int64_t seconds);
[[nodiscard]] std::string iso_time_without_zone(std::int64_t seconds);  // for those who add a fraction
[[nodiscard]] std::string http_date(std::int64_t seconds);
[[nodiscard]] std::string day_of(std::string_view iso_time);  // "24 November 2026"; as it came when it is no such time

inline constexpr std::array<std::string_view, 12> months{"January",   "February", "March",    "April",
                                                         "May",       "June",     "July",     "August",
                                                         "September", "October",  "November", "December"};

}  // namespace ucsignin::trace
