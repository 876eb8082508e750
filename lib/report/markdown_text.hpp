#pragma once
// Text within Markdown that no renderer takes for markup, whoever wrote it. Words of letters or digits, with the
// punctuation of sentences around them, stay as they are; every other word becomes a code span, in which nothing means
// anything: names of hosts, addresses and URLs read well as such, and no emphasis, link, image, mention, reference,
// table, list or HTML can begin.

#include <string>
#include <string_view>

namespace ucsignin::report {

// On one line.
[[nodiscard]] std::string markdown_text(std::string_view text);
[[nodiscard]] std::string code_span(std::string_view text);
// Its lines as they are, each behind `indent`. Ends in a newline.
[[nodiscard]] std::string code_block(std::string_view lines, std::string_view indent);

}  // namespace ucsignin::report
