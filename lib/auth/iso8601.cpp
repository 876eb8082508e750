#include "auth/iso8601.hpp"

#include <chrono>

#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return std::nullopt;
    for (char c : text.substr(at, count))
        if (c < '0' || c > '9') return std::nullopt;
    return sip::to_number<int>(text.substr(at, count));
}

// Seconds east of UTC.
std::optional<std::int64_t> zone(std::string_view text) {
    if (text.empty() || text == "Z") return 0;
    const auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || !hours || !minutes)
        return std::nullopt;
    return (*hours * 3600 + *minutes * 60) * (text[0] == '-' ? -1 : 1);
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
    text = sip::trim(text);
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 24 || *minute > 59 || *second > 60) return std::nullopt;
    auto rest = text.substr(19);
    if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    const auto east = zone(rest);
    if (!east) return std::nullopt;
    const std::chrono::sys_seconds midnight{std::chrono::sys_days(date)};
    return midnight.time_since_epoch().count() + *hour * 3600 + *minute * 60 + *second - *east;
}

}  // namespace ucsignin::auth
