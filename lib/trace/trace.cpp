#include "ucsignin/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "trace/redaction.hpp"
#include "trace/visible.hpp"
#include "trace/withheld.hpp"

namespace ucsignin::trace {
namespace {

template <class E, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, E e) {
    return names.at(static_cast<std::size_t>(e));
}
template <class E, std::size_t N>
std::optional<E> value_of(const std::array<std::string_view, N>& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) return std::nullopt;
    return static_cast<E>(at - names.begin());
}

constexpr std::array<std::string_view, 7> outcomes{"ok",      "warning", "failed", "expected",
                                                   "not_run", "unknown", "broken"};
constexpr std::array<std::string_view, 7> reasons{
    "", "not_reached", "not_applicable", "not_implemented", "switched_off", "interrupted", "not_in_log"};
constexpr std::array<std::string_view, 9> kinds{"host", "sip_uri", "address", "dn",  "url",
                                                "text", "number",  "code",    "time"};
constexpr std::array<std::string_view, 2> directions{"sent", "received"};
constexpr std::array<std::string_view, 4> provenances{"ours", "server", "user", "system"};
constexpr std::array<std::string_view, 4> verdicts{"chosen", "passed_over", "failed", "not_tried"};

std::string hex_id(std::uint64_t id) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(id));
    return text;
}

// A trace is text in UTF-8 and of bounded lengths: what is none becomes U+FFFD. What else a terminal should not see is
// written out where text is printed (visible.hpp).
std::string printable(std::string text, std::size_t longest) {
    std::string out;
    out.reserve(std::min(text.size(), longest));  // it is kept to the end: grown bit by bit it would hold twice as much
    for (std::size_t i = 0; i < text.size() && out.size() < longest;) {
        const auto c = character_at(text, i);
        if (c.valid && c.code >= 0x20 && c.code != 0x7f) out.append(text, i, c.length);
        else out += c.code == '\n' || c.code == '\t' || c.code == '\r' ? " " : "\xef\xbf\xbd";
        i += c.length;
    }
    return out;
}

}  // namespace

std::string_view to_string(outcome o) { return name_of(outcomes, o); }
std::string_view to_string(not_run_reason r) { return name_of(reasons, r); }
std::string_view to_string(value_kind k) { return name_of(kinds, k); }
std::string_view to_string(provenance p) { return name_of(provenances, p); }
std::string_view to_string(direction d) { return name_of(directions, d); }
std::string_view to_string(verdict v) { return name_of(verdicts, v); }
std::optional<outcome> outcome_from(std::string_view s) { return value_of<outcome>(outcomes, s); }
std::optional<not_run_reason> not_run_reason_from(std::string_view s) { return value_of<not_run_reason>(reasons, s); }
std::optional<value_kind> value_kind_from(std::string_view s) { return value_of<value_kind>(kinds, s); }
std::optional<provenance> provenance_from(std::string_view s) { return value_of<provenance>(provenances, s); }
std::optional<direction> direction_from(std::string_view s) { return value_of<direction>(directions, s); }
std::optional<verdict> verdict_from(std::string_view s) { return value_of<verdict>(verdicts, s); }

std::string text_in(const evidence* found) {
    const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
    return text ? *text : std::string{};
}

namespace {

std::optional<std::int64_t> whole_in(const evidence* found) {
    if (!found) return std::nullopt;
    if (const auto* n = std::get_if<std::int64_t>(&found->value)) return *n;
    // A report that was read back may say 1e300.
    constexpr double exact = 1LL << 53;
    const auto* d = std::get_if<double>(&found->value);
    return d && *d > -exact && *d < exact ? std::optional(static_cast<std::int64_t>(*d)) : std::nullopt;
}

std::optional<double> number_in(const evidence* found) {
    if (!found) return std::nullopt;
    if (const auto* n = std::get_if<std::int64_t>(&found->value)) return static_cast<double>(*n);
    const auto* d = std::get_if<double>(&found->value);
    return d ? std::optional(*d) : std::nullopt;
}

bool flag_in(const evidence* found) {
    const auto* flag = found ? std::get_if<bool>(&found->value) : nullptr;
    return flag && *flag;
}

}  // namespace

const evidence* values::find(std::string_view name) const {
    const auto at = std::ranges::find(of_, name, [](const evidence* e) -> std::string_view { return e->name; });
    return at == of_.end() ? nullptr : *at;
}

std::string values::text(const evidence_name<std::string>& name) const { return text_in(find(name.name)); }
std::optional<std::int64_t> values::number(const evidence_name<std::int64_t>& name) const {
    return whole_in(find(name.name));
}
std::optional<double> values::number(const evidence_name<double>& name) const { return number_in(find(name.name)); }
bool values::is(const evidence_name<bool>& name) const { return flag_in(find(name.name)); }
std::vector<std::string> values::texts(const evidence_name<std::string>& name) const {
    std::vector<std::string> all;
    for (const auto* e : of_)
        if (const auto* text = std::get_if<std::string>(&e->value); text && e->name == name.name) all.push_back(*text);
    return all;
}

const evidence* span::find(std::string_view name) const {
    const auto at = std::ranges::find(evidence, name, &trace::evidence::name);
    return at == evidence.end() ? nullptr : &*at;
}

std::string span::text(const evidence_name<std::string>& name) const { return text_in(find(name.name)); }
std::optional<std::int64_t> span::number(const evidence_name<std::int64_t>& name) const {
    return whole_in(find(name.name));
}
std::optional<double> span::number(const evidence_name<double>& name) const { return number_in(find(name.name)); }
bool span::is(const evidence_name<bool>& name) const { return flag_in(find(name.name)); }

std::vector<std::string> span::texts(const evidence_name<std::string>& name) const {
    std::vector<std::string> all;
    for (const auto& e : evidence)
        if (const auto* text = std::get_if<std::string>(&e.value); text && e.name == name.name) all.push_back(*text);
    return all;
}

std::vector<values> span::together(const evidence_entry& with) const {
    std::vector<values> all;
    std::unordered_map<int, std::size_t> place;  // of a group in `all`
    for (const auto& e : evidence) {
        if (e.name != with.name) continue;
        if (e.group == 0) all.emplace_back().add(e);
        else if (place.try_emplace(e.group, all.size()).second) all.emplace_back();
    }
    for (const auto& e : evidence)
        if (const auto at = place.find(e.group); at != place.end()) all[at->second].add(e);
    return all;
}

const span* record::latest(chart::sought_node node) const {
    for (auto s = spans.rbegin(); s != spans.rend(); ++s)
        if (s->node == node.id()) return &*s;
    return nullptr;
}

const span* record::latest(chart::sought_node node, std::string_view subject) const {
    for (auto s = spans.rbegin(); s != spans.rend(); ++s)
        if (s->node == node.id() && s->subject == subject) return &*s;
    return nullptr;
}

std::vector<const span*> record::all(chart::sought_node node) const {
    std::vector<const span*> found;
    for (const auto& s : spans) {
        if (s.node != node.id()) continue;
        const auto same = std::ranges::find(
            found, s.subject, [](const span* f) -> const std::string& { return f->subject; });
        if (same == found.end()) found.push_back(&s);
        else *same = &s;
    }
    return found;
}

scope::scope(scope&& other) noexcept
    : recorder_(std::exchange(other.recorder_, nullptr)),
      at_(other.at_),
      span_id_(std::move(other.span_id_)),
      start_ms_(other.start_ms_),
      groups_(other.groups_) {}

scope& scope::operator=(scope&& other) noexcept {
    if (this != &other) {
        if (recorder_) not_run(not_run_reason::interrupted, "interrupted");
        recorder_ = std::exchange(other.recorder_, nullptr);
        at_ = other.at_;
        span_id_ = std::move(other.span_id_);
        start_ms_ = other.start_ms_;
        groups_ = other.groups_;
    }
    return *this;
}

scope::~scope() {
    auto* const to = recorder_;
    try {
        if (to) not_run(not_run_reason::interrupted, "interrupted");
    } catch (...) {
        to->bug_ = std::current_exception();
    }
}

// What is hidden is looked for in the bytes as they came. Servers put passwords, tickets and sessions into the
// addresses that they give out: these are no evidence.
std::string recorder::clean(std::string text) const {
    constexpr std::size_t longest = 4096;
    return clean(without_secrets_of_urls(std::move(text)), longest);
}
std::string recorder::clean(std::string text, std::size_t longest) const {
    return printable(hidden_->apply(std::move(text)), longest);
}

void recorder::hide(std::string_view secret) { hidden_->hide(secret); }
void recorder::hide_parts(std::string_view secret) { hidden_->hide_parts(secret); }

together& together::write(const evidence_entry& name, trace::value what, provenance from) {
    to_.write(name, std::move(what), from, group_);
    return *this;
}

scope& scope::write(const evidence_entry& name, trace::value what, provenance from, int group) {
    if (!recorder_) return *this;
    if (auto* text = std::get_if<std::string>(&what)) {
        if (name.kind == value_kind::url && text->starts_with('/')) *text = url_without_secrets(*text);
        *text = recorder_->clean(std::move(*text));
    }
    const std::lock_guard lock(recorder_->mutex_);
    at_->evidence.push_back({std::string(name.name), std::move(what), name.kind, from, group});
    return *this;
}

scope& scope::decide(trace::decision decision) {
    if (!recorder_) return *this;
    for (auto& option : decision.considered) {
        option.option = recorder_->clean(std::move(option.option));
        option.why = recorder_->clean(std::move(option.why));
    }
    decision.chosen = recorder_->clean(std::move(decision.chosen));
    const std::lock_guard lock(recorder_->mutex_);
    at_->decision = std::move(decision);
    return *this;
}

scope& scope::wait_for(std::string_view span_id) {
    if (!recorder_ || span_id.empty() || span_id == span_id_) return *this;
    const std::lock_guard lock(recorder_->mutex_);
    if (std::ranges::find(at_->waited_for, span_id) == at_->waited_for.end()) at_->waited_for.emplace_back(span_id);
    return *this;
}

scope& scope::wait_for_latest(chart::node_ref node) {
    const auto* ended = recorder_ ? recorder_->record_.latest(node) : nullptr;
    return ended ? wait_for(ended->span_id) : *this;
}

scope& scope::wait_for_latest(chart::node_ref node, std::string_view subject) {
    const auto* ended = recorder_ ? recorder_->record_.latest(node, subject) : nullptr;
    return ended ? wait_for(ended->span_id) : *this;
}

void scope::finish(chart::branch_ref branch, outcome how, std::string summary) {
    if (!recorder_) throw std::logic_error("a span ended twice: " + span_id_);
    if (!chart::find(at_->node)->find(branch.name()))
        throw std::logic_error(at_->node + " has no branch " + std::string(branch.name()));
    std::exchange(recorder_, nullptr)->close(at_, how, not_run_reason::none, branch.name(), std::move(summary));
}

void scope::not_run(not_run_reason why, std::string summary) {
    if (!recorder_) return;
    std::exchange(recorder_, nullptr)->close(at_, outcome::not_run, why, {}, std::move(summary));
}

recorder::recorder(std::string trace_id, std::string started_at, clock now_ms, message_detail keeps)
    : keeps_(keeps), hidden_(std::make_unique<redaction>()), now_ms_(std::move(now_ms)) {
    record_.trace_id = std::move(trace_id);
    record_.started_at = std::move(started_at);
    // Span ids are unique within the run and differ between runs, as OpenTelemetry's do.
    next_id_ = std::hash<std::string>{}(record_.trace_id) | 1;
}

recorder::~recorder() = default;

span recorder::begin(const chart::node& node, std::string_view parent_span_id) const {
    span begun;
    begun.span_id = hex_id(next_id_++);
    begun.parent_span_id = parent_span_id;
    begun.node = node.id;
    begun.stage = node.stage;
    begun.start_ms = now_ms_();
    return begun;
}

scope recorder::open(chart::node_ref node, std::string subject, std::string_view parent_span_id) {
    auto begun = begin(*node, parent_span_id);
    begun.subject = clean(std::move(subject));
    scope opened;
    opened.span_id_ = begun.span_id;
    opened.start_ms_ = begun.start_ms;
    {
        const std::lock_guard lock(mutex_);
        opened.at_ = open_.insert(open_.end(), std::move(begun));
    }
    opened.recorder_ = this;
    return opened;
}

void recorder::not_run(chart::node_ref node, not_run_reason why, std::string summary, std::string subject) {
    open(node, std::move(subject)).not_run(why, std::move(summary));
}

bool recorder::visited(chart::node_ref node) const {
    return std::ranges::any_of(record_.spans, [&](const span& s) { return s.is_at(node); });
}

void recorder::close(
    std::list<span>::iterator at, outcome how, not_run_reason why, std::string_view branch, std::string summary) {
    summary = clean(std::move(summary));
    {
        const std::lock_guard lock(mutex_);
        at->outcome = how;
        at->reason = why;
        at->branch = branch;
        at->summary = std::move(summary);
        at->duration_ms = std::max(0.0, now_ms_() - at->start_ms);
        record_.spans.push_back(std::move(*at));
        open_.erase(at);
    }
    if (!heard_) return;
    try {
        heard_(record_.spans.back());  // outside the lock: it may take its time
    } catch (...) {
        heard_ = nullptr;  // once is enough to be heard: it may be called where nothing can be thrown
        throw;
    }
}

void recorder::add_unvisited(record& to) const {
    std::unordered_set<std::string_view> visited;
    for (const auto& s : to.spans) visited.insert(s.node);
    std::vector<span> others;
    for (const auto& node : chart::nodes()) {
        if (visited.contains(node.id)) continue;
        auto one = begin(node);
        one.outcome = outcome::not_run;
        one.reason = node.implemented ? not_run_reason::not_reached : not_run_reason::not_implemented;
        one.summary = node.implemented ? "not reached" : "not part of this version";
        others.push_back(std::move(one));
    }
    std::ranges::move(others, std::back_inserter(to.spans));
}

record recorder::snapshot() const {
    record copy;
    const auto now = now_ms_();
    {
        const std::lock_guard lock(mutex_);
        copy = record_;
        for (auto open = open_.rbegin(); open != open_.rend(); ++open) {  // children end before their parents
            auto& cut = copy.spans.emplace_back(*open);
            cut.outcome = outcome::not_run;
            cut.reason = not_run_reason::interrupted;
            cut.summary = "interrupted";
            cut.duration_ms = std::max(0.0, now - cut.start_ms);
        }
    }
    copy.duration_ms = now;
    add_unvisited(copy);
    return copy;
}

record recorder::finish() {
    const std::lock_guard lock(mutex_);
    add_unvisited(record_);
    record_.duration_ms = now_ms_();
    return std::move(record_);
}

}  // namespace ucsignin::trace
