#pragma once
// Small readings of host names, addresses, URLs and dates as evidence spells them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ucsignin::diagnosis {

[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string host_of(std::string_view host_port);  // "[::1]:443" gives "::1"
[[nodiscard]] std::string port_of(std::string_view host_port);  // "" when there is none
[[nodiscard]] std::string host_of_url(std::string_view url);
[[nodiscard]] std::string port_of_url(std::string_view url);      // the scheme's own when none is written
[[nodiscard]] std::string host_of_sip_uri(std::string_view uri);  // of a Contact: "<sip:fe01.x:5061;transport=tls>"
[[nodiscard]] bool is_under(std::string_view name, std::string_view domain);  // equal or below, case-insensitive
[[nodiscard]] bool is_private(std::string_view address);                      // RFC 1918, RFC 4193
[[nodiscard]] bool is_ipv6(std::string_view address);
[[nodiscard]] bool holds(std::string_view text, std::string_view part);  // case-insensitive
[[nodiscard]] std::string first_word(std::string_view text);
[[nodiscard]] std::string plain(std::string_view code_word);  // "timed_out" as a person says it
[[nodiscard]] std::string after_first_word(std::string_view text);
// Seconds since 1970 of an RFC 3339 time in UTC ("2026-11-24T10:00:00Z").
[[nodiscard]] std::optional<std::int64_t> seconds_of(std::string_view rfc3339);
[[nodiscard]] std::string day_of(std::string_view rfc3339);  // "24 November 2026"; as it came when it is no such time

}  // namespace ucsignin::diagnosis
