// The report as JSON, key by key in the order in which a person would read it.

#include <nlohmann/json.hpp>

#include "report/shown.hpp"
#include "report/stages.hpp"
#include "trace/visible.hpp"
#include "ucsignin/events.hpp"

namespace ucsignin::report {
namespace {

using json = nlohmann::ordered_json;

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

json write(const trace::span& s) {
    auto evidence = json::array();
    for (const auto& e : s.evidence) evidence.push_back(write(e));
    json out{
        {"span_id", s.span_id},
        {"parent_span_id", or_null(s.parent_span_id)},
        {"node", s.node},
        {"stage", s.stage},
        {"subject", or_null(s.subject)},
        {"start_ms", rounded(s.start_ms)},
        {"duration_ms", rounded(s.duration_ms)},
        {"outcome", to_string(s.outcome)}};
    if (s.outcome == trace::outcome::not_run) out["reason"] = to_string(s.reason);
    out["branch"] = or_null(s.branch);
    out["summary"] = s.summary;
    out["decision"] = s.decision ? write(*s.decision) : json();
    out["evidence"] = std::move(evidence);
    if (!s.waited_for.empty()) out["waited_for"] = s.waited_for;
    return out;
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

std::string as_written(const report& r) {
    auto trace = json::array();
    for (const auto& s : r.trace.spans) trace.push_back(write(s));
    auto messages = json::array();
    for (const auto& m : r.trace.messages) messages.push_back(write(m));
    auto findings = json::array();
    for (const auto& f : r.verdict.findings) findings.push_back(write(r, f));
    const json out{
        {"format", "ucsignin-report/1"},
        {"tool",
         {{"name", r.tool_name}, {"version", r.tool_version}, {"commit", r.tool_commit}, {"platform", r.platform}}},
        {"run", write_run(r)},
        {"identity", write_identity(r.facts)},
        {"result", write_result(r.verdict)},
        {"stages", write_stages(r)},
        {"trace", std::move(trace)},
        {"messages", std::move(messages)},
        {"messages_left_out", r.trace.messages_left_out},
        {"findings", std::move(findings)}};
    // What a server sent may be no UTF-8 at all: it becomes U+FFFD, never an exception.
    return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

// The type first, then what it is about.
std::string line_of(std::string_view type, const json& what) {
    json out{{"type", type}};
    out.update(what);
    return trace::visible_json(out.dump(-1, ' ', false, json::error_handler_t::replace)) + "\n";
}

}  // namespace

// A report may end up on a terminal, too.
std::string to_json(const report& r) { return trace::visible_json(as_written(r)); }

std::string json_line(const trace::span& s) { return line_of("span", write(s)); }
std::string json_line(const trace::message& m) { return line_of("message", write(m)); }

std::string json_line(const report& r, int exit_code) {
    auto result = write_result(r.verdict);
    result["exit_code"] = exit_code;
    result["interrupted"] = r.facts.interrupted;
    result["duration_ms"] = rounded(r.trace.duration_ms);
    return line_of("result", result);
}

std::string json_line(int exit_code, std::string_view why) {
    return line_of("result", {{"exit_code", exit_code}, {"error", why}});
}

}  // namespace ucsignin::report
