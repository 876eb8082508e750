#pragma once
// The forms that a report comes in: `diagnose --NAME FILE` writes one to a file, `render --format NAME` shows one.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::cmd {

struct form {
    std::string_view name;
    std::string_view help;  // of the option of `diagnose`; empty: it has none, this form is what people see anyway
    std::string (*written)(const report::report&, const report::text_style&);
};

inline constexpr form forms[] = {
    {"text", "", report::to_text},
    {"json", "write the report there; - for standard output",
     [](const report::report& r, const report::text_style&) { return report::to_json(r); }},
    {"markdown", "write it for a ticket: the answer, details folded; - for standard output",
     [](const report::report& r, const report::text_style&) { return report::to_markdown(r); }},
    {"junit", "write it for a CI job: a suite a stage, a case a decision; - for standard output",
     [](const report::report& r, const report::text_style&) { return report::to_junit(r); }},
    {"html", "write the report there as a page for browsers; - for standard output",
     [](const report::report& r, const report::text_style&) { return report::to_html(r); }},
};

// A path a form, in the order of the table; empty: not wanted, "-": standard output.
using form_paths = std::array<std::string, std::size(forms)>;

[[nodiscard]] const form* find_form(std::string_view name);
[[nodiscard]] std::vector<std::string> form_names();
// The form that standard output gets instead of people's text; null when there is none.
[[nodiscard]] const form* form_on_stdout(const form_paths&);
// That no two of them go to one place; otherwise what is wrong.
[[nodiscard]] std::string check_paths(const form_paths&);

}  // namespace ucsignin::cmd
