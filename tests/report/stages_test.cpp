#include <catch2/catch.hpp>

#include "report/stages.hpp"
#include "samples.hpp"

using namespace ucsignin;
using report::summarize_stages;
using trace::outcome;

TEST_CASE("a healthy sign-in has five stages that are ok, in order") {
    const auto r = report::samples::healthy();
    const auto stages = summarize_stages(r);
    for (int n = 1; n <= 5; ++n) {
        CHECK(stages[n - 1].stage == n);
        CHECK(stages[n - 1].id == chart::stage_name(n));
        CHECK(stages[n - 1].outcome == outcome::ok);
    }
    CHECK(stages[4].main->summary == "available (3500)");
}

TEST_CASE("the stage in which it stopped is failed, and its main fact is the step that stopped it") {
    const auto r = report::samples::stopped();
    const auto stages = summarize_stages(r);
    CHECK(stages[3].outcome == outcome::failed);
    REQUIRE(stages[3].main);
    CHECK(stages[3].main->span_id == "00000000000000d1");
}

TEST_CASE("a candidate that failed before another one worked makes a warning, no failure") {
    const auto r = report::samples::stopped();
    const auto stages = summarize_stages(r);
    CHECK(stages[2].outcome == outcome::warning);
    CHECK(stages[2].main->summary == "131.107.255.7:443 does not answer");
}

TEST_CASE("a stage that was not reached is not_run, even if signing out ran in it") {
    const auto r = report::samples::stopped();
    const auto stages = summarize_stages(r);
    CHECK(stages[4].outcome == outcome::not_run);
    CHECK(stages[4].duration_ms == 0);
    CHECK(stages[4].main == nullptr);
}

TEST_CASE("a failed function of stage 5 stays failed although the user is signed in") {
    auto r = report::samples::healthy();
    r.trace.spans.push_back(report::samples::span(
        "00000000000000f1", "provisioning.contacts", 430, 5, outcome::failed, "contacts are refused"));
    CHECK(summarize_stages(r)[4].outcome == outcome::failed);
    CHECK(summarize_stages(r)[4].main->summary == "contacts are refused");
}

TEST_CASE("the main fact of a spoiled stage is the one that a root cause rests on") {
    auto r = report::samples::healthy();
    r.trace.spans.push_back(report::samples::span(
        "00000000000000f1", "provisioning.contacts", 430, 5, outcome::warning, "contacts came late"));
    r.trace.spans.push_back(report::samples::span(
        "00000000000000f2", "provisioning.location_profile", 430, 5, outcome::warning, "no dial plan"));
    diagnosis::finding f;
    f.id = "prov-no-dialplan";
    f.evidence = {"00000000000000f2"};
    r.verdict.findings = {f};
    CHECK(summarize_stages(r)[4].main->summary == "contacts came late");
    r.verdict.root_causes = {{f.id, "", diagnosis::certainty::certain}};
    CHECK(summarize_stages(r)[4].main->summary == "no dial plan");
}

TEST_CASE("the last visit of a node decides, and the first one gives the time") {
    auto r = report::samples::healthy();
    r.trace.spans.push_back(
        report::samples::span("00000000000000f1", "devices.clock", 3, 1, outcome::unknown, "no server sent its time"));
    r.trace.spans.push_back(
        report::samples::span("00000000000000f2", "devices.clock", 500, 1, outcome::warning, "90 s slow"));
    const auto devices = summarize_stages(r)[0];
    CHECK(devices.outcome == outcome::warning);
    CHECK(devices.start_ms == 1);
    CHECK(devices.duration_ms == 3);
}

TEST_CASE("expected failures are ok, and our own faults outweigh everything") {
    auto r = report::samples::healthy();
    r.trace.spans.push_back(report::samples::span(
        "00000000000000f1", "discovery.autodiscover_internal", 3, 1, outcome::expected, "not there"));
    CHECK(summarize_stages(r)[1].outcome == outcome::ok);
    r.trace.spans.push_back(
        report::samples::span("00000000000000f2", "discovery.wildcard", 3, 1, outcome::broken, "our fault"));
    CHECK(summarize_stages(r)[1].outcome == outcome::broken);
}

TEST_CASE("a web ticket that discovery asked for does not mean that stage 4 was reached") {
    auto r = report::samples::interrupted();
    r.trace.spans.push_back(
        report::samples::span("00000000000000f1", "registration.web_ticket", 3, 1, outcome::ok, "a ticket"));
    CHECK(summarize_stages(r)[3].outcome == outcome::not_run);
}
