// Masks a report value by value. Two passes: the first learns every name from typed values, so that the second finds it
// in sentences that came earlier.

#include "report/pseudonyms.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::report {
namespace {

// The server's certificate can be looked up by it in public logs.
constexpr std::string_view fingerprint = "tls.server.hash.sha256";

void mask_value(pseudonyms& masks, trace::evidence& e) {
    auto* text = std::get_if<std::string>(&e.value);
    if (!text) return;
    switch (e.kind) {
        case trace::value_kind::host:
        case trace::value_kind::address: *text = masks.host(*text); return;
        case trace::value_kind::sip_uri: *text = masks.sip_uri(*text); return;
        case trace::value_kind::dn: *text = masks.dn(*text); return;
        case trace::value_kind::url: *text = masks.url(*text); return;
        case trace::value_kind::text:
        case trace::value_kind::number:
        case trace::value_kind::code:
        case trace::value_kind::time: break;
    }
    *text = e.name == fingerprint ? "masked" : masks.text(*text);
}

void mask_facts(pseudonyms& masks, diagnosis::facts& facts) {
    facts.sip_uri = masks.sip_uri(facts.sip_uri);
    facts.login = masks.login(facts.login);
}

void mask_span(pseudonyms& masks, trace::span& s) {
    for (auto& e : s.evidence) mask_value(masks, e);
    s.subject = masks.text(s.subject);
    s.summary = masks.text(s.summary);
    if (!s.decision) return;
    s.decision->question = masks.text(s.decision->question);
    s.decision->chosen = masks.text(s.decision->chosen);
    for (auto& c : s.decision->considered) {
        c.option = masks.text(c.option);
        c.why = masks.text(c.why);
    }
}

void mask_finding(pseudonyms& masks, diagnosis::finding& f) {
    f.subject = masks.text(f.subject);
    f.title = masks.text(f.title);
    f.explanation = masks.text(f.explanation);
    for (auto& r : f.ruled_out) r.by = masks.text(r.by);
    for (auto& r : f.remedies) {
        r.text = masks.text(r.text);
        r.check = masks.text(r.check);
    }
}

void learn(pseudonyms& masks, report r) {
    mask_facts(masks, r.facts);
    for (auto& [name, value] : r.options)
        if (name == "login" || name == "--login") value = masks.login(value);
    for (auto& s : r.trace.spans)
        for (auto& e : s.evidence)
            if (e.kind != trace::value_kind::text) mask_value(masks, e);
}

}  // namespace

report mask(const report& original) {
    pseudonyms masks;
    learn(masks, original);
    report r = original;
    mask_facts(masks, r.facts);
    for (auto& [name, value] : r.options) value = masks.text(value);
    for (auto& s : r.trace.spans) mask_span(masks, s);
    r.verdict.stopped_candidate = masks.text(r.verdict.stopped_candidate);
    for (auto& c : r.verdict.root_causes) c.subject = masks.text(c.subject);
    for (auto& f : r.verdict.findings) mask_finding(masks, f);
    return r;
}

}  // namespace ucsignin::report
