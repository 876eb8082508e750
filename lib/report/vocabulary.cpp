#include "report/vocabulary.hpp"

#include <algorithm>

namespace ucsignin::report {
namespace {

constexpr std::string_view words[] = {
#include "words.inc"
};

}  // namespace

std::span<const std::string_view> vocabulary() { return words; }

bool is_ours(std::string_view word) { return std::ranges::binary_search(words, word); }

}  // namespace ucsignin::report
