// The report as JSON, key by key in the order in which a person would read it.

#include <nlohmann/json.hpp>

#include "report/shown.hpp"
#include "report/stages.hpp"
#include "trace/visible.hpp"
#include "ucsignin/events.hpp"

namespace ucsignin::report {
namespace {

using json = nlohmann::ordered_json;

// JSON written entry by entry: beside a trace of megabytes stands no tree of it. The text is what dump() would make.
class document {
public:
    // Spaces a level; below 0: one line. Room that is never touched costs nothing, a text that must grow is held twice.
    explicit document(int step, std::size_t room = 0) : step_(step) { text_.reserve(room); }

    void begin(char bracket) {
        place();
        text_ += bracket;
        ++depth_;
        is_first_ = true;
    }
    void end(char bracket) {
        --depth_;
        if (!is_first_) break_line();
        text_ += bracket;
        is_first_ = false;
    }
    void key(std::string_view name) {
        place();
        text_ += text_of(name) + (step_ < 0 ? ":" : ": ");
        has_key_ = true;
    }
    void value(const json& what) {
        place();
        const auto text = text_of(what);
        // Within a string a line break is written as \n: each that is seen is one of the layout.
        for (const char c : text)
            if (c == '\n') break_line();
            else text_ += c;
    }
    void add(std::string_view name, const json& what) {
        key(name);
        value(what);
    }
    void add_all(const json& object) {
        for (const auto& [name, what] : object.items()) add(name, what);
    }
    template <class Range, class Write>
    void add_list(std::string_view name, const Range& items, Write write) {
        key(name);
        begin('[');
        for (const auto& item : items) write(item);
        end(']');
    }
    std::string ended() && { return std::move(text_ += '\n'); }

private:
    // What a server sent may be no UTF-8 at all: it becomes U+FFFD, never an exception. And a report may end up on a
    // terminal.
    [[nodiscard]] std::string text_of(const json& value) const {
        return trace::visible_json(value.dump(step_, ' ', false, json::error_handler_t::replace));
    }
    void break_line() {
        if (step_ >= 0) text_.append("\n").append(static_cast<std::size_t>(step_ * depth_), ' ');
    }
    // Where the next entry goes: behind its key, or on a line of its own.
    void place() {
        if (!std::exchange(has_key_, false) && depth_ > 0) {
            if (!is_first_) text_ += ',';
            break_line();
        }
        is_first_ = false;
    }

    int step_, depth_ = 0;
    bool is_first_ = true, has_key_ = false;
    std::string text_;
};

json or_null(const std::string& text) { return text.empty() ? json() : json(text); }

json write(const trace::value& value) {
    return std::visit(
        [](const auto& v) -> json {
            if constexpr (std::is_same_v<std::decay_t<decltype(v)>, double>) return rounded(v);
            else return v;
        },
        value);
}

json write(const trace::decision& decision) {
    auto considered = json::array();
    for (const auto& c : decision.considered)
        considered.push_back({{"option", c.option}, {"verdict", to_string(c.verdict)}, {"why", c.why}});
    return {{"question", decision.question}, {"considered", considered}, {"chosen", or_null(decision.chosen)}};
}

json write(const trace::evidence& e) {
    json out{
        {"name", e.name}, {"value", write(e.value)}, {"kind", to_string(e.kind)}, {"provenance", to_string(e.from)}};
    if (e.group > 0) out["group"] = e.group;
    return out;
}

void add(document& to, const trace::span& s) {
    to.add_all(
        {{"span_id", s.span_id},
         {"parent_span_id", or_null(s.parent_span_id)},
         {"node", s.node},
         {"stage", s.stage},
         {"subject", or_null(s.subject)},
         {"start_ms", rounded(s.start_ms)},
         {"duration_ms", rounded(s.duration_ms)},
         {"outcome", to_string(s.outcome)}});
    if (s.outcome == trace::outcome::not_run) to.add("reason", to_string(s.reason));
    to.add("branch", or_null(s.branch));
    to.add("summary", s.summary);
    to.add("decision", s.decision ? write(*s.decision) : json());
    to.add_list("evidence", s.evidence, [&to](const auto& e) { to.value(write(e)); });
    if (!s.waited_for.empty()) to.add("waited_for", s.waited_for);
}

json write(const trace::message_end& end) {
    return {{"role", end.role}, {"host", or_null(end.host)}, {"address", or_null(end.address)}};
}

json write(const trace::message& m) {
    auto headers = json::array();
    for (const auto& h : m.headers) headers.push_back({{"name", h.name}, {"value", h.value}});
    json body;
    if (m.body.bytes > 0 || !m.body.type.empty()) body = {{"type", or_null(m.body.type)}, {"bytes", m.body.bytes}};
    if (m.body.text) body["text"] = *m.body.text;
    return {{"time_ms", rounded(m.time_ms)}, {"direction", to_string(m.direction)},
            {"from", write(m.from)},         {"to", write(m.to)},
            {"protocol", m.protocol},        {"span_id", or_null(m.span_id)},
            {"start_line", m.start_line},    {"headers", std::move(headers)},
            {"body", std::move(body)}};
}

json write(const report& whole, const diagnosis::finding& f) {
    auto ruled_out = json::array();
    for (const auto& r : f.ruled_out) ruled_out.push_back({{"id", r.id}, {"by", r.by}});
    auto remedy = json::array();
    for (const auto& r : f.remedies) remedy.push_back({{"who", r.who}, {"text", r.text}, {"check", or_null(r.check)}});
    json out{
        {"id", f.id},
        {"severity", to_string(f.severity)},
        {"stage", f.stage},
        {"subject", or_null(f.subject)},
        {"certainty", to_string(f.certainty)},
        {"title", f.title},
        {"explanation", or_null(f.explanation)},
        {"evidence", f.evidence},
        {"ruled_out", ruled_out},
        {"remedy", remedy},
        {"decided_by", f.decided_by.evidence.empty()
                           ? json(nullptr)
                           : json{{"span_id", f.decided_by.span_id}, {"evidence", f.decided_by.evidence}}}};
    if (is_ignored(whole, f)) out["ignored"] = true;
    return out;
}

// An option that was given several times becomes a list.
json write_options(const report& r) {
    auto out = json::object();
    for (const auto& [name, value] : r.options) {
        auto& slot = out[name];
        if (slot.is_null()) slot = value;
        else if (slot.is_array()) slot.push_back(value);
        else slot = json::array({slot, value});
    }
    return out;
}

json write_run(const report& r) {
    json out{
        {"id", r.run_id},
        {"trace_id", r.trace.trace_id},
        {"started_at", r.trace.started_at},
        {"duration_ms", rounded(r.trace.duration_ms)},
        {"mode", r.mode},
        {"options", write_options(r)},
        {"until", chart::stage_name(r.facts.until_stage)},
        {"publish", r.facts.publish},
        {"interrupted", r.facts.interrupted}};
    if (!r.facts.cut_short.empty()) out["cut_short"] = r.facts.cut_short;
    if (!r.facts.fault.empty()) out["fault"] = r.facts.fault;
    return out;
}

json write_identity(const diagnosis::facts& facts) {
    const auto at = facts.sip_uri.rfind('@');
    json out{{"sip_uri", facts.sip_uri}, {"sip_domain", at == std::string::npos ? "" : facts.sip_uri.substr(at + 1)}};
    if (!facts.login.empty()) out["login"] = facts.login;
    return out;
}

json write_result(const diagnosis::verdict& v) {
    auto causes = json::array();
    for (const auto& c : v.root_causes)
        causes.push_back({{"id", c.id}, {"subject", or_null(c.subject)}, {"certainty", to_string(c.certainty)}});
    return {
        {"signed_in", v.signed_in},
        {"stage_reached", v.stage_reached},
        {"stopped_at", or_null(v.stopped_at)},
        {"stopped_candidate", or_null(v.stopped_candidate)},
        {"exit_code", v.exit_code},
        {"root_causes", causes}};
}

json write_stages(const report& r) {
    auto out = json::array();
    for (const auto& s : summarize_stages(r))
        out.push_back(
            {{"stage", s.stage},
             {"id", s.id},
             {"outcome", to_string(s.outcome)},
             {"start_ms", rounded(s.start_ms)},
             {"duration_ms", rounded(s.duration_ms)}});
    return out;
}

std::size_t ample_room(const trace::record& all) {
    constexpr std::size_t with_keys = 1000;  // more than those of a step or a message take
    std::size_t room = 0;
    for (const auto& s : all.spans) {
        room += with_keys;
        for (const auto& e : s.evidence) {
            const auto* text = std::get_if<std::string>(&e.value);
            room += with_keys / 4 + (text ? text->size() : 0);
        }
    }
    for (const auto& m : all.messages)
        room += with_keys * (1 + m.headers.size() / 4) + (m.body.text ? m.body.text->size() : 0);
    return room;
}

// The type first, then what it is about.
template <class Rest>
std::string line_of(std::string_view type, Rest rest) {
    document out(-1);
    out.begin('{');
    out.add("type", type);
    rest(out);
    out.end('}');
    return std::move(out).ended();
}

}  // namespace

std::string to_json(const report& r) {
    document out(2, ample_room(r.trace));
    out.begin('{');
    out.add("format", "ucsignin-report/1");
    out.add(
        "tool",
        {{"name", r.tool_name}, {"version", r.tool_version}, {"commit", r.tool_commit}, {"platform", r.platform}});
    out.add("run", write_run(r));
    out.add("identity", write_identity(r.facts));
    out.add("result", write_result(r.verdict));
    out.add("stages", write_stages(r));
    out.add_list("trace", r.trace.spans, [&out](const auto& s) {
        out.begin('{');
        add(out, s);
        out.end('}');
    });
    out.add_list("messages", r.trace.messages, [&out](const auto& m) { out.value(write(m)); });
    out.add("messages_left_out", r.trace.messages_left_out);
    out.add_list("findings", r.verdict.findings, [&](const auto& f) { out.value(write(r, f)); });
    out.end('}');
    return std::move(out).ended();
}

std::string json_line(const trace::span& s) {
    return line_of("span", [&s](document& to) { add(to, s); });
}
std::string json_line(const trace::message& m) {
    return line_of("message", [&m](document& to) { to.add_all(write(m)); });
}

std::string json_line(const report& r, int exit_code) {
    auto result = write_result(r.verdict);
    result["exit_code"] = exit_code;
    result["interrupted"] = r.facts.interrupted;
    result["duration_ms"] = rounded(r.trace.duration_ms);
    return line_of("result", [&result](document& to) { to.add_all(result); });
}

std::string json_line(int exit_code, std::string_view why) {
    return line_of("result", [&](document& to) { to.add_all({{"exit_code", exit_code}, {"error", why}}); });
}

}  // namespace ucsignin::report
