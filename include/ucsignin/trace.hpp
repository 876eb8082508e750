#pragma once
// The trace: what was asked, what was answered, what was chosen, and when.
// Plain data (`record`) that every consumer reads, and the live `recorder` that producers write to.
// A span cannot be written without a node of the chart: node ids are checked when compiling.

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ucsignin/chart.hpp"

namespace ucsignin::trace {

enum class outcome { ok, warning, failed, expected, not_run, unknown, broken };
enum class not_run_reason { none, not_reached, not_applicable, not_implemented, switched_off, interrupted, not_in_log };
// What a value is, which decides how it is masked and escaped.
enum class value_kind { host, sip_uri, address, dn, url, text, number, code, time };
enum class provenance { ours, server, user, system };

[[nodiscard]] std::string_view to_string(outcome);
[[nodiscard]] std::string_view to_string(not_run_reason);
[[nodiscard]] std::string_view to_string(value_kind);
[[nodiscard]] std::string_view to_string(provenance);
[[nodiscard]] std::optional<outcome> outcome_from(std::string_view);
[[nodiscard]] std::optional<not_run_reason> not_run_reason_from(std::string_view);
[[nodiscard]] std::optional<value_kind> value_kind_from(std::string_view);
[[nodiscard]] std::optional<provenance> provenance_from(std::string_view);

using value = std::variant<bool, std::int64_t, double, std::string>;

// One name of the evidence registry (lib/trace/evidence.hpp). Secrets have no name there: they can't be noted.
struct evidence_name {
    std::string_view name;  // dotted, as OpenTelemetry spells it where it has a name for the thing
    value_kind kind;
    provenance from;        // who says so, unless the caller knows better
    std::string_view unit;  // "ms", "s", "bytes", "" for none
    std::string_view doc;   // one line for the person who reads the report
};

struct evidence {
    std::string name;
    trace::value value;
    value_kind kind;
    provenance from;
};

enum class verdict { chosen, passed_over, failed, not_tried };
[[nodiscard]] std::string_view to_string(verdict);
[[nodiscard]] std::optional<verdict> verdict_from(std::string_view);

struct considered {
    std::string option;
    trace::verdict verdict;
    std::string why;
};

// The question, every option that was looked at, and why each was taken or passed over.
struct decision {
    std::string question;
    std::vector<trace::considered> considered;
    std::string chosen;
};

// A visit to a chart node. Times are milliseconds with fractions on one monotonic clock that starts with the run.
struct span {
    std::string span_id;         // 16 hex digits, as in OpenTelemetry
    std::string parent_span_id;  // empty at the top
    std::string node;
    int stage = 0;
    std::string subject;  // host, record or address when a node is visited more than once; else empty
    double start_ms = 0;
    double duration_ms = 0;
    trace::outcome outcome = outcome::unknown;
    not_run_reason reason = not_run_reason::none;
    std::string branch;   // the chart branch taken; empty when not run
    std::string summary;  // one line for people
    std::optional<trace::decision> decision;
    std::vector<trace::evidence> evidence;
    std::vector<std::string> waited_for;  // ids of the spans whose answers this one needed

    [[nodiscard]] const trace::evidence* find(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;  // "" when absent
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    [[nodiscard]] bool is(std::string_view name) const;                         // true only for a noted true
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;  // a name may be noted repeatedly
};

// All that a run left behind, in the order in which spans ended. Later spans on the same node and subject supersede.
struct record {
    std::string trace_id;    // 32 hex digits
    std::string started_at;  // RFC 3339, UTC
    double duration_ms = 0;
    std::vector<span> spans;

    [[nodiscard]] const span* latest(std::string_view node) const;
    [[nodiscard]] const span* latest(std::string_view node, std::string_view subject) const;
    [[nodiscard]] std::vector<const span*> all(std::string_view node) const;  // the latest per subject, in order
};

// The chain of spans that made `last` end when it did, the first first: from each one back to that of those it waited
// for which ended last. A pure function of what `waited_for` says; ends where nothing more is known.
[[nodiscard]] std::vector<const span*> critical_path(const record& of, const span& last);

class recorder;
class redaction;

// An open span. Ends with finish() or not_run(); one that is destroyed while open was interrupted.
class scope {
public:
    scope() = default;
    scope(scope&&) noexcept;
    scope& operator=(scope&&) noexcept;
    ~scope();

    [[nodiscard]] scope open(chart::node_ref node, std::string subject = {});
    scope& note(const evidence_name& name, trace::value what);
    scope& note(const evidence_name& name, trace::value what, provenance from);
    scope& decide(trace::decision decision);
    // That this one needed the answer of another; each counts once, and "" is nobody.
    scope& wait_for(std::string_view span_id);
    // The last visit to a node (on this subject) that has ended, if there was one.
    scope& wait_for_latest(chart::node_ref node);
    scope& wait_for_latest(chart::node_ref node, std::string_view subject);
    // Throws std::logic_error when the chart's node has no such branch: a bug, never the network's doing.
    void finish(std::string_view branch, outcome how, std::string summary);
    void not_run(not_run_reason why, std::string summary);
    [[nodiscard]] bool is_open() const { return recorder_ != nullptr; }
    [[nodiscard]] const std::string& span_id() const { return span_id_; }
    [[nodiscard]] double started_ms() const { return start_ms_; }

private:
    friend class recorder;
    recorder* recorder_ = nullptr;
    std::list<span>::iterator at_;  // of what the recorder holds, while it is open
    std::string span_id_;
    double start_ms_ = 0;
};

// Collects spans of one run. Written from the sign-in's strand only; snapshot() may be called from any thread, also
// while that strand is busy.
class recorder {
public:
    using clock = std::function<double()>;              // milliseconds since the run began
    using listener = std::function<void(const span&)>;  // called as each span ends

    recorder(std::string trace_id, std::string started_at, clock now_ms);
    ~recorder();
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    // What no text of the trace may hold from now on: a password in whatever spelling, or a run of characters of
    // something longer. Servers send back what they were sent.
    void hide(std::string_view secret);
    void hide_parts(std::string_view secret);

    [[nodiscard]] scope open(chart::node_ref node, std::string subject = {}, std::string_view parent_span_id = {});
    void not_run(chart::node_ref node, not_run_reason why, std::string summary, std::string subject = {});
    // What the listener throws comes out of whatever ended the span; it is not called again then.
    void listen(listener heard) { heard_ = std::move(heard); }
    // What it threw where nothing could come out: in the destructor of a span that was interrupted.
    [[nodiscard]] const std::exception_ptr& bug() const { return bug_; }
    [[nodiscard]] bool visited(std::string_view node) const;
    [[nodiscard]] double now_ms() const { return now_ms_(); }
    // What has ended so far; from the strand that writes.
    [[nodiscard]] const record& so_far() const { return record_; }
    // A copy of everything, as a whole report needs it: what is open counts as interrupted.
    [[nodiscard]] record snapshot() const;
    // Closes the run: every chart node that was not visited is written as not_run (not_implemented or not_reached).
    [[nodiscard]] record finish();

private:
    friend class scope;
    [[nodiscard]] span begin(const chart::node& node, std::string_view parent_span_id = {}) const;
    void close(
        std::list<span>::iterator at, outcome how, not_run_reason why, std::string_view branch, std::string summary);
    void add_unvisited(record& to) const;
    [[nodiscard]] std::string clean(std::string text) const;

    mutable std::mutex mutex_;  // guards what snapshot() reads: spans, and what open ones hold
    record record_;
    std::list<span> open_;
    std::unique_ptr<redaction> hidden_;
    clock now_ms_;
    listener heard_;
    std::exception_ptr bug_;
    mutable std::atomic<std::uint64_t> next_id_;
};

}  // namespace ucsignin::trace
