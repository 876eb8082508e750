#pragma once
// The words that a masked report may keep: those of the program's own texts, and those that protocols and products gave
// to things (known_words.txt). Both are public, so that none of them tells whose report it is. The list is made when
// building, from the sources: a new sentence of ours brings its words along.

#include <span>
#include <string_view>

namespace ucsignin::report {

[[nodiscard]] bool is_ours(std::string_view word);             // as it is written: "Page" is not "page"
[[nodiscard]] std::span<const std::string_view> vocabulary();  // in the order of bytes

}  // namespace ucsignin::report
