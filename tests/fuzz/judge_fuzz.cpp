// links: diagnosis report
// Whatever trace comes: it is judged, twice alike; findings are the catalogue's and rest on spans of the trace; what is
// to be fixed is among what was found. Seeds of before groups are read as a report of that time is.
//
// The input, line by line, so that seeds can be read (tests/fuzz/judge_seed.py makes them of reports):
//   !<flags>                                      facts: i interrupted, n no publication, f a fault, 1 to 4 the last
//   stage <node>\t<outcome>\t<branch>\t<subject>        a span; the node need not be in the chart
//   \t<name>\t<value>                             evidence of it: #1 a number, ~1.5 a fraction, ?1 a flag, else text

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <set>
#include <string>
#include <string_view>

#include "report/old_evidence.hpp"
#include "ucsignin/diagnosis.hpp"

namespace {

using namespace ucsignin;

std::string_view take(std::string_view& text, char upto) {
    const auto end = std::min(text.find(upto), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

trace::value value_of(std::string_view text) {
    const auto rest = text.empty() ? text : text.substr(1);
    if (text.starts_with('?')) return rest == "1";
    if (text.starts_with('#')) {
        std::int64_t number = 0;
        std::from_chars(rest.data(), rest.data() + rest.size(), number);
        return number;
    }
    if (text.starts_with('~')) {
        double number = 0;
        std::from_chars(rest.data(), rest.data() + rest.size(), number);
        return number;
    }
    return std::string(text);
}

diagnosis::facts facts_of(std::string_view flags) {
    diagnosis::facts run{.sip_uri = "sip:alice@contoso.example"};
    for (const char c : flags) {
        if (c == 'i') run.interrupted = true;
        if (c == 'n') run.publish = false;
        if (c == 'f') run.fault = "a bug";
        if (c == 'u') run.sip_uri = "alice";
        if (c >= '1' && c <= '4') run.until_stage = c - '0';
    }
    return run;
}

trace::span span_of(std::string_view line, std::size_t number) {
    trace::span s;
    s.span_id = std::to_string(number);
    s.node = take(line, '\t');
    const auto* at = chart::find(s.node);
    s.stage = at ? at->stage : 1 + static_cast<int>(s.node.size() % 5);
    s.outcome = trace::outcome_from(take(line, '\t')).value_or(trace::outcome::unknown);
    s.branch = take(line, '\t');
    s.subject = line;
    return s;
}

// Everything that a verdict says, to compare two.
std::string in_words(const diagnosis::verdict& v) {
    std::string all = std::to_string(v.signed_in) + std::to_string(v.stage_reached) + v.stopped_at +
                      v.stopped_candidate + std::to_string(v.exit_code) + '\n';
    for (const auto& r : v.root_causes)
        all += r.id + ' ' + r.subject + ' ' + std::string(to_string(r.certainty)) + '\n';
    for (const auto& f : v.findings) {
        all += f.id + ' ' + f.subject + ' ' + std::string(to_string(f.severity)) + std::string(to_string(f.certainty)) +
               std::to_string(f.stage) + '\n';
        all += f.title + '\n' + f.explanation + '\n';
        for (const auto& e : f.evidence) all += e + ' ';
        for (const auto& r : f.ruled_out) all += r.id + ' ' + r.by + '\n';
        for (const auto& r : f.remedies) all += r.who + ' ' + r.text + ' ' + r.check + '\n';
    }
    return all;
}

void must(bool holds) {
    if (!holds) std::abort();
}

void check(const trace::record& record, const diagnosis::verdict& v) {
    std::set<std::string> spans;
    for (const auto& s : record.spans) spans.insert(s.span_id);
    std::set<std::pair<std::string, std::string>> found;
    for (const auto& f : v.findings) {
        must(diagnosis::find_entry(f.id) && !f.title.empty() && !f.subject.empty());
        for (const auto& e : f.evidence) must(spans.contains(e));
        for (const auto& r : f.ruled_out) must(diagnosis::find_entry(r.id));
        found.emplace(f.id, f.subject);
    }
    for (const auto& r : v.root_causes) must(found.contains({r.id, r.subject}));
    must(v.stopped_at.empty() || chart::find(v.stopped_at));
    must(!v.signed_in || v.stopped_at.empty());
    must(v.signed_in || !v.stopped_at.empty() || v.root_causes.empty());
    must(v.stage_reached >= 1 && v.stage_reached <= 5);
    for (const auto& q : diagnosis::open_questions(record, v))
        must(q.finding_id.empty() ? v.root_causes.empty() : found.contains({q.finding_id, q.subject}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    trace::record record{"0af7651916cd43dd8448eb211c80319c", "2026-11-24T10:00:00Z", 0, {}};
    diagnosis::facts run = facts_of("");
    while (!text.empty()) {
        auto line = take(text, '\n');
        if (line.starts_with('!')) run = facts_of(line.substr(1));
        else if (!line.starts_with('\t')) record.spans.push_back(span_of(line, record.spans.size()));
        else if (!record.spans.empty()) {
            line.remove_prefix(1);
            const auto name = take(line, '\t');
            record.spans.back().evidence.push_back(
                {std::string(name), value_of(line), trace::value_kind::text, trace::provenance::server});
        }
    }
    for (auto& s : record.spans) report::renew(s.evidence);
    const auto judged = diagnosis::judge(record, run);
    check(record, judged);
    must(in_words(judged) == in_words(diagnosis::judge(record, run)));
    return 0;
}
