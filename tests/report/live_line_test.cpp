#include <catch2/catch.hpp>

#include "report/layout.hpp"
#include "samples.hpp"

using namespace ucsignin;
using report::live_line;
using report::samples::span;
using trace::outcome;

TEST_CASE("a decision is a line with its stage, its time and its fact") {
    CHECK(
        live_line(span("1", "discovery.host_sip", 100, 23, outcome::ok, "sip.contoso.example resolves"), {}) ==
        "[2 discovery]       +0.123s  sip.contoso.example resolves");
}

TEST_CASE("the outcome is said where it is no plain success") {
    CHECK(live_line(span("1", "connection.tcp", 0, 1, outcome::failed, "nothing listens"), {})
              .ends_with("FAILED: TCP connection: nothing listens"));
    CHECK(live_line(span("1", "devices.clock", 0, 1, outcome::warning, "90 s slow"), {})
              .ends_with("warning: Clock: 90 s slow"));
    CHECK(live_line(span("1", "discovery.autodiscover_internal", 0, 1, outcome::expected, "not there"), {})
              .ends_with("  lyncdiscoverinternal: not there"));
}

TEST_CASE("what did not run is worth a line only when everything is wanted") {
    const auto s = span("1", "provisioning.calendar", 0, 0, outcome::not_run, "not part of this version");
    CHECK(live_line(s, {}).empty());
    CHECK_FALSE(live_line(s, {.verbose = true}).empty());
}

TEST_CASE("a long line is cut to the terminal's width") {
    const auto s = span("1", "connection.tcp", 0, 1, outcome::ok, std::string(200, 'x'));
    CHECK(report::width(live_line(s, {.columns = 100})) == 100);
    CHECK(live_line(s, {}).ends_with("..."));
}

TEST_CASE("a span without a summary shows the title of its node") {
    CHECK(live_line(span("1", "connection.tcp", 0, 1, outcome::ok, ""), {}).ends_with("TCP connection"));
}

TEST_CASE("a line is whole where no terminal breaks it, and one line whatever a server says") {
    const auto s = span("1", "connection.tcp", 0, 1, outcome::ok, std::string(200, 'x') + "\x1b[2J\ny");
    CHECK(live_line(s, {.cut_lines = false}).ends_with("x\\x1b[2J\\x0ay"));
}

TEST_CASE("of the policies, which are many and alike, only the odd ones are worth a line") {
    const auto policy = [](outcome how) {
        return span("1", "provisioning.server_configuration.voice", 0, 1, how, "7 settings");
    };
    CHECK(live_line(policy(outcome::ok), {}).empty());
    CHECK(live_line(policy(outcome::expected), {}).empty());
    CHECK(live_line(policy(outcome::warning), {}).ends_with("warning: Voice policy: 7 settings"));
    CHECK(live_line(policy(outcome::ok), {.verbose = true}).ends_with("Voice policy: 7 settings"));
}
