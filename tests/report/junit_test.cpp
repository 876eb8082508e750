#include <catch2/catch.hpp>

#include "samples.hpp"

using namespace ucsignin;

namespace samples = report::samples;

namespace {

bool holds(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

// The first with this in its names, whatever else is said of it elsewhere.
std::string case_of(const std::string& junit, std::string_view name) {
    for (auto at = junit.find("<testcase"); at != std::string::npos; at = junit.find("<testcase", at + 1)) {
        const auto end = junit.find("</testcase>", at);
        if (junit.substr(at, junit.find('>', at) - at).find(name) != std::string::npos)
            return junit.substr(at, end - at);
    }
    return {};
}

}  // namespace

TEST_CASE("a step that went well passes, one that did not run is skipped with its reason") {
    const auto junit = to_junit(samples::healthy());
    CHECK(holds(
        junit, "<testsuites name=\"ucsignin sip:alice@contoso.example\" tests=\"8\" failures=\"0\" errors=\"0\""));
    CHECK(holds(case_of(junit, "devices.route"), "<system-out>ok: eth0"));
    CHECK(holds(case_of(junit, "provisioning.calendar"), "<skipped type=\"not_implemented\""));
}

TEST_CASE("where it stopped stand evidence and remedy; what the sign-in got past passes with its warning") {
    const auto junit = to_junit(samples::stopped());
    const auto stop = case_of(junit, "registration.web_ticket");
    CHECK(holds(stop, "<failure type=\"reg-wrong-password\" message=\"The password of CONTOSO\\alice was refused"));
    CHECK(holds(stop, "How we know"));
    CHECK(holds(stop, "Type the password again"));
    const auto past = case_of(junit, "(accessedge.contoso.example:443)");
    CHECK_FALSE(holds(past, "<failure"));
    CHECK(holds(past, "dns-stale-a"));
    CHECK(holds(case_of(junit, "provisioning.login"), "<skipped type=\"not_reached\""));
}

TEST_CASE("a warning fails its case where it fails the run, unless it is ignored") {
    auto r = samples::stopped();
    report::apply({.fail_on = diagnosis::severity::warning, .ignore = {}}, r);
    CHECK(holds(case_of(to_junit(r), "(accessedge.contoso.example:443)"), "<failure type=\"dns-stale-a\""));
    report::apply({.fail_on = {}, .ignore = {{"dns-stale-a", std::nullopt}}}, r);
    const auto ignored = case_of(to_junit(r), "(accessedge.contoso.example:443)");
    CHECK(holds(ignored, "<skipped type=\"ignored\" message=\"ignored: dns-stale-a\""));
    CHECK(holds(ignored, "where nothing answers"));
}

TEST_CASE("a run that ended badly at no step has an error all the same") {
    const auto junit = to_junit(samples::interrupted());
    CHECK(holds(junit, "<error type=\"exit code 130\" message=\"Interrupted after"));
}

TEST_CASE("a finding without a step is a case of its own") {
    auto r = samples::stopped();
    r.verdict.findings[0].evidence = {"0000000000000fff"};
    CHECK(holds(case_of(to_junit(r), "registration.findings"), "<failure type=\"reg-wrong-password\""));
}

TEST_CASE("nothing that a server says ends an element or is no XML") {
    auto r = samples::stopped();
    r.trace.spans[4].summary = "]]></failure>\"'&\x01\xff\xef\xbf\xbf\r\x0b";
    const auto junit = to_junit(r);
    CHECK_FALSE(holds(junit, "]]>"));
    CHECK(holds(junit, "]]&gt;&lt;/failure&gt;&quot;'&amp;\\x01\\xff"));
    for (const char c : junit) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
}
