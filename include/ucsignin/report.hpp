#pragma once
// Reports: pure functions of trace and diagnosis. The JSON report holds all there is.

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ucsignin/diagnosis.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::report {

struct report {
    std::string tool_name = "ucsignin", tool_version, tool_commit, platform;
    std::string run_id;
    std::string mode = "live";                                 // live, lab, log
    std::vector<std::pair<std::string, std::string>> options;  // without secrets
    diagnosis::facts facts;
    trace::record trace;
    diagnosis::verdict verdict;
};

// "format": "ucsignin-report/1"
[[nodiscard]] std::string to_json(const report&);

// Bounds of what is read, so that reading costs less than 128 MB: a report of a long run has about 200 kB.
inline constexpr std::size_t most_bytes = 8u << 20;

struct read_error {
    std::size_t offset = 0;  // of the JSON text, 0 when the text parses and a member is wrong
    std::string where;       // JSON pointer
    std::string what;
};
[[nodiscard]] std::expected<report, read_error> from_json(std::string_view json);

struct text_style {
    bool colour = false;
    int columns = 80;
    bool verbose = false;  // every span with its evidence
    bool cut_lines =
        true;  // live lines end at that width; false where no terminal breaks them (a pipe, a CI job's log)
};
// One line for a span that just ended; empty when it is not worth one (not_run, unless verbose).
[[nodiscard]] std::string live_line(const trace::span&, const text_style&);
// The summary by stage, and as its last block the answer: what is wrong, how one knows, who does what.
[[nodiscard]] std::string to_text(const report&, const text_style&);

// Broken at spaces; `first` and `rest` begin the first line and the others. A word longer than the line stays whole, so
// that names and commands can be copied. Ends in a newline; empty text gives nothing.
[[nodiscard]] std::string wrapped(std::string_view text, std::string_view first, std::string_view rest, int columns);

// The same report for people who may not know whose it was. Users, hosts, addresses, certificates' names, adapters,
// telephone numbers and GUIDs are replaced, each by the same pseudonym wherever it stands, so that the structure stays
// readable (user1@domain1.example, sip.domain1.example, 192.0.2.1, 10.0.0.1 for a private address, phone1). Of all
// other text those words stay that are the program's own or the protocols', and numbers below five digits; the rest
// becomes "***". Kept: node ids, branches, codes, versions, loopback, times, names of Microsoft's public services.
// Masking again changes nothing.
[[nodiscard]] report mask(report);

}  // namespace ucsignin::report
