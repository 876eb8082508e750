#include "report/markdown_text.hpp"

#include <algorithm>

#include "trace/ascii.hpp"

namespace ucsignin::report {
namespace {

constexpr std::string_view blanks = " \t\r\n", before = "(\"'", behind = ".,;:!?)\"'";
constexpr std::string_view digits = "0123456789", hex_digits = "0123456789abcdefABCDEF";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_made_of(std::string_view word, std::string_view characters) {
    return word.find_first_not_of(characters) == std::string_view::npos;
}

bool is_letter(char c) { return letters.find(c) != std::string_view::npos; }

// "sign-in", "doesn't", "401", "3500", "w32tm"; no "GH-12", which may refer to something, and no commit.
bool is_plain(std::string_view word) {
    constexpr std::size_t shortest_commit = 7;
    const bool commit = word.size() >= shortest_commit && is_made_of(word, hex_digits);
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool joins = word[i] == '-' || word[i] == '\'';
        const bool joined = joins && i > 0 && i + 1 < word.size() && is_letter(word[i - 1]) && is_letter(word[i + 1]);
        if (!joined && !is_letter(word[i]) && digits.find(word[i]) == std::string_view::npos) return false;
    }
    return !commit || is_made_of(word, letters);
}

std::size_t longest_run(std::string_view text, char of) {
    std::size_t longest = 0, run = 0;
    for (const char c : text) {
        run = c == of ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

std::string word_text(std::string_view word) {
    const auto begin = std::min(word.find_first_not_of(before), word.size());
    const auto last = word.find_last_not_of(behind);
    if (begin == word.size() || last == std::string_view::npos || last < begin) return std::string(word);
    const auto core = word.substr(begin, last + 1 - begin), end = word.substr(last + 1);
    // "1." may begin a list.
    const bool numbers = is_made_of(core, digits) && (end.starts_with('.') || end.starts_with(')'));
    return std::string(word.substr(0, begin)) + (is_plain(core) && !numbers ? std::string(core) : code_span(core)) +
           std::string(end);
}

}  // namespace

std::string code_span(std::string_view text) {
    const std::string fence(longest_run(text, '`') + 1, '`');
    const bool pad = text.empty() || text.front() == '`' || text.back() == '`';
    return fence + (pad ? " " : "") + std::string(text) + (pad ? " " : "") + fence;
}

std::string markdown_text(std::string_view text) {
    std::string out;
    for (std::size_t at = text.find_first_not_of(blanks); at < text.size();) {
        const auto end = std::min(text.find_first_of(blanks, at), text.size());
        out += (out.empty() ? "" : " ") + word_text(text.substr(at, end - at));
        at = text.find_first_not_of(blanks, end);
    }
    return out;
}

std::string code_block(std::string_view lines, std::string_view indent) {
    const std::string fence(std::max<std::size_t>(longest_run(lines, '`') + 1, 3), '`');
    auto out = std::string(indent) + fence + "\n";
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        out += std::string(indent) + std::string(lines.substr(0, end)) + "\n";
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return out + std::string(indent) + fence + "\n";
}

}  // namespace ucsignin::report
