// Messages as they went over the wire, as far as a trace may hold them, and no more of them than there is room for.

#include <algorithm>
#include <utility>

#include "trace/message_body.hpp"
#include "trace/message_filter.hpp"
#include "trace/redaction.hpp"
#include "trace/withheld.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::trace {
namespace {

constexpr std::size_t most_headers = 64, longest_name = 64, longest_text = 1024, longest_body = 16 * 1024;
// Of a longer body the beginning is looked at. What is hidden might be cut at its end: that much of it is left away.
constexpr std::size_t looked_at = 96 * 1024, may_be_cut = 32 * 1024;
// What a header and a message take beside their texts, so that empty ones don't come without end.
constexpr std::size_t header_weight = 16, message_weight = 32;

std::size_t weight_of(const message_end& end) { return end.role.size() + end.host.size() + end.address.size(); }

std::size_t weight_of(const message& m) {
    auto out = message_weight + weight_of(m.from) + weight_of(m.to) + m.start_line.size() + m.body.type.size();
    for (const auto& h : m.headers) out += header_weight + h.name.size() + h.value.size();
    return out;
}

std::string more(std::size_t count, std::string_view what) {
    return "[" + std::to_string(count) + " more " + std::string(what) + "]";
}

bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

// Of a URL, of host:port, or the host itself.
std::string_view host_in(std::string_view text) {
    if (is_url(text)) text.remove_prefix(text.find("://") + 3);
    text = text.substr(0, text.find_first_of("/?#"));
    const auto colon = text.rfind(':');
    return colon == std::string_view::npos || text.ends_with(']') ? text : text.substr(0, colon);
}

// The higher, the more a step with this subject is about `what`; 0: not at all.
int how_near(std::string_view subject, std::string_view what) {
    if (subject.empty() || what.empty()) return 0;
    if (subject == what) return 3;
    if (is_url(subject) && what.starts_with(subject)) return 2;
    return !is_url(what) && host_in(subject) == host_in(what) ? 1 : 0;
}

std::string cut(std::string text, std::size_t longest) {
    if (text.size() <= longest) return text;
    const auto left_out = text.size() - longest;
    text.resize(longest);
    return text + " " + more(left_out, "bytes");
}

}  // namespace

void recorder::strip(trace::message& seen, std::string_view body) const {
    constexpr std::size_t with_remark = 2 * longest_text;
    seen.start_line = clean(
        cut(hidden_->apply(start_line_to_keep(seen.protocol, seen.start_line)), longest_text), with_remark);
    seen.body.type = clean(std::move(seen.body.type), longest_name);
    for (auto* end : {&seen.from, &seen.to}) end->host = clean(std::move(end->host), longest_text);
    if (keeps_ == message_detail::summary) seen.headers.clear();
    const auto further = seen.headers.size() - std::min(seen.headers.size(), most_headers);
    seen.headers.resize(seen.headers.size() - further);
    for (auto& h : seen.headers) {
        auto kept = hidden_->apply(header_to_keep(seen.protocol, h.name, h.value));
        h.value = clean(cut(std::move(kept), longest_text), with_remark);
        h.name = clean(std::move(h.name), longest_name);
    }
    if (further > 0) seen.headers.push_back({"...", more(further, "headers")});
    if (keeps_ != message_detail::bodies || body.empty()) return;
    auto text = hidden_->apply(std::string(body.substr(0, looked_at)));
    if (body.size() > looked_at) text.resize(text.size() - std::min(text.size(), may_be_cut));
    auto kept = body_to_keep(seen.protocol, seen.body.type, text);
    if (kept) seen.body.text = clean(cut(hidden_->apply(std::move(*kept)), longest_body), 2 * longest_body);
}

// Bodies take half of the room at most: what came of each request tells more than what the first ones held.
bool recorder::make_room(trace::message& seen) {
    const auto weight = weight_of(seen), body = seen.body.text ? seen.body.text->size() : 0;
    const bool body_fits = body_bytes_ + body <= most_message_bytes / 2 &&
                           message_bytes_ + weight + body <= most_message_bytes;
    if (!body_fits) seen.body.text.reset();
    message_bytes_ += weight + (body_fits ? body : 0);
    body_bytes_ += body_fits ? body : 0;
    return message_bytes_ <= most_message_bytes;
}

void recorder::message(trace::message seen, std::string_view body) {
    if (keeps_ == message_detail::none) return;
    seen.time_ms = now_ms_();
    bool has_room = record_.messages_left_out == 0 && record_.messages.size() < most_messages;
    if (has_room) {
        strip(seen, body);
        has_room = make_room(seen);
    }
    const std::lock_guard lock(mutex_);
    if (has_room) record_.messages.push_back(std::move(seen));
    else ++record_.messages_left_out;
}

std::string recorder::open_about(std::string_view what) const {
    const span* best = nullptr;
    int best_fit = 0, equals = 0;
    const auto as_written = clean(std::string(what));
    for (const auto& one : open_) {
        const auto fit = how_near(one.subject, as_written);
        if (fit == 0 || fit < best_fit) continue;
        equals = fit == best_fit ? equals + 1 : 1;
        best_fit = fit;
        best = &one;
    }
    return equals == 1 ? best->span_id : std::string{};
}

}  // namespace ucsignin::trace
