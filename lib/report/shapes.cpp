#include "report/shapes.hpp"

#include <array>
#include <cctype>

#include "trace/addresses.hpp"
#include "trace/dates.hpp"

namespace ucsignin::report {
namespace {

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)); }
bool is_alpha(char c) { return std::isalpha(static_cast<unsigned char>(c)); }

bool holds(std::string_view set, char c) { return set.find(c) != std::string_view::npos; }
bool word_begins(std::string_view text, std::size_t at) { return at < text.size() && is_word(text[at]); }

// 9 stands for a digit, A and a for a letter; anything else for itself.
bool looks_like(std::string_view text, std::string_view pattern) {
    if (text.size() < pattern.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = text[i], wanted = pattern[i];
        const bool fits = wanted == '9'   ? is_digit(c)
                          : wanted == 'A' ? std::isupper(static_cast<unsigned char>(c)) != 0
                          : wanted == 'a' ? std::islower(static_cast<unsigned char>(c)) != 0
                                          : c == wanted;
        if (!fits) return false;
    }
    return true;
}

std::size_t http_date_at(std::string_view rest) {
    constexpr std::string_view pattern = "Aaa, 99 Aaa 9999 99:99:99 GMT";
    constexpr std::string_view days = "Mon Tue Wed Thu Fri Sat Sun",
                               months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    const bool is = looks_like(rest, pattern) && days.find(rest.substr(0, 3)) % 4 == 0 &&
                    months.find(rest.substr(8, 3)) % 4 == 0;
    return is ? pattern.size() : 0;
}

std::size_t iso_time_length(std::string_view rest) {
    if (!looks_like(rest, "T99:99:99")) return 0;
    std::size_t length = 9;
    if (length < rest.size() && rest[length] == '.') length += 1 + run_of(rest, length + 1, is_digit);
    if (length < rest.size() && rest[length] == 'Z') return length + 1;
    return looks_like(rest.substr(length), "+99:99") || looks_like(rest.substr(length), "-99:99") ? length + 6 : length;
}

std::size_t iso_date_at(std::string_view rest) {
    if (!looks_like(rest, "9999-99-99") || rest.substr(5, 2) > "12" || rest.substr(8, 2) > "31") return 0;
    return 10 + iso_time_length(rest.substr(10));
}

std::size_t date_in_words_at(std::string_view rest) {
    const auto day = run_of(rest, 0, is_digit);
    if (day == 0 || day > 2 || day >= rest.size() || rest[day] != ' ') return 0;
    const auto is_month = [&](std::string_view m) { return rest.substr(day + 1).starts_with(m); };
    const auto month = std::ranges::find_if(trace::months, is_month);
    return month != trace::months.end() && looks_like(rest.substr(day + 1 + month->size()), " 9999")
               ? day + month->size() + 6
               : 0;
}

// What may stand before a path that begins here.
bool opens(std::string_view text, std::size_t at) { return at == 0 || holds(" \t\r\n\"'`([{<>=,;|:&!", text[at - 1]); }

constexpr std::string_view closes_path = " \t\r\n\"'`<>|,;()[]{}*?";

std::size_t trimmed(std::string_view path) {
    while (!path.empty() && holds(".:", path.back())) path.remove_suffix(1);
    return path.size();
}

// A folder's name may hold spaces ("C:\Users\Alice Adams\x"): the path goes on when a backslash comes in the next word.
std::size_t windows_path(std::string_view rest) {
    std::size_t end = 0;
    for (;;) {
        end += run_of(rest, end, [](char c) { return !holds(closes_path, c); });
        if (end == rest.size() || rest[end] != ' ') break;
        const auto next = rest.substr(end + 1, run_of(rest, end + 1, [](char c) { return !holds(closes_path, c); }));
        if (!holds(next, '\\')) break;
        end += 1 + next.size();
    }
    return trimmed(rest.substr(0, end));
}

bool is_windows_path(std::string_view rest) {
    if (rest.size() > 2 && is_alpha(rest[0]) && rest[1] == ':' && holds("\\/", rest[2])) return true;
    if (rest.starts_with('\\')) return rest.size() > 1 && (rest[1] == '\\' || is_word(rest[1]));
    if (rest.starts_with("..\\") || rest.starts_with(".\\") || rest.starts_with("~\\")) return true;
    if (!rest.starts_with('%')) return false;
    const auto name = run_of(rest, 1, is_word);  // "%APPDATA%\x"
    return name > 0 && rest.substr(1 + name).starts_with("%\\");
}

bool is_posix_path(std::string_view rest) {
    if (rest.starts_with('~')) rest.remove_prefix(1 + run_of(rest, 1, is_word));
    else if (rest.starts_with("..")) rest.remove_prefix(2);
    else if (rest.starts_with('.')) rest.remove_prefix(1);
    return rest.size() > 1 && rest[0] == '/' && (is_word(rest[1]) || holds(".~", rest[1]));
}

struct digits {
    std::size_t count = 0, groups = 0, shortest = 99, second = 0, end = 0;
    bool leading_zero = false, first_has_zero = false, threes = true;  // threes: 3-3-4, as in North America
    std::string_view separators;
    bool spaced = false, dotted = false, other = false;

    void take(std::string_view group) {
        const bool zero = group.size() > 1 && group[0] == '0';
        if (groups == 0) first_has_zero = zero;
        if (groups == 1) second = group.size();
        leading_zero = leading_zero || zero;
        threes = threes && groups < 3 && group.size() == (groups == 2 ? 4 : 3);
        shortest = std::min(shortest, group.size());
        count += group.size();
        ++groups;
    }
    void take_separators(std::string_view between) {
        for (const char c : between) (c == ' ' ? spaced : c == '.' ? dotted : other) = true;
    }
};

constexpr std::size_t most_groups = 16;  // E.164 has 15 digits

// Digits that are part of a word, a time, a date or an address.
bool is_of_something_else(std::string_view text, std::size_t at, std::size_t length) {
    const auto after = text.substr(at + length);
    const bool is_in_word = word_begins(after, 0) && after[0] != '_';
    const bool is_hour = length <= 2 && after.size() > 1 && after[0] == ':' && is_digit(after[1]);
    return is_in_word || is_hour || (length <= 4 && timestamp_at(text, at) > 0) ||
           (after.starts_with('.') && ipv4_at(text, at) > 0);
}

bool separates(std::string_view between) {
    const bool ends_sentence = between.size() > 1 && holds(between, '.');
    return !between.empty() && between.size() <= 3 && !ends_sentence;
}

// Groups of digits with up to three separators between them. A single digit behind a blank is a number by itself.
digits digits_at(std::string_view text, std::size_t at) {
    digits found;
    for (auto i = at;;) {
        const auto length = run_of(text, i, is_digit);
        const auto between = text.substr(found.end, i - std::min(found.end, i));
        const bool is_count = length == 1 && found.groups > 0 && between == " " && !found.other;
        if (length == 0 || is_count || is_of_something_else(text, i, length)) return found;
        if (found.groups > 0) found.take_separators(between);
        found.take(text.substr(i, length));
        found.end = i + length;
        const auto next = run_of(text, found.end, [](char c) { return holds(" -./()", c); });
        if (!separates(text.substr(found.end, next)) || found.groups == most_groups) return found;
        i = found.end + next;
    }
}

// "SRV 3600 10 20 5061": what follows is a record.
bool follows_record_type(std::string_view text, std::size_t at) {
    constexpr std::array<std::string_view, 8> types{"A ",  "AAAA ", "CNAME ", "SRV ",
                                                    "MX ", "SOA ",  "NAPTR ", "records "};
    const auto before = text.substr(0, at);
    return std::ranges::any_of(types, [&](std::string_view type) {
        return before.ends_with(type) &&
               (before.size() == type.size() || !is_word(before[before.size() - type.size() - 1]));
    });
}

}  // namespace

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t word_at(std::string_view text, std::size_t at) {
    auto end = at + run_of(text, at, is_word);
    while (end > at && end < text.size() && holds("-.'", text[end]) && word_begins(text, end + 1))
        end += 1 + run_of(text, end + 1, is_word);
    return end - at;
}

std::size_t escape_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (rest.size() > 2 && rest[0] == '%' && is_hex(rest[1]) && is_hex(rest[2])) return 3;
    if (!rest.starts_with("&#")) return 0;
    const auto digits = run_of(rest, 2, [](char c) { return is_hex(c) || c == 'x' || c == 'X'; });
    return digits > 0 && rest.size() > 2 + digits && rest[2 + digits] == ';' ? 3 + digits : 0;
}

std::size_t escaped_at(std::string_view text, std::size_t at) {
    bool any = false;
    auto end = at;
    while (end < text.size()) {
        if (const auto escape = escape_at(text, end)) any = true, end += escape;
        else if (is_word(text[end]) || holds("-.~+", text[end])) ++end;
        else break;
    }
    return any ? end - at : 0;
}

std::size_t guid_at(std::string_view text, std::size_t at) {
    constexpr std::string_view pattern = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    if (text.size() - at < pattern.size() || word_begins(text, at + pattern.size())) return 0;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        if (pattern[i] == '-' ? text[at + i] != '-' : !is_hex(text[at + i])) return 0;
    return pattern.size();
}

std::size_t hex_groups_at(std::string_view text, std::size_t at) {
    const auto pair = [&](std::size_t i) {
        return i + 1 < text.size() && is_hex(text[i]) && is_hex(text[i + 1]) && !word_begins(text, i + 2);
    };
    std::size_t groups = 0, end = at;
    while (pair(end)) {
        ++groups;
        end += 2;
        const bool goes_on = end < text.size() && holds(":- ", text[end]) && text[end] == text[at + 2] && pair(end + 1);
        if (!goes_on) break;
        ++end;
    }
    return groups >= 4 ? end - at : 0;
}

std::size_t timestamp_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    const auto length = std::max({iso_date_at(rest), http_date_at(rest), date_in_words_at(rest)});
    return length > 0 && !word_begins(rest, length) ? length : 0;
}

// RFC 4291's longest has 45 characters; a longer text would be looked through from each of its groups.
constexpr std::size_t longest_address = 48;

std::size_t ipv4_at(std::string_view text, std::size_t at) {
    auto length = run_of(text.substr(0, at + longest_address), at, [](char c) { return is_digit(c) || c == '.'; });
    while (length > 0 && text[at + length - 1] == '.') --length;
    if (!trace::sort_of_ipv4(text.substr(at, length))) return 0;
    const auto after = text.substr(at + length);
    return word_begins(after, 0) || (after.starts_with('.') && word_begins(after, 1)) ? 0 : length;
}

std::size_t ipv6_at(std::string_view text, std::size_t at) {
    if (text.substr(at).starts_with(":::")) return 0;  // a line of marks
    auto length = run_of(
        text.substr(0, at + longest_address), at, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
    if (word_begins(text, at + length) || (at > 0 && is_word(text[at - 1]))) return 0;  // "std::expected"
    // "fe80::1." and "fe80::1:" at the end of a sentence, but "fe80::" is whole.
    while (length > 2 && holds(".:", text[at + length - 1]) && !trace::sort_of_ipv6(text.substr(at, length))) --length;
    return trace::sort_of_ipv6(text.substr(at, length)) ? length : 0;
}

std::size_t phone_at(std::string_view text, std::size_t at) {
    const bool plus = text[at] == '+', bracket = text[at] == '(';
    const auto found = digits_at(text, at + (plus || bracket ? 1 : 0));
    const auto length = found.end > at ? found.end - at : 0;
    if (plus) return found.count >= 7 ? length : 0;
    if (found.count < 7 || found.groups < 2 || (bracket && text[at + length - 1] == ')')) return 0;
    if (found.other || found.threes) return length;
    // "425.555.1234 49", "49 30 555 1234.5"
    const auto up_to = [&](char c) { return phone_at(text.substr(0, text.find(c, at)), at); };
    if (found.dotted && found.spaced) return std::max(up_to(' '), up_to('.'));
    if (found.dotted)
        return found.first_has_zero || (found.groups > 2 && found.second > 1) ? length
                                                                              : 0;  // else a decimal, a version
    return found.leading_zero || (found.count >= 9 && found.shortest > 1 && !follows_record_type(text, at)) ? length
                                                                                                            : 0;
}

std::size_t path_at(std::string_view text, std::size_t at) {
    if (!opens(text, at)) return 0;
    const auto rest = text.substr(at);
    if (is_windows_path(rest)) return windows_path(rest);
    if (!is_posix_path(rest)) return 0;
    const auto end = rest.find_first_of(":", rest.find('/'));
    return trimmed(rest.substr(0, std::min(end, run_of(rest, 0, [](char c) { return !holds(closes_path, c); }))));
}

std::size_t port_at(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != ':') return 0;
    const auto digits = run_of(text, at + 1, is_digit);
    const auto after = text.substr(at + 1 + digits);
    const bool goes_on = word_begins(after, 0) || (after.starts_with('.') && word_begins(after, 1));
    return digits > 0 && digits <= 5 && !goes_on ? 1 + digits : 0;
}

bool is_quantity_at(std::string_view text, std::size_t at) {
    constexpr std::array<std::string_view, 9> units{" ms",   " s",     " seconds", " minutes", " hours",
                                                    " days", " bytes", " times",   " names"};
    constexpr std::size_t longest_ttl = 6, longest = 9;
    const auto length = run_of(text, at, is_digit);
    const auto after = text.substr(at + length);
    if (length == 0 || length > longest || word_begins(after, 0)) return false;
    const auto is_unit = [&](std::string_view unit) {
        return after.starts_with(unit) && !word_begins(after, unit.size());
    };
    const bool has_unit = std::ranges::any_of(units, is_unit);
    return has_unit || (length <= longest_ttl && after.starts_with(' ') && follows_record_type(text, at));
}

bool is_version(std::string_view word) {
    std::array<std::size_t, 2> first{};
    std::size_t groups = 0, longest = 0;
    for (std::size_t begin = 0; begin <= word.size(); ++groups) {
        const auto end = std::min(word.find('.', begin), word.size());
        if (begin == end || run_of(word, begin, is_digit) != end - begin) return false;
        if (groups < 2) first[groups] = end - begin;
        longest = std::max(longest, end - begin);
        begin = end + 1;
    }
    const bool is_object = word.starts_with("1.3.6.1.") || word.starts_with("1.2.840.") ||
                           word.starts_with("2.5.");  // of ASN.1
    if (groups > 4 && !is_object) return false;
    // Builds may have five digits: where a minor number of one digit says that this is a build.
    return longest < 5 || (longest == 5 && groups > 2 && first[0] <= 2 && first[1] == 1);
}

bool is_host_name(std::string_view word) {
    const auto dot = word.rfind('.');
    if (dot == std::string_view::npos || word.find("..") != std::string_view::npos || word.front() == '.') return false;
    const auto last = word.substr(dot + 1);
    return last.size() > 1 &&
           (last.starts_with("xn--") || std::ranges::none_of(last, [](char c) { return is_digit(c) || c == '_'; }));
}

}  // namespace ucsignin::report
