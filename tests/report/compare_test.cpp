#include "ucsignin/compare.hpp"

#include <catch2/catch.hpp>

#include "report/compared_words.hpp"
#include "report/steady.hpp"
#include "samples.hpp"
#include "trace/evidence.hpp"

using namespace ucsignin;
using report::compare;

namespace samples = report::samples;
namespace ev = trace::ev;

namespace {

void note(trace::span& s, const trace::evidence_entry& name, trace::value value) {
    s.evidence.push_back({std::string(name.name), std::move(value), name.kind, name.from});
}

}  // namespace

TEST_CASE("a report is the same as itself, masked or not") {
    for (const auto& r : {samples::healthy(), samples::stopped(), samples::interrupted()}) {
        CHECK(compare(r, r).same());
        CHECK(compare(r, report::mask(r)).same());
        CHECK(to_text(compare(r, r), {}) == "The two runs went the same way.\n");
    }
}

TEST_CASE("what differs from run to run is left out") {
    CHECK(report::steady("127.0.0.1:49152 and 10.0.0.7:5061", false) == "127.0.0.1:* and 10.0.0.7:5061");
    CHECK(report::steady("/proc/877/fd/21", false) == "/proc/*/fd/*");
    CHECK(
        report::steady("user12@domain3.example, 192.0.2.17, TLSv1.3", true) ==
        "user#@domain#.example, 192.0.2.#, TLSv1.3");
    auto one = samples::healthy(), other = one;
    note(one.trace.spans[2], ev::tcp_ms, 3.5);
    note(other.trace.spans[2], ev::tcp_ms, 99.5);
    note(one.trace.spans[2], ev::x509_not_after, std::string("2027-01-01T00:00:00Z"));
    note(other.trace.spans[2], ev::x509_not_after, std::string("2028-01-01T00:00:00Z"));
    note(one.trace.spans[2], ev::x509_fingerprint, std::string("aa"));
    note(other.trace.spans[2], ev::x509_fingerprint, std::string("bb"));
    CHECK(compare(one, other).same());
    one.mode = other.mode = "live";  // where a certificate is not made anew for each run
    CHECK_FALSE(compare(one, other).same());
}

TEST_CASE("the step that the cause rests on is named first, with what it said before") {
    const auto found = compare(samples::healthy(), samples::stopped());
    REQUIRE_FALSE(found.steps.empty());
    CHECK(found.steps[0].node == "registration.web_ticket");
    CHECK(found.steps[0].before.empty());
    CHECK(found.steps[0].said == "fe01.contoso.example refuses the password of CONTOSO\\alice");
    REQUIRE_FALSE(found.verdict.empty());
    CHECK(found.verdict[0].name == "exit code");
    CHECK(
        to_text(found, {}).find("First difference, the likely reason of the others:\n  - Web ticket") !=
        std::string::npos);
}

TEST_CASE("without a cause, the step that failed comes before what follows from it") {
    auto before = samples::stopped(), after = before;
    before.verdict.root_causes.clear();
    after.verdict.root_causes.clear();
    before.trace.spans[2].outcome = trace::outcome::ok;
    before.trace.spans[2].branch = "connected";
    after.trace.spans[1].decision->chosen = "another";
    const auto found = compare(before, after);
    REQUIRE(found.steps.size() == 2);
    CHECK(found.steps[0].node == "connection.tcp");
    CHECK(found.steps[0].before == "ok, connected");
    CHECK(found.steps[0].after == "failed, filtered");
    CHECK(found.steps[1].node == "discovery.candidates");
    REQUIRE(found.steps[1].evidence.size() == 1);
    CHECK(found.steps[1].evidence[0].name == "chosen");
}

TEST_CASE("a step is slower only beyond what all are, and an option that changed is told") {
    auto before = samples::healthy(), after = before;
    for (auto& s : after.trace.spans) s.duration_ms *= 100;
    CHECK(compare(before, after).times.empty());
    after = before;
    after.trace.spans[1].duration_ms += 5000;
    after.options[0].second = "30";
    const auto found = compare(before, after);
    REQUIRE(found.times.size() == 1);
    CHECK(found.times[0].node == "discovery.candidates");
    REQUIRE(found.settings.size() == 1);
    CHECK(found.settings[0].after == std::vector<std::string>{"30"});
    CHECK_FALSE(found.same());
}

TEST_CASE("the page of a comparison names the likely reason first and holds all that changed") {
    const auto found = compare(samples::healthy(), samples::stopped());
    const auto page = to_html(found);
    CHECK(page == to_html(found));
    CHECK(page.find("fe01.contoso.example refuses the password of CONTOSO\\alice</h1>") != page.npos);
    CHECK(page.find(report::first_heading) < page.find(report::steps_heading));
    for (const auto& v : found.verdict) CHECK(page.find("<th scope=\"row\">" + v.name + "</th>") != page.npos);
    for (const std::string_view never : {"<script", "src=", "href=\"http", "style=\""})
        CHECK(page.find(never) == page.npos);
    const auto one = samples::healthy();
    CHECK(to_html(compare(one, one)).find(">" + std::string(report::nothing_changed) + "</h1>") != std::string::npos);
}

TEST_CASE("nothing that two reports say becomes markup") {
    const std::string bad = "</td><img src=x onerror=\"a()\">\xe2\x80\xae\x1b'";
    const report::changed_value value{bad, {bad}, {bad}};
    const report::changed_step step{bad, bad, bad, bad, bad, bad, bad, {value}};
    const auto page = to_html(
        report::comparison{{value}, {value}, {step, step}, {{bad, bad, 1, 9000}}, {bad, bad}, {bad, bad}});
    for (const std::string_view never : {"<img", "onerror=\"", "\xe2\x80\xae", "\x1b"})
        CHECK(page.find(never) == page.npos);
}
