#pragma once
// The last block of the terminal report: what happened, why, how one knows, and who does what.

#include <string>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

// One sentence, without a line break: "alice@contoso.example could not sign in: ...", "Signed in as ...".
[[nodiscard]] std::string headline(const report&);
[[nodiscard]] std::string answer(const report&, const text_style&);

}  // namespace ucsignin::report
