#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "samples.hpp"
#include "trace/evidence.hpp"

using namespace ucsignin;
using json = nlohmann::ordered_json;

namespace {

json good() { return json::parse(report::to_json(report::samples::stopped())); }

report::read_error error_of(const std::string& text) {
    const auto read = report::from_json(text);
    REQUIRE_FALSE(read);
    return read.error();
}

report::read_error error_after(const json::json_pointer& where, const json& value) {
    auto j = good();
    j[where] = value;
    return error_of(j.dump());
}

}  // namespace

TEST_CASE("a report that is written, read and written again is the same text") {
    for (const auto& r :
         {report::samples::healthy(), report::samples::stopped(), report::samples::interrupted(),
          report::mask(report::samples::stopped())}) {
        const auto text = report::to_json(r);
        const auto read = report::from_json(text);
        REQUIRE(read);
        CHECK(report::to_json(*read) == text);
    }
}

TEST_CASE("what was read is what was written, down to the types of evidence") {
    const auto read = report::from_json(report::to_json(report::samples::stopped()));
    REQUIRE(read);
    CHECK(read->facts.login == "CONTOSO\\alice");
    CHECK(read->options.size() == 3);
    CHECK(read->verdict.root_causes.at(0).certainty == diagnosis::certainty::likely);
    CHECK(read->trace.spans.at(4).number(trace::ev::http_status) == 401);
    CHECK(read->trace.spans.at(4).is(trace::ev::candidate_trusted));
    CHECK(read->trace.spans.at(1).decision->considered.at(1).verdict == trace::verdict::not_tried);
    CHECK(read->trace.spans.at(4).waited_for == std::vector<std::string>{"00000000000000b1", "00000000000000c2"});
    CHECK(read->trace.spans.at(5).reason == trace::not_run_reason::not_reached);
}

TEST_CASE("messages come back as they were, and a report of before has none") {
    const auto read = report::from_json(good().dump());
    REQUIRE(read);
    REQUIRE(read->trace.messages.size() == 2);
    CHECK(read->trace.messages_left_out == 3);
    CHECK(read->trace.messages[1].direction == trace::direction::received);
    CHECK(read->trace.messages[1].body.text == "<p>Unauthorized</p>");
    CHECK_FALSE(read->trace.messages[0].body.text);
    auto before = good();
    before.erase("messages");
    before.erase("messages_left_out");
    const auto old = report::from_json(before.dump());
    REQUIRE(old);
    CHECK(old->trace.messages.empty());
    CHECK(error_after(json::json_pointer("/messages/0/direction"), "sideways").where == "/messages/0/direction");
    CHECK(error_after(json::json_pointer("/messages/1/body/bytes"), -1).where == "/messages/1/body/bytes");
    CHECK(error_after(json::json_pointer("/messages/1/headers/0"), 7).where == "/messages/1/headers/0");
}

TEST_CASE("keys of a later version are ignored") {
    auto j = good();
    j["later"] = {{"a", 1}};
    j["trace"][0]["later"] = json::array({1, 2});
    j["result"]["later"] = nullptr;
    CHECK(report::from_json(j.dump()));
}

TEST_CASE("a text that is no JSON is refused with the offset of the byte that spoils it") {
    CHECK(error_of("").offset == 0);
    CHECK(error_of("{\"format\": nope}").offset == 12);
    CHECK(error_of("{\"a\": 1} x").offset == 9);
    CHECK_FALSE(error_of("{").what.empty());
}

TEST_CASE("a member that is wrong is refused with its JSON pointer") {
    using ptr = json::json_pointer;
    CHECK(error_after(ptr("/format"), "ucsignin-report/2").where == "/format");
    CHECK(error_after(ptr("/trace/4/evidence/1/value"), json::array()).where == "/trace/4/evidence/1/value");
    CHECK(error_after(ptr("/trace/2/outcome"), "passed").where == "/trace/2/outcome");
    CHECK(error_after(ptr("/trace/2/stage"), 6).where == "/trace/2/stage");
    CHECK(error_after(ptr("/trace/2/stage"), 1.5).where == "/trace/2/stage");
    CHECK(error_after(ptr("/trace/2/start_ms"), "soon").where == "/trace/2/start_ms");
    CHECK(error_after(ptr("/trace/2/start_ms"), -1).where == "/trace/2/start_ms");
    CHECK(error_after(ptr("/result/exit_code"), 18446744073709551615u).where == "/result/exit_code");
    CHECK(error_after(ptr("/findings/0/remedy"), "call IT").where == "/findings/0/remedy");
    CHECK(error_after(ptr("/run/options/timeout"), 10).where == "/run/options/timeout");
    CHECK(error_after(ptr("/run/mode"), "dream").where == "/run/mode");
    CHECK(error_after(ptr("/trace"), nullptr).what == "missing");
}

TEST_CASE("the first error is reported, not the last") {
    auto j = good();
    j["tool"]["name"] = 1;
    j["findings"] = 2;
    CHECK(error_of(j.dump()).where == "/tool/name");
}

TEST_CASE("any JSON value in place of a report is refused, none is a crash") {
    for (const auto* text : {"null", "true", "0", "\"x\"", "[]", "{}", "[{}]", "{\"format\":\"ucsignin-report/1\"}"})
        CHECK_FALSE(report::from_json(text));
}

TEST_CASE("nesting without end is refused before it is parsed") {
    const auto error = error_of("{\"format\": " + std::string(100000, '['));
    CHECK(error.offset == 11 + 31);
    CHECK(error.what == "nested deeper than 32 levels");
}

TEST_CASE("brackets inside strings are no nesting") {
    auto r = report::samples::healthy();
    r.trace.spans[0].summary = std::string(100, '[') + "\"\\" + std::string(100, '{');
    CHECK(report::from_json(report::to_json(r)));
}

TEST_CASE("a report that is cut off anywhere is refused") {
    const auto text = report::to_json(report::samples::interrupted());
    for (std::size_t length = 0; length + 2 < text.size(); length += 7)
        CHECK_FALSE(report::from_json(text.substr(0, length)));
}

TEST_CASE("a number that no double holds is refused") { CHECK_FALSE(report::from_json("{\"format\": 1e999}")); }
