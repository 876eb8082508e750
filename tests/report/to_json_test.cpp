#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "samples.hpp"
#include "ucsignin/events.hpp"

using namespace ucsignin;
using json = nlohmann::ordered_json;

namespace {

std::vector<std::string> keys(const json& object) {
    std::vector<std::string> out;
    for (const auto& [key, value] : object.items()) out.push_back(key);
    return out;
}

json written(const report::report& r) { return json::parse(report::to_json(r)); }

}  // namespace

TEST_CASE("the report has the keys of the contract, in its order") {
    const auto j = written(report::samples::stopped());
    CHECK(
        keys(j) == std::vector<std::string>{
                       "format", "tool", "run", "identity", "result", "stages", "trace", "messages",
                       "messages_left_out", "findings"});
    CHECK(j["format"] == "ucsignin-report/1");
    CHECK(keys(j["tool"]) == std::vector<std::string>{"name", "version", "commit", "platform"});
    CHECK(
        j["identity"] ==
        json{{"sip_uri", "sip:alice@contoso.example"}, {"sip_domain", "contoso.example"}, {"login", "CONTOSO\\alice"}});
    CHECK(
        keys(j["findings"][0]) == std::vector<std::string>{
                                      "id", "severity", "stage", "subject", "certainty", "title", "explanation",
                                      "evidence", "ruled_out", "remedy", "decided_by"});
}

TEST_CASE("what is absent is null, and a login that was not given has no key") {
    const auto j = written(report::samples::interrupted());
    CHECK(j["result"]["stopped_at"].is_null());
    CHECK(j["trace"][0]["parent_span_id"].is_null());
    CHECK(j["trace"][0]["subject"].is_null());
    CHECK(j["trace"][0]["decision"].is_null());
    CHECK_FALSE(j["identity"].contains("login"));
}

TEST_CASE("a message stands with both ends, its headers and what is known of its body") {
    const auto r = report::samples::stopped();
    const auto j = written(r);
    REQUIRE(j["messages"].size() == r.trace.messages.size());
    CHECK(j["messages_left_out"] == 3);
    const auto& query = j["messages"][0];
    CHECK(
        keys(query) ==
        std::vector<std::string>{
            "time_ms", "direction", "from", "to", "protocol", "span_id", "start_line", "headers", "body"});
    CHECK(query["from"] == json{{"role", "client"}, {"host", nullptr}, {"address", nullptr}});
    CHECK(query["span_id"].is_null());
    CHECK(query["body"].is_null());
    const auto& answer = j["messages"][1];
    CHECK(answer["direction"] == "received");
    CHECK(
        answer["headers"][0] ==
        json{{"name", "WWW-Authenticate"}, {"value", "NTLM <NTLM challenge token, 312 bytes>"}});
    CHECK(answer["body"] == json{{"type", "text/html"}, {"bytes", 1293}, {"text", "<p>Unauthorized</p>"}});
}

TEST_CASE("only a span that did not run gives a reason") {
    const auto j = written(report::samples::healthy());
    CHECK_FALSE(j["trace"][0].contains("reason"));
    CHECK(j["trace"].back()["outcome"] == "not_run");
    CHECK(j["trace"].back()["reason"] == "not_implemented");
}

TEST_CASE("a span names those that it waited for, and has no key for nobody") {
    const auto j = written(report::samples::stopped());
    CHECK(j["trace"][4]["waited_for"] == json{"00000000000000b1", "00000000000000c2"});
    CHECK_FALSE(j["trace"][0].contains("waited_for"));
}

TEST_CASE("times and measured numbers have at most three decimals") {
    const auto text = report::to_json(report::samples::healthy());
    CHECK(text.find("\"duration_ms\": 12.0,") != std::string::npos);
    CHECK(text.find("\"value\": 11.988") != std::string::npos);
}

TEST_CASE("it is written entry by entry as its whole tree would be") {
    for (const auto& r : {report::samples::healthy(), report::samples::stopped(), report::samples::interrupted()}) {
        const auto text = report::to_json(r);
        CHECK(text == nlohmann::ordered_json::parse(text).dump(2) + "\n");
        for (const auto& s : r.trace.spans) {
            const auto line = report::json_line(s);
            CHECK(line == nlohmann::ordered_json::parse(line).dump() + "\n");
        }
    }
}

TEST_CASE("an option that was given twice is a list") {
    const auto options = written(report::samples::healthy())["run"]["options"];
    CHECK(options["timeout"] == "10");
    CHECK(options["resolver"] == json{"127.0.0.1:40053", "127.0.0.2:40053"});
}

TEST_CASE("bytes that are no UTF-8 become replacement characters") {
    auto r = report::samples::healthy();
    r.trace.spans[0].summary =
        "a\xff"
        "b";
    CHECK(
        written(r)["trace"][0]["summary"] ==
        "a\xef\xbf\xbd"
        "b");
}

TEST_CASE("a value keeps its type") {
    const auto evidence = written(report::samples::stopped())["trace"][4]["evidence"];
    CHECK(
        evidence[1] ==
        json{{"name", "http.response.status_code"}, {"value", 401}, {"kind", "number"}, {"provenance", "server"}});
    CHECK(evidence[4]["value"] == true);
}

TEST_CASE("what no eye sees is an escape in JSON, and comes back as it was") {
    auto r = report::samples::healthy();
    r.facts.login =
        "a\xe2\x80\xae\xc2\x9b\xf3\xa0\x81\x81"
        "b J\xc3\xb6rg";
    const auto text = report::to_json(r);
    CHECK(text.find("\"a\\u202e\\u009b\\udb40\\udc41b J\xc3\xb6rg\"") != std::string::npos);
    CHECK(report::from_json(text)->facts.login == r.facts.login);
}
