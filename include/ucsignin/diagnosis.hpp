#pragma once
// The judge: trace in, findings and root cause out. Pure: it opens no socket and reads no clock, so that the same code
// judges a live run, a client's log and a report from last year.

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ucsignin/trace.hpp"

namespace ucsignin::diagnosis {

enum class severity { failure, warning, info };  // failure: sign-in or a function of it is lost
enum class certainty { certain, likely, possible };
[[nodiscard]] std::string_view to_string(severity);
[[nodiscard]] std::string_view to_string(certainty);

struct remedy {
    std::string who;  // "user", "DNS admin", "SfB admin", "network admin", "PKI admin", "reverse-proxy admin", "desktop
                      // support"
    std::string text;   // what to do, with this run's names filled in
    std::string check;  // a command that shows it, with this run's names filled in; may be empty
};

struct ruled_out {
    std::string id;  // a look-alike
    std::string by;  // the evidence that speaks against it
};

// What made a finding certain: an evidence name, and the step that bears it. Empty for what is not certain.
struct deciding {
    std::string span_id, evidence;
};

struct finding {
    std::string id;  // of the catalogue
    diagnosis::severity severity = severity::failure;
    int stage = 0;        // where it was seen
    std::string subject;  // host, record, account...
    diagnosis::certainty certainty = certainty::certain;
    std::string title;                  // one line, with this run's names
    std::string explanation;            // what it means, for somebody who has not read the trace
    std::vector<std::string> evidence;  // span ids
    std::vector<diagnosis::ruled_out> ruled_out;
    std::vector<diagnosis::remedy> remedies;
    deciding decided_by;
};

struct root_cause {
    std::string id, subject;
    diagnosis::certainty certainty;
};

struct verdict {
    bool signed_in = false;
    int stage_reached = 1;
    std::string stopped_at;         // node id, empty when signed in
    std::string stopped_candidate;  // the candidate that came furthest, empty when there was none
    int exit_code = 0;
    std::vector<root_cause> root_causes;  // in the order in which to fix them
    std::vector<finding> findings;        // root causes first, then by severity
};

struct facts {
    std::string sip_uri;       // "sip:alice@contoso.example"
    std::string login;         // when it differs
    bool interrupted = false;  // before there was a result
    std::string cut_short;     // after it: "interrupted" or "out of time"; a second look or signing out is incomplete
    int until_stage = 5;       // --until
    bool publish = true;       // --no-publish clears it
    std::string fault;         // a bug of this program that ended the run: exit code 70
};

// Not signed in: the root causes explain stopped_at; none when no rule does (open_questions() says what would tell). A
// step that failed without deciding is a warning.
// Signed in: the root causes are the findings of severity failure (what the user lost), so exit code 0 may carry some.
// --until below 5: when everything up to that stage went well, signed_in is false, stopped_at and root_causes are empty
// and the exit code is 0; otherwise as for a whole run. Interrupted before a result: exit code 130, and root causes
// only if a step had failed by then. Exit code 10 only when no adapter has a route and neither a resolver nor a server
// answered. Bounded by itself: one pass over the trace, some ten microseconds a span (under 0.5 s for 40,000), and at
// most 512 visits of a node are explained one by one; findings say how many were left out.
[[nodiscard]] verdict judge(const trace::record&, const facts&);

// Which observation would decide between look-alikes that remain. A live run makes those that have a `probe` (a word of
// the evidence ucsignin.probe) in a second round and is judged again; for logs and old reports all of them are advice.
// What the trace has looked at already (the cross_check nodes) is no open question.
struct open_question {
    std::string finding_id;  // empty: of the stop itself, which no finding explains
    std::string subject;     // of the finding: name, record or server
    std::string probe;       // empty: only people can look
    std::string observation;
    std::string why;
};
[[nodiscard]] std::vector<open_question> open_questions(const trace::record&, const verdict&);

// How a finding stands to the others of a run.
struct standing {
    bool clock_explains = false;  // a wrong clock makes it look so, and is mended first
    int before_servers = 0;  // without a server to try, the lowest of those found is the cause; 0: it is no such cause
    bool lost_while_signed_in = false;  // it takes something away although the sign-in went on
};

// What decides for a finding, and how: one of these observations, on a step that is its evidence. Without any it is
// never certain, and `because` says what else looks the same.
struct grounds {
    std::string_view because;
    std::array<const trace::evidence_entry*, 5> any_of;  // null behind the last
    [[nodiscard]] constexpr bool can_decide() const { return any_of[0] != nullptr; }
};

inline constexpr std::size_t most_look_alikes = 5;

// The catalogue of findings, as data. Texts may hold {placeholders} that are filled from the run.
struct catalogue_entry {
    std::string_view id;
    int stage;
    diagnosis::severity severity;
    diagnosis::grounds grounds;
    std::string_view title;    // one line
    std::string_view meaning;  // what is wrong, in a few sentences
    std::string_view who;      // who fixes it
    std::string_view remedy;
    std::string_view check;                                           // commands to see it oneself
    std::string_view look_alikes;                                     // what it is not, and how to tell
    std::array<std::string_view, most_look_alikes> look_alike_ids{};  // those of them that have an entry; "" behind
    diagnosis::standing standing{};
};
[[nodiscard]] std::span<const catalogue_entry> catalogue();
[[nodiscard]] const catalogue_entry* find_entry(std::string_view id);
// `ucsignin explain ID`: the entry as text, at most 80 columns.
[[nodiscard]] std::string explain(const catalogue_entry&);

}  // namespace ucsignin::diagnosis
