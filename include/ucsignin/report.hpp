#pragma once
// Reports: pure functions of trace and diagnosis. The JSON report holds all there is.

#include <compare>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ucsignin/diagnosis.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::report {

// A finding by its name.
struct finding_name {
    std::string id, subject;
    friend auto operator<=>(const finding_name&, const finding_name&) = default;
};

struct report {
    std::string tool_name = "ucsignin", tool_version, tool_commit, platform;
    std::string run_id;
    std::string mode = "live";                                 // live, lab, log
    std::vector<std::pair<std::string, std::string>> options;  // without secrets
    diagnosis::facts facts;
    trace::record trace;
    diagnosis::verdict verdict;
    std::set<finding_name> ignored;  // of the verdict's findings: they don't count for --fail-on
};

// What makes a run fail although nothing stopped it: a finding of this severity or a worse one, unless it is ignored.
struct policy {
    std::optional<diagnosis::severity> fail_on;  // nothing: what the report's own option "fail-on" says
    struct ignored {
        std::string id;
        std::optional<std::string> subject;  // nothing: any
    };
    std::vector<ignored> ignore;
};
// Marks what is ignored, beside what was, and puts exit code 2 in the place of 0, or takes it away. Other codes stay.
void apply(const policy&, report&);
// The findings for which the exit code is 2; none when it is another.
[[nodiscard]] std::vector<finding_name> counted_as_failed(const report&);
[[nodiscard]] bool is_ignored(const report&, const diagnosis::finding&);

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

// For a ticket: the answer first, what it rests on folded below; at most 60,000 bytes. No text of a server can be taken
// for markup.
[[nodiscard]] std::string to_markdown(const report&);
// For a CI job: a suite a stage, a case a decision (the last visit of a node and subject). A finding of severity
// failure fails a case, one of severity warning where the report's --fail-on says so; what is ignored is skipped, and
// so is what did not run. When the exit code is not 0, at least one case is failed or in error.
[[nodiscard]] std::string to_junit(const report&);
// One page that needs no network: the answer, then chart, timeline, messages, decisions, tables and every step, linked.
[[nodiscard]] std::string to_html(const report&);

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
