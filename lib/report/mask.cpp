// Masks a report. It is safe by construction: of a text (a value, a sentence of ours, what a server wrote) every word
// goes that is not in the vocabulary of the program's own texts and of the protocols' words, and every number of five
// digits and more that is no port, version, date, quantity or number of the trace (vocabulary.hpp, text_mask.cpp). That
// vocabulary is public, so what stays cannot tell whose report it is; and nobody has to foresee in which value, or in
// which sentence of a server, a name may stand. What it costs: somebody who is called like one of our words keeps that
// word in prose, where it says nothing ("Page", written with a capital, is none of them). The vocabulary alone would
// make a report of stars. So names are learned first, from what is a name by its kind, and addresses, hosts, users,
// telephone numbers and GUIDs by their form: each gets a stand-in, the same one everywhere. All is masked twice for
// that, once to learn: then a text has the same mask wherever it stands, so that subjects still match; and then again,
// until nothing changes any more: so that a masked report stays as it is when it is masked.

#include <cmath>
#include <map>
#include <set>

#include "report/pseudonyms.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::report {
namespace {

namespace ev = trace::ev;

constexpr int most_rounds = 6;

// What a text is: a sentence, something that may be nothing but a name, or a name by its kind.
enum class sort { sentence, name, host, dn, adapter, login };

sort sort_of(const trace::evidence& e) {
    if (e.name == ev::adapter_name.name) return sort::adapter;
    if (e.kind == trace::value_kind::host) return sort::host;
    return e.kind == trace::value_kind::dn ? sort::dn : sort::name;
}

sort sort_of_option(std::string_view option) {
    if (option.ends_with("login")) return sort::login;
    return option == "server" || option == "trust-domain" ? sort::host : sort::name;
}

// Masks one report, or only learns its names; remembers whether there was anything to mask.
class report_mask {
public:
    enum class aim { learn, mask };
    report_mask(pseudonyms& known, aim what) : known_(known), aim_(what) {}
    void facts(diagnosis::facts&);
    void all(report&);
    [[nodiscard]] bool changed() const { return changed_; }

private:
    void set(std::string& text, sort what);
    [[nodiscard]] std::string masked(const std::string& text, sort what);
    void sentence(std::string& text) { set(text, sort::sentence); }
    void name(std::string& text) { set(text, sort::name); }
    void span(trace::span&);
    void finding(diagnosis::finding&);
    void message(trace::message&);

    pseudonyms& known_;
    aim aim_;
    std::map<std::pair<sort, std::string>, std::string> done_;  // most values of a report stand there many times
    bool changed_ = false;
};

std::string report_mask::masked(const std::string& text, sort what) {
    switch (what) {
        case sort::sentence: return known_.text(text);
        case sort::name: return known_.name(text);
        case sort::host: return known_.host(text);
        case sort::dn: return known_.dn(text);
        case sort::adapter: return known_.adapter(text);
        case sort::login: return known_.login(text);
    }
    return {};
}

void report_mask::set(std::string& text, sort what) {
    const auto [at, added] = done_.try_emplace({what, text});
    if (aim_ == aim::learn) {
        if (added) (void)masked(text, what);
        return;
    }
    if (added) at->second = masked(text, what);
    changed_ = changed_ || at->second != text;
    text = at->second;
}

void report_mask::facts(diagnosis::facts& facts) {
    sentence(facts.sip_uri);
    set(facts.login, sort::login);
}

void report_mask::span(trace::span& s) {
    for (auto& e : s.evidence)
        if (auto* value = std::get_if<std::string>(&e.value)) set(*value, sort_of(e));
    name(s.subject);
    sentence(s.summary);
    if (!s.decision) return;
    sentence(s.decision->question);
    name(s.decision->chosen);
    for (auto& c : s.decision->considered) {
        name(c.option);
        sentence(c.why);
    }
}

void report_mask::finding(diagnosis::finding& f) {
    name(f.subject);
    sentence(f.title);
    sentence(f.explanation);
    for (auto& r : f.ruled_out) sentence(r.by);
    for (auto& r : f.remedies) {
        sentence(r.who);
        sentence(r.text);
        sentence(r.check);
    }
}

void report_mask::message(trace::message& m) {
    for (auto* end : {&m.from, &m.to}) {
        sentence(end->role);
        set(end->host, sort::host);
        name(end->address);
    }
    sentence(m.protocol);
    sentence(m.start_line);
    for (auto& h : m.headers) {
        sentence(h.name);
        name(h.value);
    }
    sentence(m.body.type);
    if (m.body.text) sentence(*m.body.text);
}

void report_mask::all(report& r) {
    facts(r.facts);
    for (auto& [option, value] : r.options)
        if (option != "fail-on") set(value, sort_of_option(option));
    for (auto& s : r.trace.spans) span(s);
    for (auto& m : r.trace.messages) message(m);
    name(r.verdict.stopped_candidate);
    for (auto& c : r.verdict.root_causes) name(c.subject);
    for (auto& f : r.verdict.findings) finding(f);
    std::set<finding_name> ignored;
    for (auto f : r.ignored) {
        name(f.subject);
        ignored.insert(std::move(f));
    }
    r.ignored = std::move(ignored);
}

// What a number looks like where a sentence quotes it.
void keep_number(pseudonyms& known, const trace::value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) known.keep_number(std::to_string(std::abs(*whole)));
    const auto* fraction = std::get_if<double>(&value);
    if (!fraction || !(std::abs(*fraction) < 1e15)) return;
    known.keep_number(std::to_string(static_cast<std::int64_t>(std::abs(*fraction))));
    known.keep_number(std::to_string(std::llround(std::abs(*fraction))));
}

// Names of several words have to be known before the first sentence is looked at, and so have the user's.
void learn_names(pseudonyms& known, report& r) {
    using enum report_mask::aim;
    report_mask(known, learn).facts(r.facts);
    for (const auto& s : r.trace.spans)
        for (const auto& e : s.evidence) {
            keep_number(known, e.value);
            const auto* text = std::get_if<std::string>(&e.value);
            if (text && e.kind == trace::value_kind::dn) known.learn_dn(*text);
            if (text && e.name == ev::adapter_name.name) (void)known.adapter(*text);
        }
    report_mask(known, learn).all(r);
}

bool mask_once(report& r) {
    pseudonyms known;
    learn_names(known, r);
    report_mask mask(known, report_mask::aim::mask);
    mask.all(r);
    return mask.changed();
}

}  // namespace

report mask(report masked) {
    // Once is enough but for texts that nobody writes ("t::1"), where a stand-in next to a mark looks like something
    // else.
    for (int rounds = 0; rounds < most_rounds && mask_once(masked); ++rounds) {}
    return masked;
}

}  // namespace ucsignin::report
