#pragma once
// What a report says in the end, as a value: what happened, why, how one knows, and who does what. Whatever people read
// is a rendering of it.

#include <optional>
#include <string>
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
    std::vector<explained> causes;  // nobody is signed in: why, in the order in which to fix it
    std::vector<explained> losses;  // somebody is: what was lost all the same
    std::optional<unexplained_stop> unexplained;  // it stopped, and no rule explains why
};

[[nodiscard]] answer answer_of(const report&);
// The last block of the terminal report.
[[nodiscard]] std::string to_text(const answer&, const text_style&);

}  // namespace ucsignin::report
