#pragma once
// The trace: what was asked, what was answered, what was chosen, and when.
// Plain data (`record`) that every consumer reads, and the live `recorder` that producers write to.
// A span cannot be written without a node of the chart: node ids are checked when compiling.

#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "ucsignin/chart.hpp"
#include "ucsignin/evidence.hpp"

namespace ucsignin::trace {

enum class outcome { ok, warning, failed, expected, not_run, unknown, broken };
enum class not_run_reason { none, not_reached, not_applicable, not_implemented, switched_off, interrupted, not_in_log };

[[nodiscard]] std::string_view to_string(outcome);
[[nodiscard]] std::string_view to_string(not_run_reason);
[[nodiscard]] std::optional<outcome> outcome_from(std::string_view);
[[nodiscard]] std::optional<not_run_reason> not_run_reason_from(std::string_view);

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

    [[nodiscard]] bool is_at(chart::node_ref where) const { return node == where->id; }
    [[nodiscard]] const trace::evidence* find(std::string_view name) const;
    [[nodiscard]] bool has(const evidence_entry& e) const { return find(e.name) != nullptr; }
    // The first value under a name; a value of another type, as a report from elsewhere may hold, is none.
    [[nodiscard]] std::string text(const evidence_name<std::string>&) const;  // "" when absent
    template <const auto& Words>
    [[nodiscard]] told_word<Words> word(const evidence_name<code_word<Words>>& name) const {
        return told_word<Words>(text_in(find(name.name)));
    }
    template <const auto& Words>
    [[nodiscard]] std::vector<told_word<Words>> words(const evidence_name<code_word<Words>>& name) const {
        std::vector<told_word<Words>> all;
        for (const auto& e : evidence)
            if (e.name == name.name) all.emplace_back(text_in(&e));
        return all;
    }
    [[nodiscard]] std::optional<std::int64_t> number(const evidence_name<std::int64_t>&) const;
    [[nodiscard]] std::optional<double> number(const evidence_name<double>&) const;
    [[nodiscard]] bool is(const evidence_name<bool>&) const;  // true only for a noted true
    [[nodiscard]] std::vector<std::string> texts(const evidence_name<std::string>&) const;  // all of them
    // Each group that holds a value of this name, in the order in which it was begun. A value on its own is one.
    [[nodiscard]] std::vector<values> together(const evidence_entry& with) const;
};

// How much of what goes over the wire is kept: nothing, start lines, headers as well, bodies as well.
enum class message_detail { none, summary, headers, bodies };
enum class direction { sent, received };
[[nodiscard]] std::string_view to_string(direction);
[[nodiscard]] std::optional<direction> direction_from(std::string_view);

struct message_end {
    std::string role;  // client, resolver, autodiscover, web_service, registrar, proxy
    std::string host, address;
};

struct message_header {
    std::string name, value;
};

struct message_body {
    std::string type;  // media type
    std::int64_t bytes = 0;
    std::optional<std::string> text;  // what of it may be kept, if bodies are
};

// One message as it went over the wire, without its secrets: in their place stands what they are and how long.
struct message {
    double time_ms = 0;
    trace::direction direction = trace::direction::sent;
    message_end from, to;
    std::string protocol;  // DNS, TLS, HTTP, SIP
    std::string span_id;   // of the step that was under way, where one alone comes into question; else empty
    std::string start_line;
    std::vector<message_header> headers;
    message_body body;
};

inline constexpr std::size_t most_messages = 2000, most_message_bytes = 256 * 1024;

// All that a run left behind, in the order in which spans ended. Later spans on the same node and subject supersede.
struct record {
    std::string trace_id;    // 32 hex digits
    std::string started_at;  // RFC 3339, UTC
    double duration_ms = 0;
    std::vector<span> spans;
    std::vector<message> messages;       // in the order in which they went and came
    std::int64_t messages_left_out = 0;  // further ones, for which there was no room

    [[nodiscard]] const span* latest(chart::sought_node) const;
    [[nodiscard]] const span* latest(chart::sought_node, std::string_view subject) const;
    [[nodiscard]] std::vector<const span*> all(chart::sought_node) const;  // the latest per subject, in order
};

// The chain of spans that made `last` end when it did, the first first: from each one back to that of those it waited
// for which ended last. A pure function of what `waited_for` says; ends where nothing more is known.
[[nodiscard]] std::vector<const span*> critical_path(const record& of, const span& last);

class recorder;
class redaction;
class scope;

// Notes values that belong together, while the span is open.
class together {
public:
    template <class T, value_for<T> V>
    together& note(const evidence_name<T>& name, V&& what) {
        return note(name, std::forward<V>(what), name.from);
    }
    template <class T, value_for<T> V>
    together& note(const evidence_name<T>& name, V&& what, provenance from) {
        return write(name, T(std::forward<V>(what)), from);
    }
    template <const auto& Words>
    together& note(const evidence_name<code_word<Words>>& name, std::type_identity_t<code_word<Words>> word) {
        return write(name, std::string(word.word()), name.from);
    }
    together& note(fact one) { return write(*one.name, std::move(one.value), one.name->from); }

private:
    friend class scope;
    together(scope& to, int group) : to_(to), group_(group) {}
    together& write(const evidence_entry& name, trace::value what, provenance from);
    scope& to_;
    int group_;
};

template <int Node>
class scope_of;
// The span of one node: scope_at<"connection.tcp">.
template <chart::word Node>
using scope_at = scope_of<chart::place_of<Node>()>;

// An open span. Ends with finish() or not_run(); one that is destroyed while open was interrupted.
class scope {
public:
    scope() = default;
    scope(scope&&) noexcept;
    scope& operator=(scope&&) noexcept;
    ~scope();

    template <chart::word Node>
    [[nodiscard]] scope_at<Node> open(std::string subject = {});
    template <class T, value_for<T> V>
    scope& note(const evidence_name<T>& name, V&& what) {
        return note(name, std::forward<V>(what), name.from);
    }
    template <class T, value_for<T> V>
    scope& note(const evidence_name<T>& name, V&& what, provenance from) {
        return write(name, T(std::forward<V>(what)), from);
    }
    template <const auto& Words>
    scope& note(const evidence_name<code_word<Words>>& name, std::type_identity_t<code_word<Words>> word) {
        return write(name, std::string(word.word()), name.from);
    }
    scope& note(fact one) { return write(*one.name, std::move(one.value), one.name->from); }
    // What is noted to it belongs together, apart from what is noted to another.
    [[nodiscard]] trace::together group() { return {*this, ++groups_}; }
    scope& decide(trace::decision decision);
    // That this one needed the answer of another; each counts once, and "" is nobody.
    scope& wait_for(std::string_view span_id);
    // The last visit to a node (on this subject) that has ended, if there was one.
    scope& wait_for_latest(chart::node_ref node);
    scope& wait_for_latest(chart::node_ref node, std::string_view subject);
    // For a span whose node is known at run time only. Throws std::logic_error when that node has no such branch: a
    // bug, never the network's doing.
    void finish(chart::branch_ref branch, outcome how, std::string summary);
    void not_run(not_run_reason why, std::string summary);
    [[nodiscard]] bool is_open() const { return recorder_ != nullptr; }
    [[nodiscard]] const std::string& span_id() const { return span_id_; }
    [[nodiscard]] double started_ms() const { return start_ms_; }

private:
    friend class recorder;
    friend class together;
    scope& write(const evidence_entry& name, trace::value what, provenance from, int group = 0);
    recorder* recorder_ = nullptr;
    std::list<span>::iterator at_;  // of what the recorder holds, while it is open
    std::string span_id_;
    double start_ms_ = 0;
    int groups_ = 0;  // that were begun
};

// An open span at a node that is named in code: its branches are checked when compiling.
template <int Node>
class scope_of : public scope {
public:
    scope_of() = default;
    template <class T, value_for<T> V, class... From>
    scope_of& note(const evidence_name<T>& name, V&& what, From... from) {
        scope::note(name, std::forward<V>(what), from...);
        return *this;
    }
    scope_of& note(fact one) {
        scope::note(std::move(one));
        return *this;
    }
    template <const auto& Words>
    scope_of& note(const evidence_name<code_word<Words>>& name, std::type_identity_t<code_word<Words>> word) {
        scope::note(name, word);
        return *this;
    }
    scope_of& decide(trace::decision decision) {
        scope::decide(std::move(decision));
        return *this;
    }
    scope_of& wait_for(std::string_view span_id) {
        scope::wait_for(span_id);
        return *this;
    }
    template <class... Subject>
    scope_of& wait_for_latest(chart::node_ref node, Subject&&... subject) {
        scope::wait_for_latest(node, std::forward<Subject>(subject)...);
        return *this;
    }
    void finish(chart::branch_of<Node> branch, outcome how, std::string summary) {
        scope::finish(branch, how, std::move(summary));
    }

private:
    friend class recorder;
    explicit scope_of(scope opened) : scope(std::move(opened)) {}
};

// Collects spans of one run. Written from the sign-in's strand only; snapshot() may be called from any thread, also
// while that strand is busy.
class recorder {
public:
    using clock = std::function<double()>;              // milliseconds since the run began
    using listener = std::function<void(const span&)>;  // called as each span ends

    recorder(std::string trace_id, std::string started_at, clock now_ms, message_detail keeps = message_detail::none);
    ~recorder();
    recorder(const recorder&) = delete;
    recorder& operator=(const recorder&) = delete;

    // What no text of the trace may hold from now on: a password in whatever spelling, or a run of characters of
    // something longer. Servers send back what they were sent.
    void hide(std::string_view secret);
    void hide_parts(std::string_view secret);

    template <chart::word Node>
    [[nodiscard]] scope_at<Node> open(std::string subject = {}, std::string_view parent_span_id = {}) {
        return scope_at<Node>(open(chart::all_nodes[chart::place_of<Node>()], std::move(subject), parent_span_id));
    }
    // For a node that is known at run time only.
    [[nodiscard]] scope open(chart::node_ref node, std::string subject = {}, std::string_view parent_span_id = {});
    void not_run(chart::node_ref node, not_run_reason why, std::string summary, std::string subject = {});
    // A message as it went over the wire, now; what may not be kept is taken out of it here. From the first one for
    // which there is no room, all are only counted.
    void message(trace::message seen, std::string_view body);
    [[nodiscard]] message_detail keeps() const { return keeps_; }
    // The open span whose subject is `what` (a name, host:port, a URL), or failing that a URL that `what` begins with,
    // or names the same host as `what`, if that is no URL. Empty when there is none, or more than one to choose from.
    [[nodiscard]] std::string open_about(std::string_view what) const;
    // What the listener throws comes out of whatever ended the span; it is not called again then.
    void listen(listener heard) { heard_ = std::move(heard); }
    // What it threw where nothing could come out: in the destructor of a span that was interrupted.
    [[nodiscard]] const std::exception_ptr& bug() const { return bug_; }
    [[nodiscard]] bool visited(chart::node_ref) const;
    [[nodiscard]] double now_ms() const { return now_ms_(); }
    // What has ended so far; from the strand that writes.
    [[nodiscard]] const record& so_far() const { return record_; }
    // A copy of everything, as a whole report needs it: what is open counts as interrupted.
    [[nodiscard]] record snapshot() const;
    // Closes the run: every chart node that was not visited is written as not_run (not_implemented or not_reached).
    // What was recorded is given away.
    [[nodiscard]] record finish();

private:
    friend class scope;
    [[nodiscard]] span begin(const chart::node& node, std::string_view parent_span_id = {}) const;
    void close(
        std::list<span>::iterator at, outcome how, not_run_reason why, std::string_view branch, std::string summary);
    void add_unvisited(record& to) const;
    [[nodiscard]] std::string clean(std::string text) const;
    [[nodiscard]] std::string clean(std::string text, std::size_t longest) const;
    void strip(trace::message& seen, std::string_view body) const;
    bool make_room(trace::message& seen);

    mutable std::mutex mutex_;  // guards what snapshot() reads: spans, and what open ones hold
    record record_;
    std::size_t message_bytes_ = 0, body_bytes_ = 0;  // of the messages that are kept, and of their bodies
    message_detail keeps_;
    std::list<span> open_;
    std::unique_ptr<redaction> hidden_;
    clock now_ms_;
    listener heard_;
    std::exception_ptr bug_;
    mutable std::atomic<std::uint64_t> next_id_;
};

template <chart::word Node>
scope_at<Node> scope::open(std::string subject) {
    if (!recorder_) throw std::logic_error("a child of a span that has ended");
    return recorder_->template open<Node>(std::move(subject), span_id_);
}

}  // namespace ucsignin::trace
