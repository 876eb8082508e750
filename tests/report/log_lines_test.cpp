#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/layout.hpp"
#include "samples.hpp"
#include "ucsignin/events.hpp"

using namespace ucsignin;
using report::log_level;
using report::log_lines;
using report::samples::span;
using trace::outcome;

TEST_CASE("a step is a line with its level, its node and its fact; options passed over are details") {
    auto s = span("1", "connection.tcp", 100, 23, outcome::failed, "nothing listens");
    s.subject = "sip.contoso.example:443";
    s.branch = "refused";
    s.decision = {"which?", {{"a", trace::verdict::failed, "closed"}, {"b", trace::verdict::not_tried, ""}}, ""};
    const auto lines = log_lines(s);
    REQUIRE(lines.size() >= 3);
    CHECK(lines[0].level == log_level::error);
    CHECK(lines[0].component == "connection.tcp");
    CHECK(lines[0].time_ms == Approx(123));
    CHECK(lines[0].text == "FAILED (sip.contoso.example:443): TCP connection: nothing listens [refused, 23 ms]");
    CHECK(lines[1].level == log_level::debug);
    CHECK(lines[1].text == "failed: a: closed");
    CHECK(lines[2].text == "not_tried: b");
}

TEST_CASE("levels follow the outcome") {
    const auto level = [](outcome o) { return log_lines(span("1", "devices.clock", 0, 1, o, ""))[0].level; };
    CHECK(level(outcome::ok) == log_level::info);
    CHECK(level(outcome::expected) == log_level::info);
    CHECK(level(outcome::warning) == log_level::warning);
    CHECK(level(outcome::broken) == log_level::error);
    CHECK(level(outcome::not_run) == log_level::debug);
}

TEST_CASE("a server's words stay on their line, which has an end") {
    const auto s = span("1", "connection.tcp", 0, 1, outcome::ok, "\x1b[2J\n" + std::string(5000, 'x'));
    const auto line = log_lines(s)[0].text;
    CHECK(line.find("\\x1b[2J\\x0ax") != std::string::npos);
    CHECK(report::width(line) == report::longest_log_line);

    trace::message m;
    m.protocol = "SIP";
    m.from = {"registrar", "fe\n01", ""};
    m.direction = trace::direction::received;
    m.start_line = "SIP/2.0 401 \x1b]0;x\x07";
    m.headers = {{"Server", "a\r\nb"}};
    const auto lines = log_lines(m);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].component == "SIP/fe\\x0a01");
    CHECK(lines[0].text == "received SIP/2.0 401 \\x1b]0;x\\x07");
    CHECK(lines[1].level == log_level::debug);
    CHECK(lines[1].text == "Server: a\\x0d\\x0ab");
}

TEST_CASE("the end names the causes and the exit code") {
    const auto lines = log_lines(report::samples::stopped(), 40);
    REQUIRE(lines.size() >= 3);
    CHECK(lines.front().text.starts_with("root cause: "));
    CHECK(lines.back().text == "not signed in, exit code 40");
    CHECK(log_lines(report::samples::healthy(), 0).back().text == "signed in, exit code 0");
}

TEST_CASE("JSON lines are objects with a type, each on a line of its own, and what they hold is visible") {
    const auto parsed = [](const std::string& line) {
        CHECK(line.find('\n') == line.size() - 1);
        CHECK(line.find('\x9b') == std::string::npos);
        return nlohmann::json::parse(line);
    };
    const auto s = parsed(report::json_line(span("1", "connection.tcp", 0, 1, outcome::ok, "a\n\xc2\x9b b\xff")));
    CHECK(s["type"] == "span");
    CHECK(s["node"] == "connection.tcp");
    CHECK(parsed(report::json_line(trace::message{}))["type"] == "message");
    const auto end = parsed(report::json_line(report::samples::stopped(), 74));
    CHECK(end["type"] == "result");
    CHECK(end["exit_code"] == 74);
    CHECK(end["signed_in"] == false);
    CHECK(
        parsed(report::json_line(65, "no \"file\"")) ==
        nlohmann::json{{"type", "result"}, {"exit_code", 65}, {"error", "no \"file\""}});
}
