#include "trace/dates.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <fmt/chrono.h>

#include "trace/ascii.hpp"

namespace ucsignin::trace {
namespace {

// Where digits stand, and nothing else; -1 where they don't.
int digits(std::string_view text, std::size_t at, std::size_t count) {
    const auto part = text.substr(std::min(at, text.size()), count);
    int value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    const bool good = part.size() == count && error == std::errc{} && end == part.data() + count;
    return good && part[0] != '-' ? value : -1;
}

std::optional<std::int64_t> seconds_of(int year, int month, int day, std::string_view time) {
    const auto hour = digits(time, 0, 2), minute = digits(time, 3, 2), second = digits(time, 6, 2);
    if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || time[2] != ':' || time[5] != ':' || minute > 59 || second > 60) return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return std::int64_t{days} * 86400 + hour * 3600 + minute * 60 + second;
}

// Seconds east of UTC.
std::optional<std::int64_t> zone(std::string_view text) {
    if (text.empty() || text == "Z") return 0;
    const auto hours = digits(text, 1, 2), minutes = digits(text, 4, 2);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || hours < 0 || minutes < 0)
        return std::nullopt;
    return (hours * 3600 + minutes * 60) * (text[0] == '-' ? -1 : 1);
}

}  // namespace

std::optional<std::int64_t> parse_iso_time(std::string_view text) {
    text = trim(text);
    if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || digits(text, 11, 2) > 24)
        return std::nullopt;
    const auto seconds = seconds_of(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), text.substr(11, 8));
    auto rest = text.substr(19);
    if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    const auto east = zone(rest);
    if (!seconds || !east) return std::nullopt;
    return *seconds - *east;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" || digits(text, 17, 2) > 23)
        return std::nullopt;
    const auto month = std::ranges::find(months, text.substr(8, 3), [](auto name) { return name.substr(0, 3); });
    if (month == months.end()) return std::nullopt;
    return seconds_of(
        digits(text, 12, 4), static_cast<int>(month - months.begin()) + 1, digits(text, 5, 2), text.substr(17, 8));
}

std::string iso_time_without_zone(std::int64_t seconds) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

std::string iso_time(std::int64_t seconds) {
    // Certificates may be dated beyond what time_t's calendar functions take on some systems; fmt throws there.
    constexpr std::int64_t first = -62135596800, last = 253402300799;
    return seconds < first || seconds > last ? "out of range" : iso_time_without_zone(seconds) + "Z";
}

std::string http_date(std::int64_t seconds) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

std::string day_of(std::string_view iso_time) {
    if (!parse_iso_time(iso_time)) return std::string(iso_time);
    const auto t = trim(iso_time);
    return std::to_string(digits(t, 8, 2)) + " " + std::string(months[static_cast<std::size_t>(digits(t, 5, 2) - 1)]) +
           " " + std::string(t.substr(0, 4));
}

}  // namespace ucsignin::trace
