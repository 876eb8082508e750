#pragma once
// Text for terminals. Widths are columns: a letter takes one, a combining mark none, an ideograph two.

#include <string>
#include <string_view>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

[[nodiscard]] std::size_t width(std::string_view text);
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);  // to the left; never cut
[[nodiscard]] std::string cut(std::string_view text, std::size_t columns);     // "..." stands for what is left out
// What a span says, with the title of its node before it unless the summary begins with that.
[[nodiscard]] std::string fact_text(const trace::span&);
[[nodiscard]] std::string duration_text(double ms);  // "12 ms", "1.23 s"
[[nodiscard]] std::string clock_text(double ms);     // "+0.123s"
// "ok", "warning", "FAILED"...: as people read an outcome.
[[nodiscard]] std::string_view outcome_text(trace::outcome);
[[nodiscard]] std::string coloured(std::string_view text, trace::outcome, const text_style&);
[[nodiscard]] std::string bold(std::string_view text, const text_style&);

}  // namespace ucsignin::report
