#include "report/shown.hpp"

#include <cmath>
#include <initializer_list>

#include "trace/visible.hpp"

namespace ucsignin::report {
namespace {

// Names and words stand on a line of their own or within one.
void make_words(std::initializer_list<std::string*> texts) {
    for (auto* text : texts) *text = trace::visible(*text);
}

// Sentences are laid out anew, commands are written a line each: there a line break is one.
void make_lines(std::initializer_list<std::string*> texts) {
    for (auto* text : texts) *text = trace::visible_lines(*text);
}

void make(trace::span& s) {
    make_words({&s.span_id, &s.node, &s.subject, &s.branch});
    for (auto& id : s.waited_for) make_words({&id});
    make_lines({&s.summary});
    s.start_ms = rounded(s.start_ms);
    s.duration_ms = rounded(s.duration_ms);
    for (auto& e : s.evidence) {
        make_words({&e.name});
        if (auto* number = std::get_if<double>(&e.value)) *number = rounded(*number);
        if (auto* text = std::get_if<std::string>(&e.value)) make_lines({text});
    }
    if (!s.decision) return;
    make_lines({&s.decision->question, &s.decision->chosen});
    for (auto& c : s.decision->considered) make_lines({&c.option, &c.why});
}

void make(diagnosis::finding& f) {
    make_words({&f.id, &f.subject, &f.decided_by.span_id, &f.decided_by.evidence});
    make_lines({&f.title, &f.explanation});
    for (auto& id : f.evidence) make_words({&id});
    for (auto& r : f.ruled_out) make_lines({&r.id, &r.by});
    for (auto& r : f.remedies) make_lines({&r.who, &r.text, &r.check});
}

void make(trace::message& m) {
    make_words(
        {&m.from.role, &m.from.host, &m.from.address, &m.to.role, &m.to.host, &m.to.address, &m.protocol, &m.span_id,
         &m.start_line, &m.body.type});
    m.time_ms = rounded(m.time_ms);
    for (auto& h : m.headers) make_words({&h.name, &h.value});
    if (m.body.text) make_lines({&*m.body.text});
}

}  // namespace

double rounded(double ms) { return std::isfinite(ms) ? std::round(ms * 1000) / 1000 : 0; }

report shown(const report& as_read) {
    auto r = as_read;
    make_words(
        {&r.tool_name, &r.tool_version, &r.tool_commit, &r.platform, &r.run_id, &r.mode, &r.facts.sip_uri,
         &r.facts.login, &r.trace.trace_id, &r.trace.started_at});
    make_lines({&r.facts.fault});
    r.trace.duration_ms = rounded(r.trace.duration_ms);
    for (auto& [name, value] : r.options) make_words({&name, &value});
    for (auto& s : r.trace.spans) make(s);
    for (auto& m : r.trace.messages) make(m);
    auto& v = r.verdict;
    make_words({&v.stopped_at, &v.stopped_candidate});
    for (auto& c : v.root_causes) make_words({&c.id, &c.subject});
    for (auto& f : v.findings) make(f);
    r.ignored.clear();
    for (auto f : as_read.ignored) {
        make_words({&f.id, &f.subject});
        r.ignored.insert(std::move(f));
    }
    return r;
}

}  // namespace ucsignin::report
