// A report read back: every key that to_json writes, and no complaint about keys of a later version.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "report/old_evidence.hpp"
#include "trace/json_section.hpp"
#include "trace/json_text.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::report {
namespace {

using trace::json_section;

constexpr int most_number = std::numeric_limits<int>::max();

std::optional<diagnosis::severity> severity_from(std::string_view word) {
    for (const auto s : {diagnosis::severity::failure, diagnosis::severity::warning, diagnosis::severity::info})
        if (to_string(s) == word) return s;
    return std::nullopt;
}

std::optional<diagnosis::certainty> certainty_from(std::string_view word) {
    for (const auto c : {diagnosis::certainty::certain, diagnosis::certainty::likely, diagnosis::certainty::possible})
        if (to_string(c) == word) return c;
    return std::nullopt;
}

std::optional<std::string> mode_from(std::string_view word) {
    if (word == "live" || word == "lab" || word == "log") return std::string(word);
    return std::nullopt;
}

// Of the contract: what a run may end with.
bool is_documented(int exit_code) {
    constexpr std::array<int, 10> codes{0, 2, 10, 20, 30, 40, 50, 70, 74, 130};
    return std::ranges::find(codes, exit_code) != codes.end();
}

void read_milliseconds(json_section& in, std::string_view key, double& into) {
    in.require(key, into, 0.0, std::numeric_limits<double>::max());
}

trace::value read_value(json_section& in) {
    const auto* const found = in.find("value");
    if (!found) {
        in.fail("value", "missing");
        return false;
    }
    const auto& v = *found;
    if (v.is_boolean()) return v.get<bool>();
    if (v.is_string()) return v.get<std::string>();
    if (v.is_number_unsigned() && v.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        return v.get<double>();
    if (v.is_number_integer()) return v.get<std::int64_t>();
    if (v.is_number()) return v.get<double>();
    in.fail("value", "must be a string, a number, true or false");
    return false;
}

void read_evidence(json_section& in, trace::evidence& out) {
    in.require("name", out.name);
    out.value = read_value(in);
    in.require_word("kind", out.kind, trace::value_kind_from);
    in.require_word("provenance", out.from, trace::provenance_from);
    in.read("group", out.group, 1, 1 << 30);  // there is room for those of old_evidence.cpp
}

void read_decision(json_section& in, trace::decision& out) {
    in.require("question", out.question);
    in.read("chosen", out.chosen);
    in.require_objects("considered", [&](json_section& c) {
        auto& one = out.considered.emplace_back();
        c.require("option", one.option);
        c.require_word("verdict", one.verdict, trace::verdict_from);
        c.read("why", one.why);
    });
}

void read_span(json_section& in, trace::span& out) {
    in.require("span_id", out.span_id);
    in.read("parent_span_id", out.parent_span_id);
    in.require("node", out.node);
    in.require("stage", out.stage, 1, 5);
    in.read("subject", out.subject);
    read_milliseconds(in, "start_ms", out.start_ms);
    read_milliseconds(in, "duration_ms", out.duration_ms);
    in.require_word("outcome", out.outcome, trace::outcome_from);
    if (out.outcome == trace::outcome::not_run) in.require_word("reason", out.reason, trace::not_run_reason_from);
    in.read("branch", out.branch);
    in.read("summary", out.summary);
    in.read_object("decision", [&](json_section& d) { read_decision(d, out.decision.emplace()); });
    in.require_objects("evidence", [&](json_section& e) { read_evidence(e, out.evidence.emplace_back()); });
    renew(out.evidence);
    in.read("waited_for", out.waited_for);
}

void read_end(json_section& in, trace::message_end& out) {
    in.require("role", out.role);
    in.read("host", out.host);
    in.read("address", out.address);
}

void read_message(json_section& in, trace::message& out) {
    read_milliseconds(in, "time_ms", out.time_ms);
    in.require_word("direction", out.direction, trace::direction_from);
    in.require_object("from", [&](json_section& end) { read_end(end, out.from); });
    in.require_object("to", [&](json_section& end) { read_end(end, out.to); });
    in.require("protocol", out.protocol);
    in.read("span_id", out.span_id);
    in.require("start_line", out.start_line);
    in.require_objects("headers", [&](json_section& h) {
        auto& one = out.headers.emplace_back();
        h.require("name", one.name);
        h.require("value", one.value);
    });
    in.read_object("body", [&](json_section& body) {
        body.read("type", out.body.type);
        body.require("bytes", out.body.bytes, 0, most_number);
        body.read("text", out.body.text);
    });
}

void read_finding(json_section& in, report& whole) {
    auto& out = whole.verdict.findings.emplace_back();
    in.require("id", out.id);
    in.require_word("severity", out.severity, severity_from);
    in.require("stage", out.stage, 0, 5);
    in.read("subject", out.subject);
    in.require_word("certainty", out.certainty, certainty_from);
    in.require("title", out.title);
    in.read("explanation", out.explanation);
    in.require("evidence", out.evidence);
    in.require_objects("ruled_out", [&](json_section& r) {
        auto& one = out.ruled_out.emplace_back();
        r.require("id", one.id);
        r.read("by", one.by);
    });
    in.require_objects("remedy", [&](json_section& r) {
        auto& one = out.remedies.emplace_back();
        r.read("who", one.who);
        r.require("text", one.text);
        r.read("check", one.check);
    });
    in.read_object("decided_by", [&](json_section& by) {
        by.require("span_id", out.decided_by.span_id);
        by.require("evidence", out.decided_by.evidence);
    });
    bool ignored = false;
    in.read("ignored", ignored);
    if (ignored) whole.ignored.insert({out.id, out.subject});
}

void read_run(json_section& in, report& out) {
    in.require("id", out.run_id);
    in.read("trace_id", out.trace.trace_id);
    in.require("started_at", out.trace.started_at);
    read_milliseconds(in, "duration_ms", out.trace.duration_ms);
    in.require_word("mode", out.mode, mode_from);
    in.read_pairs("options", out.options);
    std::string until;
    in.read("until", until);
    if (!until.empty()) out.facts.until_stage = chart::stage_number(until);
    if (out.facts.until_stage == 0) in.fail("until", "there is no such stage");
    in.read("publish", out.facts.publish);
    in.read("fault", out.facts.fault);
    in.read("cut_short", out.facts.cut_short);
    if (!out.facts.cut_short.empty() && out.facts.cut_short != "interrupted" && out.facts.cut_short != "out of time")
        in.fail("cut_short", "it is neither 'interrupted' nor 'out of time'");
    in.read("interrupted", out.facts.interrupted);
}

void read_result(json_section& in, diagnosis::verdict& out) {
    in.require("signed_in", out.signed_in);
    in.require("stage_reached", out.stage_reached, 1, 5);
    in.read("stopped_at", out.stopped_at);
    in.read("stopped_candidate", out.stopped_candidate);
    in.require("exit_code", out.exit_code, 0, 255);
    if (!is_documented(out.exit_code)) in.fail("exit_code", "a run cannot end with " + std::to_string(out.exit_code));
    in.require_objects("root_causes", [&](json_section& c) {
        auto& one = out.root_causes.emplace_back();
        c.require("id", one.id);
        c.read("subject", one.subject);
        c.require_word("certainty", one.certainty, certainty_from);
    });
}

void read_report(json_section& in, report& out) {
    std::string format;
    in.require("format", format);
    if (format != "ucsignin-report/1") in.fail("format", "'" + format + "' is not 'ucsignin-report/1'");
    in.require_object("tool", [&](json_section& tool) {
        tool.require("name", out.tool_name);
        tool.require("version", out.tool_version);
        tool.read("commit", out.tool_commit);
        tool.read("platform", out.platform);
    });
    in.require_object("run", [&](json_section& run) { read_run(run, out); });
    in.require_object("identity", [&](json_section& identity) {
        identity.require("sip_uri", out.facts.sip_uri);
        identity.read("login", out.facts.login);
    });
    in.require_object("result", [&](json_section& result) { read_result(result, out.verdict); });
    in.require_objects("trace", [&](json_section& s) { read_span(s, out.trace.spans.emplace_back()); });
    // Reports of before have none.
    in.read_objects("messages", [&](json_section& m) { read_message(m, out.trace.messages.emplace_back()); });
    in.read("messages_left_out", out.trace.messages_left_out, 0, most_number);
    in.require_objects("findings", [&](json_section& f) { read_finding(f, out); });
}

}  // namespace

std::expected<report, read_error> from_json(std::string_view text) {
    if (text.size() > most_bytes) return std::unexpected(read_error{most_bytes, "", "longer than 8 MiB"});
    const auto document = trace::parse_json<nlohmann::ordered_json>(text);
    if (!document) return std::unexpected(read_error{document.error().offset, "", document.error().text});
    std::optional<trace::member_fault> fault;
    json_section top(*document, "", fault, json_section::reading::lenient);
    report out;
    read_report(top, out);
    if (fault) return std::unexpected(read_error{0, fault->where, fault->what});
    return out;
}

}  // namespace ucsignin::report
