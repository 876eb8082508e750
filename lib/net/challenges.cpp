#include "net/challenges.hpp"

#include <algorithm>

#include "trace/ascii.hpp"

namespace ucsignin::net {
namespace {

constexpr std::size_t most_challenges = 64;
constexpr std::string_view blanks = " \t";

std::size_t past(std::string_view text, std::size_t at, std::string_view set) {
    return std::min(text.find_first_not_of(set, at), text.size());
}

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::size_t past_token(std::string_view text, std::size_t at) {
    while (at < text.size() && is_token_character(text[at])) ++at;
    return at;
}

// Behind the comma that ends an element; commas between quotes belong to a value.
std::size_t end_of_element(std::string_view text, std::size_t at) {
    bool quoted = false;
    for (; at < text.size(); ++at) {
        if (quoted && text[at] == '\\') ++at;
        else if (text[at] == '"') quoted = !quoted;
        else if (text[at] == ',' && !quoted) break;
    }
    return std::min(at, text.size());
}

// "name = value", which goes on with the challenge before; a scheme has a blank or nothing behind it.
bool is_parameter(std::string_view element) {
    const auto name = past_token(element, 0);
    const auto next = past(element, name, blanks);
    return name > 0 && next < element.size() && element[next] == '=';
}

std::string_view without_blanks_behind(std::string_view text) {
    const auto last = text.find_last_not_of(" \t,");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

std::vector<std::string_view> split_challenges(std::string_view list) {
    std::vector<std::string_view> found;
    std::size_t begin = std::string_view::npos;  // of the challenge that is being read
    for (std::size_t at = past(list, 0, " \t,"); at < list.size(); at = past(list, at, " \t,")) {
        const auto end = end_of_element(list, at);
        if (begin == std::string_view::npos) begin = at;
        else if (!is_parameter(list.substr(at, end - at))) {
            found.push_back(without_blanks_behind(list.substr(begin, at - begin)));
            begin = at;
            if (found.size() == most_challenges) return found;
        }
        at = end;
    }
    if (begin != std::string_view::npos) found.push_back(without_blanks_behind(list.substr(begin)));
    return found;
}

std::vector<challenge> read_challenges(const std::vector<std::string>& lines) {
    std::vector<challenge> all;
    for (const auto& line : lines) {
        for (const auto text : split_challenges(line)) {
            const auto scheme = std::min(text.find_first_of(blanks), text.size());
            all.push_back({text.substr(0, scheme), text.substr(past(text, scheme, blanks))});
        }
        if (all.size() >= most_challenges) break;
    }
    return all;
}

const challenge* find_scheme(const std::vector<challenge>& all, std::string_view scheme) {
    const auto wanted = trace::lower(scheme);
    const auto found = std::ranges::find_if(all, [&](const auto& c) { return trace::lower(c.scheme) == wanted; });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace ucsignin::net
