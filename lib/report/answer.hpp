#pragma once
// What a report says in the end, as a value: what happened, why, how one knows, and who does what. Whatever people read
// is a rendering of it.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/report.hpp"

namespace ucsignin::report {

struct seen_fact {
    std::string span_id;
    std::string text;
    double at_ms = 0;  // when the step ended
};

struct explained {  // by a finding
    std::string id, subject;
    std::string title, explanation;
    diagnosis::certainty certainty = diagnosis::certainty::certain;
    std::vector<seen_fact> evidence;
    std::vector<diagnosis::ruled_out> ruled_out;
    std::vector<diagnosis::open_question> open;  // what would tell for sure; none when it is certain
    std::vector<diagnosis::remedy> remedies;
    std::string decided_by, certain_because;  // an evidence name, and how it excludes what looks the same
    bool ignored = false;                     // by --ignore
    // The message in which one sees it, by its place: of the first step of its evidence that failed, or else of the
    // step that decided, or of any other; of such a step, or of what it waited for, the last that came, or that was
    // sent if none came.
    std::optional<std::size_t> message;
};

struct unexplained_stop {
    std::string node, title;                     // where: id and title on the chart
    std::string seen;                            // what the step said; may be empty
    std::vector<diagnosis::open_question> open;  // what nobody has looked at yet
};

struct answer {
    // One sentence, without a line break: "alice@contoso.example could not sign in: ...", "Signed in as ...".
    std::string headline;
    std::string cut_short;          // the result stands, but something after it is incomplete; may be empty
    std::string fault;              // what to do about a bug of ours that ended the run; may be empty
    std::string counted;            // the findings for which --fail-on lets the run fail; empty where it does not
    std::vector<explained> causes;  // nobody is signed in: why, in the order in which to fix it
    std::vector<explained> losses;  // somebody is: what was lost all the same
    std::optional<unexplained_stop> unexplained;  // it stopped, and no rule explains why
};

[[nodiscard]] answer answer_of(const report&);
[[nodiscard]] std::string certainty_text(diagnosis::certainty);
// A line for each finding that is no root cause, as "warning: ... (id)".
[[nodiscard]] std::vector<std::string> further_findings(const report&, bool also_info);
// All findings, in the report's order.
[[nodiscard]] std::vector<explained> explain_findings(const report&);
// "tls-expired, certain", "..., ignored".
[[nodiscard]] std::string name_text(const explained&);
// The step with which the result was there: at which it stopped, or by which the user was signed in. Null when there is
// none.
[[nodiscard]] const trace::span* ending_span(const report&);
// The last block of the terminal report.
[[nodiscard]] std::string to_text(const answer&, const text_style&);
// One of its causes.
[[nodiscard]] std::string to_text(const explained&, std::string_view label, const text_style&);
// The same in words that each form lays out in its way. How one knows: a line an observation. What nobody has looked at
// yet and would tell. Who does what, without the command that shows it.
[[nodiscard]] std::vector<std::string> known_by(const explained&);
[[nodiscard]] std::vector<std::string> seen_at(const unexplained_stop&);
[[nodiscard]] std::string question_text(const diagnosis::open_question&);
[[nodiscard]] std::string remedy_text(const diagnosis::remedy&);
// "Cause", "Cause 1 of 2".
[[nodiscard]] std::string cause_label(std::size_t place, std::size_t count);
inline constexpr std::string_view known_by_heading = "How we know", settled_by_heading = "What would settle it",
                                  shown_by_heading = "What would show more", remedies_heading = "What to do",
                                  further_heading = "Also noticed",
                                  all_is_in_json = "The JSON report (--json FILE) holds all that was seen.";

}  // namespace ucsignin::report
