#include "trace/json_text.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::trace;
using kind = json_fault::kind;

static std::string repeated(std::string_view what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += what;
    return out;
}

TEST_CASE("JSON is read, and what is none is refused with the place") {
    CHECK(parse_json(R"({"b": [1, "x"], "a": null})")->dump() == R"({"a":null,"b":[1,"x"]})");
    CHECK(parse_json<nlohmann::ordered_json>(R"({"b": 1, "a": 2})")->dump() == R"({"b":1,"a":2})");
    for (const auto* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "\"\xff\"", "{} {}"}) {
        INFO(text);
        REQUIRE_FALSE(parse_json(text));
        CHECK(parse_json(text).error().what == kind::syntax);
    }
    CHECK(parse_json(R"({"a": x})").error().offset == 6);
    CHECK(parse_json(R"({"a": 1e999})").error().what == kind::number);
}

TEST_CASE("JSON beyond the limits is refused before anything is built of it") {
    CHECK(parse_json(repeated("[", 32) + repeated("]", 32)));
    const auto deep = parse_json(repeated("[", 100000));
    REQUIRE_FALSE(deep);
    CHECK(deep.error().what == kind::limit);
    CHECK(deep.error().offset == 32);
    CHECK(deep.error().text == "nested deeper than 32 levels");

    const auto object = [](int members) { return "{" + repeated(R"("a":1,)", members - 1) + R"("b":"[:,\"[{"})"; };
    CHECK(parse_json(object(1000)));
    CHECK(parse_json(object(1001)).error().text == "more than 1000 members in one object");
    CHECK(parse_json("[" + repeated("0,", 499998) + "0]"));
    CHECK(parse_json("[" + repeated("0,", 500001) + "0]").error().text == "more than 500000 values");
}

TEST_CASE("a member that is no string reads as an empty text") {
    const auto object = *parse_json(R"({"a": "x", "b": 1})");
    CHECK(text_in(object, "a") == "x");
    CHECK(text_in(object, "b").empty());
    CHECK(text_in(object, "c").empty());
    CHECK(text_in(*parse_json("[1]"), "a").empty());
}
