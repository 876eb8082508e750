#include "ucsignin/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "trace/redaction.hpp"

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

constexpr std::array<std::string_view, 7> outcomes{"ok", "warning", "failed", "expected", "not_run", "unknown", "broken"};
constexpr std::array<std::string_view, 7> reasons{"", "not_reached", "not_applicable", "not_implemented", "switched_off",
                                                  "interrupted", "not_in_log"};
constexpr std::array<std::string_view, 9> kinds{"host", "sip_uri", "address", "dn", "url", "text", "number", "code", "time"};
constexpr std::array<std::string_view, 4> provenances{"ours", "server", "user", "system"};
constexpr std::array<std::string_view, 4> verdicts{"chosen", "passed_over", "failed", "not_tried"};

std::string hex_id(std::uint64_t id) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(id));
    return text;
}

// Server text goes to terminals and files: what is not printable UTF-8 becomes U+FFFD, and lengths are bounded.
std::string printable(std::string text) {
    constexpr std::size_t longest = 4096;
    std::string out;
    for (std::size_t i = 0; i < text.size() && out.size() < longest;) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t length = c < 0x80 ? 1 : (c >> 5) == 6 ? 2 : (c >> 4) == 14 ? 3 : (c >> 3) == 30 ? 4 : 0;
        bool good = length > 0 && i + length <= text.size() && (length > 1 || (c >= 0x20 && c != 0x7f)) && c != 0xc0 && c != 0xc1;
        for (std::size_t k = 1; good && k < length; ++k) good = (static_cast<unsigned char>(text[i + k]) >> 6) == 2;
        if (good && length == 3) {   // overlong forms and surrogates
            const auto d = static_cast<unsigned char>(text[i + 1]);
            good = !(c == 0xe0 && d < 0xa0) && !(c == 0xed && d > 0x9f);
        } else if (good && length == 4) {
            const auto d = static_cast<unsigned char>(text[i + 1]);
            good = !(c == 0xf0 && d < 0x90) && !(c == 0xf4 && d > 0x8f) && c <= 0xf4;
        }
        if (good) {
            out.append(text, i, length);
            i += length;
        } else {
            out += c == '\n' || c == '\t' || c == '\r' ? " " : "\xef\xbf\xbd";
            ++i;
        }
    }
    return out;
}

}  // namespace

std::string_view to_string(outcome o) { return name_of(outcomes, o); }
std::string_view to_string(not_run_reason r) { return name_of(reasons, r); }
std::string_view to_string(value_kind k) { return name_of(kinds, k); }
std::string_view to_string(provenance p) { return name_of(provenances, p); }
std::string_view to_string(verdict v) { return name_of(verdicts, v); }
std::optional<outcome> outcome_from(std::string_view s) { return value_of<outcome>(outcomes, s); }
std::optional<not_run_reason> not_run_reason_from(std::string_view s) { return value_of<not_run_reason>(reasons, s); }
std::optional<value_kind> value_kind_from(std::string_view s) { return value_of<value_kind>(kinds, s); }
std::optional<provenance> provenance_from(std::string_view s) { return value_of<provenance>(provenances, s); }
std::optional<verdict> verdict_from(std::string_view s) { return value_of<verdict>(verdicts, s); }

const evidence* span::find(std::string_view name) const {
    const auto at = std::ranges::find(evidence, name, &trace::evidence::name);
    return at == evidence.end() ? nullptr : &*at;
}

std::string span::text(std::string_view name) const {
    const auto* found = find(name);
    const auto* text = found ? std::get_if<std::string>(&found->value) : nullptr;
    return text ? *text : std::string{};
}

std::optional<std::int64_t> span::number(std::string_view name) const {
    const auto* found = find(name);
    if (!found) return std::nullopt;
    if (const auto* n = std::get_if<std::int64_t>(&found->value)) return *n;
    // A report that was read back may say 1e300.
    constexpr double exact = 1LL << 53;
    const auto* d = std::get_if<double>(&found->value);
    return d && *d > -exact && *d < exact ? std::optional(static_cast<std::int64_t>(*d)) : std::nullopt;
}

bool span::is(std::string_view name) const {
    const auto* found = find(name);
    const auto* flag = found ? std::get_if<bool>(&found->value) : nullptr;
    return flag && *flag;
}

std::vector<std::string> span::texts(std::string_view name) const {
    std::vector<std::string> all;
    for (const auto& e : evidence)
        if (const auto* text = std::get_if<std::string>(&e.value); text && e.name == name) all.push_back(*text);
    return all;
}

const span* record::latest(std::string_view node) const {
    for (auto s = spans.rbegin(); s != spans.rend(); ++s)
        if (s->node == node) return &*s;
    return nullptr;
}

const span* record::latest(std::string_view node, std::string_view subject) const {
    for (auto s = spans.rbegin(); s != spans.rend(); ++s)
        if (s->node == node && s->subject == subject) return &*s;
    return nullptr;
}

std::vector<const span*> record::all(std::string_view node) const {
    std::vector<const span*> found;
    for (const auto& s : spans) {
        if (s.node != node) continue;
        const auto same = std::ranges::find(found, s.subject, [](const span* f) -> const std::string& { return f->subject; });
        if (same == found.end()) found.push_back(&s);
        else *same = &s;
    }
    return found;
}

scope::scope(scope&& other) noexcept : recorder_(std::exchange(other.recorder_, nullptr)), span_(std::move(other.span_)) {}

scope& scope::operator=(scope&& other) noexcept {
    if (this != &other) {
        if (recorder_) not_run(not_run_reason::interrupted, "interrupted");
        recorder_ = std::exchange(other.recorder_, nullptr);
        span_ = std::move(other.span_);
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

scope scope::open(chart::node_ref node, std::string subject) {
    if (!recorder_) throw std::logic_error("a child of a span that has ended");
    return recorder_->open(node, std::move(subject), span_.span_id);
}

scope& scope::note(const evidence_name& name, trace::value what) { return note(name, std::move(what), name.from); }

// What is hidden is looked for in the bytes as they came.
std::string recorder::clean(std::string text) const { return printable(hidden_->apply(std::move(text))); }
std::string scope::clean(std::string text) const { return recorder_ ? recorder_->clean(std::move(text)) : printable(std::move(text)); }

void recorder::hide(std::string_view secret) { hidden_->hide(secret); }
void recorder::hide_parts(std::string_view secret) { hidden_->hide_parts(secret); }

scope& scope::note(const evidence_name& name, trace::value what, provenance from) {
    if (auto* text = std::get_if<std::string>(&what)) *text = clean(std::move(*text));
    span_.evidence.push_back({std::string(name.name), std::move(what), name.kind, from});
    return *this;
}

scope& scope::decide(trace::decision decision) {
    for (auto& option : decision.considered) {
        option.option = clean(std::move(option.option));
        option.why = clean(std::move(option.why));
    }
    decision.chosen = clean(std::move(decision.chosen));
    span_.decision = std::move(decision);
    return *this;
}

void scope::finish(std::string_view branch, outcome how, std::string summary) {
    if (!recorder_) throw std::logic_error("a span ended twice: " + span_.node);
    if (!chart::find(span_.node)->find(branch)) throw std::logic_error(span_.node + " has no branch " + std::string(branch));
    span_.branch = branch;
    span_.outcome = how;
    span_.summary = clean(std::move(summary));
    std::exchange(recorder_, nullptr)->close(std::move(span_));
}

void scope::not_run(not_run_reason why, std::string summary) {
    if (!recorder_) return;
    span_.outcome = outcome::not_run;
    span_.reason = why;
    span_.summary = clean(std::move(summary));
    std::exchange(recorder_, nullptr)->close(std::move(span_));
}

recorder::recorder(std::string trace_id, std::string started_at, clock now_ms) : hidden_(std::make_unique<redaction>()), now_ms_(std::move(now_ms)) {
    record_.trace_id = std::move(trace_id);
    record_.started_at = std::move(started_at);
    // Span ids are unique within the run and differ between runs, as OpenTelemetry's do.
    next_id_ = std::hash<std::string>{}(record_.trace_id) | 1;
}

recorder::~recorder() = default;

scope recorder::open(chart::node_ref node, std::string subject, std::string_view parent_span_id) {
    scope opened;
    opened.recorder_ = this;
    opened.span_.span_id = hex_id(next_id_++);
    opened.span_.parent_span_id = parent_span_id;
    opened.span_.node = node->id;
    opened.span_.stage = node->stage;
    opened.span_.subject = clean(std::move(subject));
    opened.span_.start_ms = now_ms_();
    return opened;
}

void recorder::not_run(chart::node_ref node, not_run_reason why, std::string summary, std::string subject) {
    open(node, std::move(subject)).not_run(why, std::move(summary));
}

bool recorder::visited(std::string_view node) const {
    return std::ranges::any_of(record_.spans, [&](const span& s) { return s.node == node; });
}

void recorder::close(span ended) {
    ended.duration_ms = std::max(0.0, now_ms_() - ended.start_ms);
    record_.spans.push_back(std::move(ended));
    if (!heard_) return;
    try {
        heard_(record_.spans.back());
    } catch (...) {
        heard_ = nullptr;   // once is enough to be heard: it may be called where nothing can be thrown
        throw;
    }
}

record recorder::finish() {
    for (const auto& node : chart::nodes()) {
        if (visited(node.id)) continue;
        if (node.implemented) not_run(node, not_run_reason::not_reached, "not reached");
        else not_run(node, not_run_reason::not_implemented, "not part of this version");
    }
    record_.duration_ms = now_ms_();
    return record_;
}

}  // namespace ucsignin::trace
