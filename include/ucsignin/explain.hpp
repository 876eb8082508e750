#pragma once
// The catalogue of findings for programs, and as a page for browsers.

#include <span>
#include <string>

#include "ucsignin/diagnosis.hpp"

namespace ucsignin::report {

// `ucsignin explain --format json`: an entry as an object, all of them as a list. Texts hold {placeholders} for what a
// run fills in.
[[nodiscard]] std::string explain_as_json(const diagnosis::catalogue_entry&);
[[nodiscard]] std::string explain_as_json(std::span<const diagnosis::catalogue_entry>);
// `ucsignin explain --format html`: a page without a script that needs no network. Each entry has its id as its anchor,
// and the others that it names are links.
[[nodiscard]] std::string explain_as_html(std::span<const diagnosis::catalogue_entry>);

}  // namespace ucsignin::report
