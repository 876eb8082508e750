// A body of megabytes is walked once; parts are views into it.
#include "sip/multipart.hpp"

#include <algorithm>

#include "sip/lexical.hpp"

namespace ucsignin::sip {
namespace {

constexpr std::size_t longest_boundary = 70;  // RFC 2046, 5.1.1
constexpr std::size_t most_parts = 4000;      // a contact each

// Takes the next line off, without its end.
std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// "--boundary" of the first delimiter line; `rest` goes on behind it.
std::string_view first_delimiter(std::string_view& rest) {
    while (!rest.empty()) {
        const auto line = trim(take_line(rest));
        if (line.starts_with("--") && line.size() > 2 && line.size() <= longest_boundary + 2) return line;
        if (line.starts_with('<')) return {};
    }
    return {};
}

body_part read_part(std::string_view text) {
    body_part part;
    while (!text.empty()) {
        const auto line = take_line(text);
        if (trim(line).empty()) break;
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
        if (same_word(name, "Content-Type")) part.type = lower(trim(value.substr(0, value.find(';'))));
        if (same_word(name, "Content-ID")) {
            const bool bracketed = value.starts_with('<') && value.ends_with('>');
            part.id = bracketed ? value.substr(1, value.size() - 2) : value;
        }
    }
    part.text = text;
    return part;
}

// Where the next delimiter line begins that has this text; the end, when there is none.
std::size_t next_delimiter(std::string_view in, std::string_view delimiter) {
    for (std::size_t from = 0;;) {
        const auto at = in.find(delimiter, from);
        if (at == std::string_view::npos || at == 0 || in[at - 1] == '\n') return std::min(at, in.size());
        from = at + delimiter.size();
    }
}

}  // namespace

std::vector<body_part> body_parts(std::string_view body) {
    std::vector<body_part> parts;
    if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
    const auto delimiter = first_delimiter(body);
    if (delimiter.empty()) return parts;
    while (!body.empty() && parts.size() < most_parts) {
        const auto end = next_delimiter(body, delimiter);
        parts.push_back(read_part(body.substr(0, end)));
        body.remove_prefix(end);
        if (trim(take_line(body)).starts_with(std::string(delimiter) + "--")) break;
    }
    return parts;
}

std::string_view first_document(std::string_view body) {
    const auto parts = body_parts(body);
    const auto full = std::ranges::find_if(parts, [](const body_part& one) { return !trim(one.text).empty(); });
    if (full != parts.end()) return full->text;
    return parts.empty() ? body : std::string_view{};
}

}  // namespace ucsignin::sip
