#include <catch2/catch.hpp>

#include "report/layout.hpp"
#include "samples.hpp"
#include "ucsignin/events.hpp"

using namespace ucsignin;
using report::samples::span;
using trace::outcome;

namespace {

// Under way since then, as a snapshot at 5 s has it.
trace::span under_way(std::string id, std::string node, double since_ms) {
    auto s = span(std::move(id), std::move(node), since_ms, 5000 - since_ms, outcome::not_run, "interrupted");
    s.reason = trace::not_run_reason::interrupted;
    return s;
}

trace::record at_five_seconds(std::vector<trace::span> spans) {
    trace::record now;
    now.duration_ms = 5000;
    now.spans = std::move(spans);
    return now;
}

}  // namespace

TEST_CASE("a stage says what it waits for and how long, what came of it, or nothing yet") {
    auto tls = under_way("2", "connection.tls", 1000);
    tls.subject = "sip.contoso.example:443";
    const auto lines = report::live_view(
        at_five_seconds({span("1", "discovery.host_sip", 0, 20, outcome::ok, "sip.contoso.example resolves"), tls}),
        100);
    REQUIRE(lines.size() == 5);
    CHECK(lines[0] == "  1 devices       -        ");
    CHECK(lines[1] == "  2 discovery     ok       sip.contoso.example resolves");
    CHECK(lines[2] == "  3 connection    4 s      waits for TLS handshake (sip.contoso.example:443)");
}

TEST_CASE("of several the one that waits longest is named, and none that waits for a step of its own") {
    auto child = under_way("2", "connection.tls", 2000), parent = under_way("1", "connection.candidate", 1000);
    child.parent_span_id = "1";
    // The recorder's are the latest first.
    const auto lines = report::live_view(at_five_seconds({under_way("3", "connection.tcp", 4000), child, parent}), 100);
    CHECK(lines[2] == "  3 connection    3 s      waits for TLS handshake and 1 more");
}

TEST_CASE("what was interrupted before is not under way, and lines keep their width and their place") {
    auto over = under_way("1", "connection.tcp", 1000);
    over.duration_ms = 50;
    auto hostile = under_way("2", "registration.web_ticket", 1000);
    hostile.subject = "https://a.example/\x1b[2J\n" + std::string(200, 'x');
    const auto lines = report::live_view(at_five_seconds({over, hostile}), 90);
    CHECK(lines[2].find("waits") == std::string::npos);
    CHECK(report::width(lines[3]) == 90);
    CHECK(lines[3].find("\\x1b[2J\\x0a") != std::string::npos);
    CHECK(report::width(report::live_view(at_five_seconds({hostile}), 10)[3]) <= 10);
}
