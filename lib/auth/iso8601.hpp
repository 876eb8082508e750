#pragma once
// Times in web service documents (ISO 8601 as XML Schema has it).

#include <cstdint>
#include <optional>
#include <string_view>

namespace ucsignin::auth {

// "2026-01-05T08:00:00.123Z", "...+01:00", or without a zone, which means UTC. Seconds since 1970, fractions cut.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace ucsignin::auth
