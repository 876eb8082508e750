// A report read back: every key that to_json writes, and no complaint about keys of a later version.

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "report/json_reader.hpp"
#include "report/old_evidence.hpp"
#include "trace/json_text.hpp"

namespace ucsignin::report {
namespace {

using place = json_reader::place;

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

trace::value read_value(json_reader& in, const place& evidence) {
    const auto p = in.member(evidence, "value");
    if (in.error()) return false;
    const auto& v = *p.value;
    if (v.is_boolean()) return v.get<bool>();
    if (v.is_string()) return v.get<std::string>();
    if (v.is_number_unsigned() && v.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        return v.get<double>();
    if (v.is_number_integer()) return v.get<std::int64_t>();
    if (v.is_number()) return v.get<double>();
    in.fail(p.pointer, "a string, a number, true or false is expected");
    return false;
}

trace::evidence read_evidence(json_reader& in, const place& e) {
    trace::evidence out{
        in.text(e, "name"), read_value(in, e), in.word(e, "kind", trace::value_kind_from),
        in.word(e, "provenance", trace::provenance_from)};
    if (in.maybe(e, "group"))
        out.group = in.number(e, "group", 1, 1 << 30);  // there is room for those of old_evidence.cpp
    return out;
}

trace::decision read_decision(json_reader& in, const place& d) {
    trace::decision out{.question = in.text(d, "question"), .considered = {}, .chosen = in.maybe_text(d, "chosen")};
    in.each(in.member(d, "considered"), [&](const place& c) {
        out.considered.push_back(
            {in.text(c, "option"), in.word(c, "verdict", trace::verdict_from), in.maybe_text(c, "why")});
    });
    return out;
}

trace::span read_span(json_reader& in, const place& s) {
    trace::span out;
    out.span_id = in.text(s, "span_id");
    out.parent_span_id = in.maybe_text(s, "parent_span_id");
    out.node = in.text(s, "node");
    out.stage = in.number(s, "stage", 1, 5);
    out.subject = in.maybe_text(s, "subject");
    out.start_ms = in.milliseconds(s, "start_ms");
    out.duration_ms = in.milliseconds(s, "duration_ms");
    out.outcome = in.word(s, "outcome", trace::outcome_from);
    if (out.outcome == trace::outcome::not_run) out.reason = in.word(s, "reason", trace::not_run_reason_from);
    out.branch = in.maybe_text(s, "branch");
    out.summary = in.maybe_text(s, "summary");
    if (const auto d = in.maybe(s, "decision")) out.decision = read_decision(in, *d);
    in.each(in.member(s, "evidence"), [&](const place& e) { out.evidence.push_back(read_evidence(in, e)); });
    renew(out.evidence);
    if (const auto others = in.maybe(s, "waited_for"))
        in.each(*others, [&](const place& id) { out.waited_for.push_back(in.string_at(id)); });
    return out;
}

trace::message_end read_end(json_reader& in, const place& end) {
    return {in.text(end, "role"), in.maybe_text(end, "host"), in.maybe_text(end, "address")};
}

trace::message read_message(json_reader& in, const place& m) {
    trace::message out;
    out.time_ms = in.milliseconds(m, "time_ms");
    out.direction = in.word(m, "direction", trace::direction_from);
    out.from = read_end(in, in.member(m, "from"));
    out.to = read_end(in, in.member(m, "to"));
    out.protocol = in.text(m, "protocol");
    out.span_id = in.maybe_text(m, "span_id");
    out.start_line = in.text(m, "start_line");
    in.each(in.member(m, "headers"), [&](const place& h) {
        out.headers.push_back({in.text(h, "name"), in.text(h, "value")});
    });
    const auto body = in.maybe(m, "body");
    if (!body) return out;
    out.body.type = in.maybe_text(*body, "type");
    out.body.bytes = in.number(*body, "bytes", 0, std::numeric_limits<int>::max());
    if (in.maybe(*body, "text")) out.body.text = in.text(*body, "text");
    return out;
}

diagnosis::finding read_finding(json_reader& in, const place& f) {
    diagnosis::finding out;
    out.id = in.text(f, "id");
    out.severity = in.word(f, "severity", severity_from);
    out.stage = in.number(f, "stage", 0, 5);
    out.subject = in.maybe_text(f, "subject");
    out.certainty = in.word(f, "certainty", certainty_from);
    out.title = in.text(f, "title");
    out.explanation = in.maybe_text(f, "explanation");
    in.each(in.member(f, "evidence"), [&](const place& e) { out.evidence.push_back(in.string_at(e)); });
    in.each(in.member(f, "ruled_out"), [&](const place& r) {
        out.ruled_out.push_back({in.text(r, "id"), in.maybe_text(r, "by")});
    });
    in.each(in.member(f, "remedy"), [&](const place& r) {
        out.remedies.push_back({in.maybe_text(r, "who"), in.text(r, "text"), in.maybe_text(r, "check")});
    });
    if (const auto by = in.maybe(f, "decided_by")) out.decided_by = {in.text(*by, "span_id"), in.text(*by, "evidence")};
    return out;
}

void read_options(json_reader& in, const place& run, report& out) {
    const auto options = in.maybe(run, "options");
    if (!options) return;
    if (!options->value->is_object()) return in.fail(options->pointer, "an object is expected");
    for (const auto& [name, value] : options->value->items()) {
        const place p{&value, options->pointer + "/" + name};
        if (!value.is_array()) out.options.emplace_back(name, in.string_at(p));
        else in.each(p, [&](const place& one) { out.options.emplace_back(name, in.string_at(one)); });
    }
}

void read_run(json_reader& in, const place& run, report& out) {
    out.run_id = in.text(run, "id");
    out.trace.trace_id = in.maybe_text(run, "trace_id");
    out.trace.started_at = in.text(run, "started_at");
    out.trace.duration_ms = in.milliseconds(run, "duration_ms");
    out.mode = in.word(run, "mode", mode_from);
    read_options(in, run, out);
    if (const auto until = in.maybe_text(run, "until"); !until.empty())
        out.facts.until_stage = chart::stage_number(until);
    if (out.facts.until_stage == 0) in.fail(run.pointer + "/until", "there is no such stage");
    if (in.maybe(run, "publish")) out.facts.publish = in.flag(run, "publish");
    out.facts.fault = in.maybe_text(run, "fault");
    out.facts.cut_short = in.maybe_text(run, "cut_short");
    if (!out.facts.cut_short.empty() && out.facts.cut_short != "interrupted" && out.facts.cut_short != "out of time")
        in.fail(run.pointer + "/cut_short", "it is neither 'interrupted' nor 'out of time'");
    if (in.maybe(run, "interrupted")) out.facts.interrupted = in.flag(run, "interrupted");
}

void read_result(json_reader& in, const place& result, diagnosis::verdict& out) {
    out.signed_in = in.flag(result, "signed_in");
    out.stage_reached = in.number(result, "stage_reached", 1, 5);
    out.stopped_at = in.maybe_text(result, "stopped_at");
    out.stopped_candidate = in.maybe_text(result, "stopped_candidate");
    out.exit_code = in.number(result, "exit_code", 0, 255);
    if (!is_documented(out.exit_code))
        in.fail(result.pointer + "/exit_code", "a run cannot end with " + std::to_string(out.exit_code));
    in.each(in.member(result, "root_causes"), [&](const place& c) {
        out.root_causes.push_back(
            {in.text(c, "id"), in.maybe_text(c, "subject"), in.word(c, "certainty", certainty_from)});
    });
}

report read_report(json_reader& in, const place& root) {
    report out;
    if (const auto format = in.text(root, "format"); format != "ucsignin-report/1")
        in.fail("/format", "'" + format + "' is not 'ucsignin-report/1'");
    const auto tool = in.member(root, "tool");
    out.tool_name = in.text(tool, "name");
    out.tool_version = in.text(tool, "version");
    out.tool_commit = in.maybe_text(tool, "commit");
    out.platform = in.maybe_text(tool, "platform");
    read_run(in, in.member(root, "run"), out);
    const auto identity = in.member(root, "identity");
    out.facts.sip_uri = in.text(identity, "sip_uri");
    out.facts.login = in.maybe_text(identity, "login");
    read_result(in, in.member(root, "result"), out.verdict);
    in.each(in.member(root, "trace"), [&](const place& s) { out.trace.spans.push_back(read_span(in, s)); });
    // Reports of before have none.
    if (const auto messages = in.maybe(root, "messages"))
        in.each(*messages, [&](const place& m) { out.trace.messages.push_back(read_message(in, m)); });
    if (in.maybe(root, "messages_left_out"))
        out.trace.messages_left_out = in.number(root, "messages_left_out", 0, std::numeric_limits<int>::max());
    in.each(in.member(root, "findings"), [&](const place& f) { out.verdict.findings.push_back(read_finding(in, f)); });
    return out;
}

}  // namespace

std::expected<report, read_error> from_json(std::string_view text) {
    if (text.size() > most_bytes) return std::unexpected(read_error{most_bytes, "", "longer than 8 MiB"});
    const auto document = trace::parse_json<nlohmann::ordered_json>(text);
    if (!document) return std::unexpected(read_error{document.error().offset, "", document.error().text});
    json_reader in;
    auto out = read_report(in, {&*document, ""});
    if (in.error()) return std::unexpected(*in.error());
    return out;
}

}  // namespace ucsignin::report
