#include <catch2/catch.hpp>

#include "samples.hpp"
#include "trace/evidence.hpp"

using namespace ucsignin;

namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a masked report does not hold the user, the hosts or the addresses anywhere") {
    const auto text = report::to_json(report::mask(report::samples::stopped()));
    for (const auto* secret : {"alice", "contoso", "CONTOSO", "Contoso", "131.107", "192.168.10"}) {
        INFO(secret);
        CHECK_FALSE(has(text, secret));
    }
}

TEST_CASE("a masked report keeps its structure") {
    const auto original = report::samples::stopped();
    const auto masked = report::mask(original);
    CHECK(masked.facts.sip_uri == "sip:user1@domain1.example");
    CHECK(masked.facts.login == "DOMAIN1\\user1");
    CHECK(masked.verdict.stopped_at == original.verdict.stopped_at);
    CHECK(masked.verdict.stopped_candidate == "sip.domain1.example:443");
    REQUIRE(masked.trace.spans.size() == original.trace.spans.size());
    CHECK(masked.trace.spans[4].subject == masked.verdict.stopped_candidate);
    CHECK(masked.trace.spans[4].start_ms == original.trace.spans[4].start_ms);
    CHECK(masked.verdict.root_causes[0].subject == masked.verdict.findings[0].subject);
    CHECK(masked.trace.spans[2].text(trace::ev::peer) == "192.0.2.1");
    CHECK(masked.trace.spans[0].text(trace::ev::source_address) == "10.0.0.1");
}

TEST_CASE("sentences before the first typed mention are masked as well") {
    auto r = report::samples::healthy();
    r.trace.spans.front().summary = "fs.partner.test answers";
    r.trace.spans.back().evidence.push_back(
        {"server.address", std::string("fs.partner.test"), trace::value_kind::host, trace::provenance::ours});
    CHECK(has(report::mask(r).trace.spans.front().summary, ".example answers"));
}

TEST_CASE("commands of the remedies are masked too") {
    const auto masked = report::mask(report::samples::stopped());
    CHECK(has(masked.verdict.findings[0].remedies[1].check, "Get-ADUser user1 "));
}

TEST_CASE("masking a masked report changes nothing") {
    const auto once = report::mask(report::samples::stopped());
    CHECK(report::to_json(report::mask(once)) == report::to_json(once));
}

TEST_CASE("the original is left alone") {
    const auto original = report::samples::stopped();
    const auto before = report::to_json(original);
    (void)report::mask(original);
    CHECK(report::to_json(original) == before);
}
