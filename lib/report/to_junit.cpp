// The report for a CI job, in the elements and attributes that Jenkins' schema and the usual parsers know.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "report/answer.hpp"
#include "report/layout.hpp"
#include "report/shown.hpp"
#include "report/stages.hpp"
#include "trace/visible.hpp"

namespace ucsignin::report {
namespace {

using trace::outcome;

// Of XML 1.0, within elements and, where it is one line, attributes.
std::string xml(std::string_view text) {
    std::string out;
    for (const char c : trace::visible_lines(text)) switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    return out;
}

std::string attribute(std::string_view text) {
    auto line = xml(text);
    std::ranges::replace(line, '\n', ' ');
    return line;
}

enum class mark { passed, failed, error, skipped };

struct test_case {
    int stage = 1;
    std::string group, name;
    double ms = 0;
    mark state = mark::passed;
    std::string type, message, text;  // of what is not passed
    std::string note;                 // of what is
};

// A decision with the findings that are shown there.
struct decided {
    const trace::span* last = nullptr;
    std::vector<std::size_t> findings;
};

class cases {
public:
    explicit cases(const report& r) : r_(r), explained_(explain_findings(r)) {
        bool warnings = false;
        for (const auto& [option, value] : r.options)
            warnings = warnings || (option == "fail-on" && value == "warning");
        bound_ = warnings ? diagnosis::severity::warning : diagnosis::severity::failure;
    }
    [[nodiscard]] std::vector<test_case> all();

private:
    void collect();
    void place_findings();
    [[nodiscard]] test_case of(const decided&) const;
    void settle(test_case& to, const decided&) const;
    [[nodiscard]] bool counts(std::size_t finding) const;
    [[nodiscard]] std::string finding_text(const std::vector<std::size_t>& findings) const;
    [[nodiscard]] std::string ignored_text(const std::vector<std::size_t>& findings) const;
    [[nodiscard]] std::string cause_text() const;
    [[nodiscard]] test_case of_finding(std::size_t finding) const;
    [[nodiscard]] std::optional<test_case> of_result(const std::vector<test_case>& so_far) const;

    const report& r_;
    std::vector<explained> explained_;
    diagnosis::severity bound_;
    const trace::span* stop_ = nullptr;  // the step at which it stopped
    std::vector<decided> decisions_;
    std::map<std::string_view, std::size_t> by_span_;  // of every visit
    std::vector<std::size_t> elsewhere_;               // findings of which the trace has no step
};

void cases::collect() {
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> places;
    for (const auto& s : r_.trace.spans) {
        const auto [at, added] = places.try_emplace({s.node, s.subject}, decisions_.size());
        if (added) decisions_.emplace_back();
        decisions_[at->second].last = &s;
        by_span_.try_emplace(s.span_id, at->second);
    }
    for (const auto& d : decisions_)
        if (d.last->node == r_.verdict.stopped_at && (!stop_ || d.last->subject == r_.verdict.stopped_candidate))
            stop_ = d.last;
}

// Where something is wrong, the worst first.
int badness(outcome o) {
    constexpr std::array from_worst{outcome::broken,   outcome::failed,  outcome::warning, outcome::ok,
                                    outcome::expected, outcome::unknown, outcome::not_run};
    return static_cast<int>(from_worst.end() - std::ranges::find(from_worst, o));
}

void cases::place_findings() {
    for (std::size_t i = 0; i < r_.verdict.findings.size(); ++i) {
        decided* worst = nullptr;
        for (const auto& id : r_.verdict.findings[i].evidence) {
            const auto at = by_span_.find(id);
            if (at == by_span_.end()) continue;
            auto& here = decisions_[at->second];
            if (!worst || badness(here.last->outcome) > badness(worst->last->outcome)) worst = &here;
        }
        (worst ? worst->findings : elsewhere_).push_back(i);
    }
}

bool cases::counts(std::size_t finding) const {
    const auto& f = r_.verdict.findings[finding];
    return f.severity <= bound_ && !is_ignored(r_, f);
}

std::string cases::finding_text(const std::vector<std::size_t>& findings) const {
    std::string out;
    for (const auto i : findings)
        out += to_text(explained_[i], to_string(r_.verdict.findings[i].severity), {.columns = 100});
    return out;
}

std::string cases::ignored_text(const std::vector<std::size_t>& findings) const {
    std::string names;
    for (const auto i : findings) names += (names.empty() ? "ignored: " : ", ") + r_.verdict.findings[i].id;
    return names;
}

// Where it stopped, the cause may stand at another step.
std::string cases::cause_text() const {
    std::string out;
    for (const auto& line : answer_of(r_).causes) out += fmt::format("Cause: {} ({})\n", line.title, name_text(line));
    return out;
}

void cases::settle(test_case& to, const decided& d) const {
    const auto& s = *d.last;
    const auto counted = counted_outcome(r_, s);
    const bool bad = counted == outcome::failed || counted == outcome::broken;
    const auto fails = std::ranges::find_if(d.findings, [&](std::size_t i) { return counts(i); });
    const bool ignored = !d.findings.empty() && std::ranges::all_of(d.findings, [&](std::size_t i) {
        return is_ignored(r_, r_.verdict.findings[i]);
    });
    if (fails != d.findings.end() || (bad && (d.findings.empty() || !r_.verdict.signed_in) && !ignored)) {
        to.state = counted == outcome::broken ? mark::error : mark::failed;
        to.type = fails != d.findings.end() ? r_.verdict.findings[*fails].id : s.branch;
        to.message = fails != d.findings.end() ? r_.verdict.findings[*fails].title : s.summary;
        to.text = fact_text(s) + "\n" + finding_text(d.findings);
        if (&s == stop_ && fails == d.findings.end()) to.text += cause_text();
    } else if (ignored || s.outcome == outcome::not_run || s.outcome == outcome::unknown) {
        to.state = mark::skipped;
        to.type = ignored ? "ignored" : s.outcome == outcome::unknown ? "unknown" : std::string(to_string(s.reason));
        to.message = ignored ? ignored_text(d.findings) : s.summary;
        if (ignored) to.text = fact_text(s) + "\n" + finding_text(d.findings);
    } else {
        to.note = fmt::format("{}: {}\n{}", outcome_text(s.outcome), s.summary, finding_text(d.findings));
    }
}

test_case cases::of(const decided& d) const {
    const auto& s = *d.last;
    const auto* node = chart::find(s.node);
    test_case out;
    out.stage = s.stage;
    out.group = s.node;
    out.name = node ? std::string(node->title) : s.node;
    // That one asks for a name made up anew each time: it would be a new case in each run.
    if (!s.subject.empty() && !s.is_at("discovery.wildcard")) out.name += " (" + s.subject + ")";
    out.ms = s.duration_ms;
    settle(out, d);
    return out;
}

test_case cases::of_finding(std::size_t finding) const {
    const auto& f = r_.verdict.findings[finding];
    test_case out;
    out.stage = std::clamp(f.stage, 1, 5);
    out.group = fmt::format("{}.findings", chart::stage_name(out.stage));
    out.name = f.id + (f.subject.empty() ? "" : " (" + f.subject + ")");
    out.type = f.id;
    out.message = f.title;
    out.text = finding_text({finding});
    out.state = counts(finding) ? mark::failed : is_ignored(r_, f) ? mark::skipped : mark::passed;
    if (out.state == mark::skipped) out.type = "ignored";
    if (out.state == mark::passed) out.note = std::move(out.text);
    return out;
}

// A run that ended badly, but at no step: interrupted, or over a fault of ours.
std::optional<test_case> cases::of_result(const std::vector<test_case>& so_far) const {
    const bool told = std::ranges::any_of(
        so_far, [](const test_case& c) { return c.state == mark::failed || c.state == mark::error; });
    if (told || r_.verdict.exit_code == 0) return std::nullopt;
    const auto a = answer_of(r_);
    test_case out;
    out.stage = std::clamp(r_.verdict.stage_reached, 1, 5);
    out.group = fmt::format("{}.result", chart::stage_name(out.stage));
    out.name = "Result";
    out.state = mark::error;
    out.type = fmt::format("exit code {}", r_.verdict.exit_code);
    out.message = a.headline;
    out.text = to_text(a, {.columns = 100});
    return out;
}

std::vector<test_case> cases::all() {
    collect();
    place_findings();
    std::vector<test_case> found;
    for (const auto& d : decisions_) found.push_back(of(d));
    for (const auto i : elsewhere_) found.push_back(of_finding(i));
    if (auto result = of_result(found)) found.push_back(std::move(*result));
    return found;
}

std::string seconds(double ms) { return fmt::format("{:.3f}", ms / 1000); }

std::string written(const test_case& c) {
    auto out = fmt::format(
        R"(    <testcase classname="{}" name="{}" time="{}")", attribute(c.group), attribute(c.name), seconds(c.ms));
    if (c.state == mark::passed) {
        if (c.note.empty()) return out + "/>\n";
        return out + fmt::format(">\n      <system-out>{}</system-out>\n    </testcase>\n", xml(c.note));
    }
    const auto* element = c.state == mark::failed ? "failure" : c.state == mark::error ? "error" : "skipped";
    return out + fmt::format(
                     ">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n", element,
                     attribute(c.type), attribute(c.message), xml(c.text));
}

std::size_t count(const std::vector<test_case>& all, int stage, std::optional<mark> in = {}) {
    return static_cast<std::size_t>(std::ranges::count_if(
        all, [&](const test_case& c) { return (stage == 0 || c.stage == stage) && (!in || c.state == *in); }));
}

// Stage 0: all.
std::string counts_text(const std::vector<test_case>& all, int stage) {
    return fmt::format(
        R"(tests="{}" failures="{}" errors="{}")", count(all, stage), count(all, stage, mark::failed),
        count(all, stage, mark::error));
}

std::string properties(const report& r, const answer& a) {
    return fmt::format(
        "    <properties>\n      <property name=\"version\" value=\"{}\"/>\n      <property name=\"run\" "
        "value=\"{}\"/>\n"
        "      <property name=\"exit_code\" value=\"{}\"/>\n      <property name=\"answer\" value=\"{}\"/>\n"
        "    </properties>\n",
        attribute(r.tool_version), attribute(r.run_id), r.verdict.exit_code, attribute(a.headline));
}

}  // namespace

std::string to_junit(const report& as_read) {
    const auto r = shown(as_read);
    const auto all = cases(r).all();
    const auto about = properties(r, answer_of(r));
    auto out = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" {} time=\"{}\">\n",
        attribute(r.tool_name + " " + r.facts.sip_uri), counts_text(all, 0), seconds(r.trace.duration_ms));
    for (const auto& s : summarize_stages(r)) {
        out += fmt::format(
            R"(  <testsuite id="{}" name="{}" {} skipped="{}" time="{}" timestamp="{}">)", s.stage, s.id,
            counts_text(all, s.stage), count(all, s.stage, mark::skipped), seconds(s.duration_ms),
            attribute(r.trace.started_at.substr(0, r.trace.started_at.find_first_of(".Z"))));
        out += "\n" + about;
        for (const auto& c : all)
            if (c.stage == s.stage) out += written(c);
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

}  // namespace ucsignin::report
