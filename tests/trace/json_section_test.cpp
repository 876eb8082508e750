#include "trace/json_section.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::trace;
using reading = json_section::reading;

namespace {

// What is wrong with `text`, as "place: what"; "" for nothing.
std::string wrong_with(const char* text, reading how, const json_section::taker& take) {
    const auto document = nlohmann::ordered_json::parse(text);
    std::optional<member_fault> fault;
    json_section top(document, "", fault, how);
    take(top);
    top.finish();
    return fault ? fault->where + ": " + fault->what : "";
}

std::optional<int> digit(std::string_view word) {
    return word == "one" ? std::optional(1) : word == "two" ? std::optional(2) : std::nullopt;
}

}  // namespace

TEST_CASE("a key that nobody asks for is wrong only where reading is strict") {
    const auto take = [](json_section& in) { in.read_object("a", [](json_section&) {}); };
    CHECK(wrong_with(R"({"a": {"b/c": 1}})", reading::strict, take) == "/a/b~1c: unknown key");
    CHECK(wrong_with(R"({"a": {"b/c": 1}})", reading::lenient, take).empty());
}

TEST_CASE("null is a value where reading is strict, else no member") {
    std::string text = "before";
    const auto take = [&](json_section& in) { in.read("a", text); };
    const auto need = [&](json_section& in) { in.require("a", text); };
    CHECK(wrong_with(R"({"a": null})", reading::strict, take) == "/a: must be a string");
    CHECK(wrong_with(R"({"a": null})", reading::lenient, take).empty());
    CHECK(wrong_with(R"({"a": null})", reading::lenient, need) == "/a: missing");
    CHECK(text == "before");
}

TEST_CASE("what has to be there is missing at its place, or must be right") {
    int number = 7;
    double time = 0.5;
    const auto take = [&](json_section& in) {
        in.require_objects("list", [&](json_section& one) {
            one.require("n", number, 1, 5);
            one.require("t", time, 0.0, 1e9);
            one.require_word("w", number, digit);
        });
    };
    CHECK(wrong_with("{}", reading::lenient, take) == "/list: missing");
    CHECK(wrong_with(R"({"list": [{}]})", reading::lenient, take) == "/list/0/n: missing");
    CHECK(wrong_with(R"({"list": [{"n": 6}]})", reading::lenient, take) == "/list/0/n: must be between 1 and 5");
    CHECK(number == 7);
    CHECK(
        wrong_with(R"({"list": [{"n": 5, "t": -0.5}]})", reading::lenient, take) ==
        "/list/0/t: must be between 0 and 1000000000");
    CHECK(time == 0.5);
    CHECK(
        wrong_with(R"({"list": [{"n": 5, "t": 0, "w": "three"}]})", reading::lenient, take) ==
        "/list/0/w: 'three' is not one of its values");
    CHECK(wrong_with(R"({"list": [{"n": 5, "t": 0, "w": "two"}]})", reading::lenient, take).empty());
    CHECK(number == 2);
}

TEST_CASE("the first fault stays, and nothing is read after it") {
    int taken = 0;
    std::string text;
    const auto take = [&](json_section& in) {
        in.read("a", text);
        in.read_objects("list", [&](json_section&) { ++taken; });
    };
    CHECK(wrong_with(R"({"a": 1, "list": [{}, 2]})", reading::strict, take) == "/a: must be a string");
    CHECK(taken == 0);
}

TEST_CASE("names keep their order") {
    std::vector<std::pair<std::string, std::string>> pairs;
    const auto take = [&](json_section& in) { in.read_pairs("p", pairs); };
    CHECK(wrong_with(R"({"p": {"z": "1", "a": ["2", "3"]}})", reading::strict, take).empty());
    CHECK(pairs == std::vector<std::pair<std::string, std::string>>{{"z", "1"}, {"a", "2"}, {"a", "3"}});
}
