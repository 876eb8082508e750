#pragma once
// The catalogue of findings for programs.

#include <span>
#include <string>

#include "ucsignin/diagnosis.hpp"

namespace ucsignin::report {

// `ucsignin explain --format json`: an entry as an object, all of them as a list. Texts hold {placeholders} for what a
// run fills in.
[[nodiscard]] std::string explain_as_json(const diagnosis::catalogue_entry&);
[[nodiscard]] std::string explain_as_json(std::span<const diagnosis::catalogue_entry>);

}  // namespace ucsignin::report
