#include "net/http_cookies.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "trace/ascii.hpp"
#include "trace/dates.hpp"

namespace ucsignin::net::http {
namespace {

constexpr std::size_t longest_cookie = 4096;
constexpr std::ptrdiff_t most_of_a_host = 50, most_of_all = 300;

std::pair<std::string_view, std::string_view> at_equals(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return {trace::trim(text), {}};
    return {trace::trim(text.substr(0, equals)), trace::trim(text.substr(equals + 1))};
}

bool has_control_characters(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The day of "Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01-Jan-70 00:00:00 GMT" and their kind, in seconds since 1970: a
// run lasts minutes, so that the hour says nothing. RFC 6265 5.1.1 takes what else stands there in any order.
std::optional<std::int64_t> day_of(std::string_view date) {
    std::optional<int> day, year;
    std::optional<unsigned> month;
    for (std::size_t at = 0; at < date.size();) {
        const auto end = std::min(date.find_first_of(" -,\t", at), date.size());
        const auto word = date.substr(at, end - at);
        at = end + 1;
        const auto named = std::ranges::find_if(trace::months, [&](auto m) {
            return word.size() >= 3 && trace::same_word(m.substr(0, 3), word.substr(0, 3));
        });
        if (!month && named != trace::months.end()) month = static_cast<unsigned>(named - trace::months.begin()) + 1;
        else if (const auto n = number<int>(word); n && !day && word.size() <= 2) day = n;
        else if (n && !year && (word.size() == 4 || word.size() == 2))
            year = word.size() == 4 ? *n : *n + (*n < 70 ? 2000 : 1900);
    }
    if (!day || !month || !year) return std::nullopt;
    const std::chrono::year_month_day whole{
        std::chrono::year{*year}, std::chrono::month{*month}, std::chrono::day{static_cast<unsigned>(*day)}};
    if (!whole.ok()) return std::nullopt;
    return std::int64_t{std::chrono::sys_days(whole).time_since_epoch().count()} * 86400;
}

std::string_view path_of(const url& from) {
    return std::string_view(from.target).substr(0, from.target.find_first_of("?#"));
}

// RFC 6265 5.1.4
std::string folder_of(const url& from) {
    const auto path = path_of(from);
    const auto slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? "/" : std::string(path.substr(0, slash));
}

bool path_covers(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
}

}  // namespace

std::optional<cookie_jar::cookie> cookie_jar::read(const url& from, std::string_view line, std::int64_t now) {
    const auto end = std::min(line.find(';'), line.size());
    const auto [name, value] = at_equals(line.substr(0, end));
    if (name.empty() || line.substr(0, end).find('=') == std::string_view::npos) return std::nullopt;
    if (name.size() + value.size() > longest_cookie || has_control_characters(line)) return std::nullopt;
    cookie one{std::string(name), std::string(value), from.host, folder_of(from)};
    bool has_max_age = false;
    for (std::size_t at = end + 1; at <= line.size();) {
        const auto stop = std::min(line.find(';', at), line.size());
        const auto [attribute, said] = at_equals(line.substr(at, stop - at));
        at = stop + 1;
        const auto word = trace::lower(attribute);
        if (word == "secure") one.secure = true;
        else if (word == "path" && said.starts_with('/')) one.path = std::string(said);
        else if (word == "max-age") {
            if (const auto seconds = number<std::int64_t>(said)) {
                has_max_age = true;
                one.until = *seconds <= 0 ? 0 : now + std::min<std::int64_t>(*seconds, 86400 * 400);
            }
        } else if (word == "expires" && !has_max_age) {
            if (const auto day = day_of(said)) one.until = *day;
        } else if (word == "domain" && !said.empty()) {
            one.domain = trace::lower(said.substr(said.front() == '.' ? 1 : 0));
            one.host_only = false;
        }
    }
    // A domain of one label would be a cookie for everybody (".com"), and an address has nothing below it.
    if (!one.host_only && one.domain == from.host) one.host_only = one.domain.find('.') == std::string::npos;
    else if (!one.host_only && (one.domain.find('.') == std::string::npos || !trace::is_under(from.host, one.domain)))
        return std::nullopt;
    if (one.secure && !from.secure()) return std::nullopt;
    return one;
}

void cookie_jar::put(cookie one, std::int64_t now) {
    std::erase_if(kept_, [&](const cookie& old) {
        return old.name == one.name && old.domain == one.domain && old.path == one.path;
    });
    if (one.until && *one.until < now) return;
    const auto of_host = std::ranges::count(kept_, one.domain, &cookie::domain);
    if (of_host >= most_of_a_host || std::ssize(kept_) >= most_of_all) return;
    kept_.push_back(std::move(one));
}

void cookie_jar::keep(const url& from, const response& answer, std::int64_t now) {
    for (const auto& line : answer.all("Set-Cookie"))
        if (auto one = read(from, line, now)) put(std::move(*one), now);
}

std::string cookie_jar::for_request(const url& to, std::int64_t now) const {
    std::vector<const cookie*> fitting;
    for (const auto& one : kept_) {
        const bool host = one.host_only ? to.host == one.domain : trace::is_under(to.host, one.domain);
        if (host && path_covers(path_of(to), one.path) && (!one.secure || to.secure()) &&
            (!one.until || *one.until >= now))
            fitting.push_back(&one);
    }
    std::ranges::stable_sort(fitting, [](const auto* a, const auto* b) { return a->path.size() > b->path.size(); });
    std::string line;
    for (const auto* one : fitting) line += (line.empty() ? "" : "; ") + one->name + "=" + one->value;
    return line;
}

}  // namespace ucsignin::net::http
