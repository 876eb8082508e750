#include "trace/ascii.hpp"

#include <algorithm>

namespace ucsignin::trace {
namespace {

constexpr char lower_char(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower_char);
    return out;
}

bool same_word(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower_char, lower_char); }

bool starts_with_word(std::string_view text, std::string_view by) { return same_word(text.substr(0, by.size()), by); }

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

bool is_under(std::string_view name, std::string_view domain) {
    if (domain.empty() || name.size() < domain.size()) return false;
    const auto before = name.size() - domain.size();
    return same_word(name.substr(before), domain) && (before == 0 || name[before - 1] == '.');
}

}  // namespace ucsignin::trace
