#include <catch2/catch.hpp>

#include "lab/placeholders.hpp"

using namespace ucsignin::lab;

namespace {

constexpr std::int64_t now = 1767600000;  // 2026-01-05T08:00:00Z

}  // namespace

TEST_CASE("times are written from now on, in both forms, before and after") {
    CHECK(fill_in("{date}", now) == "Mon, 05 Jan 2026 08:00:00 GMT");
    CHECK(fill_in("{date-7200}", now) == "Mon, 05 Jan 2026 06:00:00 GMT");
    CHECK(fill_in("{date+60}", now) == "Mon, 05 Jan 2026 08:01:00 GMT");
    CHECK(fill_in("<a>{iso}</a><b>{iso+3600}</b>", now) == "<a>2026-01-05T08:00:00Z</a><b>2026-01-05T09:00:00Z</b>");
    CHECK(fill_in("{iso-86400}", now) == "2026-01-04T08:00:00Z");
}

TEST_CASE("other braces stay as they are") {
    for (const std::string text :
         {"{", "}", "{}", "{}}{", R"({"date": 1})", "{dates}", "{date60}", "{isolated}", "{date_x", "{ date }",
          "{Date}", "{via}", "a{b{c"}) {
        CAPTURE(text);
        CHECK(fill_in(text, now) == text);
        CHECK(wrong_placeholder(text).empty());
    }
}

TEST_CASE("a time that is written wrong is told, wherever it stands") {
    for (const std::string text :
         {"{date", "{date ", "{date+}", "{date-}", "{date+x}", "{date 60}", "{iso-1.5}", "{iso+99999999999}",
          "{iso+4294967295}", "{date} and {iso:1}"}) {
        CAPTURE(text);
        CHECK_FALSE(wrong_placeholder(text).empty());
    }
    CHECK(wrong_placeholder("x {date+1h} y").starts_with("{date+1h} is not a time: write {date}"));
}

TEST_CASE("a value that is put in is not looked into") {
    const placeholder_values values = {{"via", "SIP/2.0/TLS {to} {date}"}, {"to", "<sip:a>"}};
    CHECK(
        fill_in("Via: {via}\r\nTo: {to};tag=1\r\nX: {from}", now, values) ==
        "Via: SIP/2.0/TLS {to} {date}\r\nTo: <sip:a>;tag=1\r\nX: {from}");
    CHECK(fill_in("{vi", now, values) == "{vi");
    CHECK(fill_in("{via", now, values) == "{via");
}
