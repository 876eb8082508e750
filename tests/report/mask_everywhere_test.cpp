// Whatever names somebody is masked wherever a report may hold it: each value at each place, and alone there, so that
// nothing else can teach the name.

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <regex>

#include "marked_values.hpp"
#include "samples.hpp"

using namespace ucsignin;
using report::samples::marked_values;
using report::samples::markers_left;
using report::samples::sentences_with;

namespace {

struct registered {
    std::string name;
    trace::value_kind kind;
    trace::provenance from;
};

// The registry is read as text: C++ can't list the variables of a namespace.
const std::vector<registered>& registry() {
    static const auto all = [] {
        static const std::regex entry(R"re(\{\s*"([a-z][^"]*)",\s*([a-z_]+),\s*([a-z]+)\b)re");
        std::string text;
        for (const auto& file : std::filesystem::directory_iterator(UCSIGNIN_EVIDENCE_FOLDER)) {
            if (!file.path().filename().string().starts_with("evidence")) continue;
            std::ifstream in(file.path());
            text.append(std::istreambuf_iterator<char>(in), {});
        }
        std::vector<registered> found;
        for (auto m = std::sregex_iterator(text.begin(), text.end(), entry); m != std::sregex_iterator(); ++m) {
            const auto kind = trace::value_kind_from((*m)[2].str());
            const auto from = trace::provenance_from((*m)[3].str());
            if (kind && from) found.push_back({(*m)[1], *kind, *from});
        }
        return found;
    }();
    return all;
}

report::report empty_report() {
    report::report r;
    r.facts.sip_uri = "sip:somebody@elsewhere.example";
    r.trace.spans = {
        report::samples::span("00000000000000a1", "connection.tcp", 1, 2, trace::outcome::ok, "connected")};
    return r;
}

trace::span& span_of(report::report& r) { return r.trace.spans.front(); }

trace::decision& decision_of(report::report& r) {
    auto& d = span_of(r).decision;
    if (!d) d = trace::decision{"Which one?", {{"this", trace::verdict::chosen, "it answers"}}, "this"};
    return *d;
}

diagnosis::finding& finding_of(report::report& r) {
    if (r.verdict.findings.empty()) {
        diagnosis::finding f;
        f.id = "net-tcp-refused";
        f.ruled_out = {{"net-tcp-reset", "refused"}};
        f.remedies = {{"network admin", "Open the port.", "nc -vz host 443"}};
        r.verdict.findings = {f};
    }
    return r.verdict.findings.front();
}

trace::message& message_of(report::report& r) {
    if (r.trace.messages.empty()) {
        trace::message m;
        m.from = {"client", "", ""};
        m.to = {"registrar", "", ""};
        m.protocol = "SIP";
        m.start_line = "SIP/2.0 200 OK";
        m.headers = {{"Server", "RTC/7.0"}};
        m.body.text = "";
        r.trace.messages = {m};
    }
    return r.trace.messages.front();
}

struct place {
    const char* what;
    std::function<std::string&(report::report&)> text;
};

const std::vector<place>& places() {
    // clang-format off
    static const std::vector<place> all{
        {"sip_uri", [](auto& r) -> auto& { return r.facts.sip_uri; }},
        {"login", [](auto& r) -> auto& { return r.facts.login; }},
        {"option login", [](auto& r) -> auto& { return r.options.emplace_back("login", "").second; }},
        {"option server", [](auto& r) -> auto& { return r.options.emplace_back("server", "").second; }},
        {"option ca-file", [](auto& r) -> auto& { return r.options.emplace_back("ca-file", "").second; }},
        {"subject", [](auto& r) -> auto& { return span_of(r).subject; }},
        {"summary", [](auto& r) -> auto& { return span_of(r).summary; }},
        {"question", [](auto& r) -> auto& { return decision_of(r).question; }},
        {"option", [](auto& r) -> auto& { return decision_of(r).considered[0].option; }},
        {"why", [](auto& r) -> auto& { return decision_of(r).considered[0].why; }},
        {"chosen", [](auto& r) -> auto& { return decision_of(r).chosen; }},
        {"message's role", [](auto& r) -> auto& { return message_of(r).to.role; }},
        {"message's host", [](auto& r) -> auto& { return message_of(r).to.host; }},
        {"message's address", [](auto& r) -> auto& { return message_of(r).from.address; }},
        {"protocol", [](auto& r) -> auto& { return message_of(r).protocol; }},
        {"start line", [](auto& r) -> auto& { return message_of(r).start_line; }},
        {"header's name", [](auto& r) -> auto& { return message_of(r).headers[0].name; }},
        {"header", [](auto& r) -> auto& { return message_of(r).headers[0].value; }},
        {"body's type", [](auto& r) -> auto& { return message_of(r).body.type; }},
        {"body", [](auto& r) -> auto& { return *message_of(r).body.text; }},
        {"stopped_candidate", [](auto& r) -> auto& { return r.verdict.stopped_candidate; }},
        {"root cause's subject", [](auto& r) -> auto& { return r.verdict.root_causes.emplace_back("net-tcp-refused", "", diagnosis::certainty::certain).subject; }},
        {"finding's subject", [](auto& r) -> auto& { return finding_of(r).subject; }},
        {"title", [](auto& r) -> auto& { return finding_of(r).title; }},
        {"explanation", [](auto& r) -> auto& { return finding_of(r).explanation; }},
        {"ruled out by", [](auto& r) -> auto& { return finding_of(r).ruled_out[0].by; }},
        {"who", [](auto& r) -> auto& { return finding_of(r).remedies[0].who; }},
        {"remedy", [](auto& r) -> auto& { return finding_of(r).remedies[0].text; }},
        {"check", [](auto& r) -> auto& { return finding_of(r).remedies[0].check; }}};
    // clang-format on
    return all;
}

// A report that holds a marker all the same is shown; the others are too many to be written down.
bool is_masked(const report::report& r, const std::vector<std::string>& markers) {
    const auto text = report::to_json(report::mask(r));
    const auto left = markers_left(text, markers);
    if (!left.empty()) UNSCOPED_INFO("left of it: " << left.front() << " in\n" << text);
    return left.empty();
}

void note(report::report& r, const registered& e, std::string value) {
    span_of(r).evidence.push_back({e.name, std::move(value), e.kind, e.from});
}

}  // namespace

TEST_CASE("every evidence of the registry is masked, whatever it holds") {
    REQUIRE(registry().size() > 150);
    for (const auto& e : registry())
        for (const auto& marked : marked_values()) {
            auto r = empty_report();
            note(r, e, marked.text);
            const auto value = std::get<std::string>(span_of(r = report::mask(r)).find(e.name)->value);
            if (!markers_left(value, marked.markers).empty())
                FAIL(e.name << ", " << marked.what << ": " << marked.text << " became " << value);
        }
}

TEST_CASE("every evidence of the registry is masked where it holds a sentence") {
    for (const auto& marked : marked_values()) {
        auto r = empty_report();
        for (const auto& e : registry()) note(r, e, sentences_with(marked.text));
        if (!is_masked(r, marked.markers)) FAIL(marked.what << ": " << marked.text);
    }
}

TEST_CASE("every other text of a report is masked, though nothing else names what it quotes") {
    for (const auto& where : places())
        for (const auto& marked : marked_values())
            for (const auto& value : {marked.text, sentences_with(marked.text)}) {
                auto r = empty_report();
                where.text(r) = value;
                if (!is_masked(r, marked.markers)) FAIL(where.what << ", " << marked.what << ": " << value);
            }
}

TEST_CASE("a name is masked whatever it is glued to") {
    constexpr std::array marks{"",      " ",   ".",    ",",  ":",    ";",    "/",        "\\",      "@",   "-",
                               "_",     "+",   "=",    "(",  ")",    "'",    "\"",       "%",       "&",   "*",
                               "#",     "?",   "~",    "$",  "<",    ">",    "[",        "]",       "{",   "|",
                               "\n",    "\t",  "x",    "1",  "sip:", "tel:", "https://", "://",     "%20", "%2F",
                               "&amp;", "CN=", "C:\\", "..", "'s",   "***",  "*.",       "\xc3\xa4"};
    const auto& values = marked_values();
    std::mt19937 random(7);  // NOLINT: the same mixtures each time
    const auto any = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    for (int round = 0; round < 3000; ++round) {
        const auto& marked = values[any(values.size())];
        auto r = empty_report();
        auto& text = span_of(r).summary;
        text = marks[any(marks.size())] + marked.text + marks[any(marks.size())] + values[any(values.size())].text +
               marks[any(marks.size())];
        const auto original = text;
        r = report::mask(r);
        if (!markers_left(span_of(r).summary, marked.markers).empty())
            FAIL(marked.what << ": " << original << " became " << span_of(r).summary);
    }
}

TEST_CASE("all of them at once are masked, and masking them again changes nothing") {
    auto r = empty_report();
    std::vector<std::string> markers;
    for (const auto& marked : marked_values()) {
        markers.insert(markers.end(), marked.markers.begin(), marked.markers.end());
        auto s = report::samples::span(
            "00000000000000b1", "connection.tls", 1, 2, trace::outcome::failed, sentences_with(marked.text));
        s.subject = marked.text;
        r.trace.spans.push_back(std::move(s));
        for (const auto& e : registry()) note(r, e, marked.text);
        for (const auto& where : places()) where.text(r) += marked.text + " ";
    }
    const auto once = report::mask(r);
    const auto text = report::to_json(once);
    CHECK(markers_left(text, markers) == std::vector<std::string>{});
    CHECK(report::to_json(report::mask(once)) == text);
}

// Each text of the JSON report in turn, so that a member which is added to reports later can't be forgotten.
TEST_CASE("no member of the JSON report keeps a name but those that hold the program's own words") {
    const std::regex own(
        R"(/format|/tool/\w+|/run/(id|trace_id|started_at|mode|until)|/identity/sip_domain|/result/stopped_at|/result/root_causes/\d+/(id|certainty)|)"
        R"(/stages/\d+/\w+|/trace/\d+/(span_id|parent_span_id|node|outcome|reason|branch|waited_for/\d+)|/trace/\d+/decision/considered/\d+/verdict|)"
        R"(/trace/\d+/evidence/\d+/(name|kind|provenance)|/messages/\d+/(direction|span_id)|/findings/\d+/(id|severity|certainty|evidence/\d+|ruled_out/\d+/id))");
    const auto original = nlohmann::json::parse(report::to_json(report::samples::stopped()));
    const auto leaves = original.flatten();
    for (const auto& [pointer, leaf] : leaves.items()) {
        if (!leaf.is_string() || std::regex_match(pointer, own)) continue;
        auto marked = original;
        marked[nlohmann::json::json_pointer(pointer)] = "Zelda zq7marker";
        const auto read = report::from_json(marked.dump());
        INFO(pointer);
        REQUIRE(read);
        CHECK(is_masked(*read, {"zelda", "zq7marker"}));
    }
}
