#pragma once
// What every decision of the trace has in common, whoever takes it: a question, its options, a bound. Pure but for
// tell().

#include <string>
#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

inline constexpr std::size_t most_options = 32;

// A decision in which the options that have the verdict `chosen` are the choice.
[[nodiscard]] trace::decision decided(std::string question, std::vector<trace::considered> options);

// The same with so many options at most: those that were chosen first of all, and then how many more there were.
[[nodiscard]] trace::decision bounded(trace::decision of, std::size_t most = most_options);

// Writes it down, bounded. Where there was one option only, nothing was decided, and nothing is written.
void tell(trace::scope& span, trace::decision of);

}  // namespace ucsignin::signin
