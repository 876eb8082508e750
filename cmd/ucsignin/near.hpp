#pragma once
// "Did you mean ...?" for a word that is none of those that are known.

#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::cmd {

// Letters to insert, leave out, replace or swap with their neighbour until one is the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// Those that a typing error leads from, nearest first, three at most; and those that the word is a part of.
[[nodiscard]] std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

// "Did you mean a, b or c?" with a line end; empty when nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace ucsignin::cmd
