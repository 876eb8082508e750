#include "near.hpp"

#include <algorithm>
#include <utility>

namespace ucsignin::cmd {
namespace {

constexpr std::size_t longest_word = 64, most_named = 3;

// A third of the letters may be wrong, three at most; of a word of two letters none.
std::size_t most_errors(std::string_view word) { return std::min<std::size_t>(word.size() / 3, 3); }

}  // namespace

// Three rows of the usual table, the third for swapped neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::exchange(above, row);
    }
    return above[b.size()];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
    if (word.empty() || word.size() > longest_word) return {};
    std::vector<std::pair<std::size_t, std::string>> found;
    for (const auto& one : known) {
        const auto errors = edit_distance(word, one);
        if (errors <= most_errors(word)) found.emplace_back(errors, one);
        else if (word.size() > 2 && one.find(word) != std::string::npos)
            found.emplace_back(longest_word + one.size(), one);
    }
    std::ranges::sort(found);
    std::vector<std::string> names;
    for (const auto& [errors, one] : found)
        if (names.size() < most_named) names.push_back(one);
    return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const auto names = nearest(word, known);
    if (names.empty()) return {};
    std::string out = "Did you mean " + names.front();
    for (std::size_t i = 1; i < names.size(); ++i) out += (i + 1 == names.size() ? " or " : ", ") + names[i];
    return out + "?\n";
}

}  // namespace ucsignin::cmd
