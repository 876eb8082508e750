#include <catch2/catch.hpp>

#include "trace/dates.hpp"

using namespace ucsignin::trace;

TEST_CASE("times are read with zones, fractions, and without a zone as UTC") {
    CHECK(parse_iso_time("2026-01-05T08:00:00Z") == 1767600000);
    CHECK(parse_iso_time(" 2026-01-05T08:00:00.1234567Z ") == 1767600000);
    CHECK(parse_iso_time("2026-01-05T08:00:00") == 1767600000);
    CHECK(parse_iso_time("2026-01-05T09:30:00+01:30") == 1767600000);
    CHECK(parse_iso_time("2026-01-05T07:00:00-01:00") == 1767600000);
    CHECK(parse_iso_time("1970-01-01T00:00:00Z") == 0);
    CHECK(parse_iso_time("1970-01-02T00:00:01Z") == 86401);
    CHECK(parse_iso_time("1970-01-01T24:00:00Z") == 86400);
}

TEST_CASE("times that are none are refused") {
    for (const char* text :
         {"", "yesterday", "2026", "2026-02-30T08:00:00Z", "2026-01-05 08:00:00Z", "2026-01-05T08:61:00Z",
          "2026-01-05T25:00:00Z", "2026-01-05T08:00:61Z", "2026-01-05T08.00.00Z", "2026-01-05T08:00:00+1",
          "2026-01-05T08:00:00+-1:00", "2026-01-05T08:00:00Zulu", "2026-13-05T08:00:00Z", "20x6-01-05T08:00:00Z",
          "-026-01-05T08:00:00Z", "2026-01-05T08:00:-1Z"}) {
        INFO(text);
        CHECK_FALSE(parse_iso_time(text));
    }
}

TEST_CASE("dates of HTTP and SIP headers are read exactly, and nothing else is") {
    CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
    CHECK(parse_http_date("Mon, 05 Jan 2026 08:00:00 GMT") == 1767600000);
    CHECK(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT") == 1709251199);
    for (const auto* text :
         {"", "Mon, 05 Jan 2026 08:00:00", "Mon, 05 Jan 2026 08:00:00 UTC", "Mon, 30 Feb 2026 08:00:00 GMT",
          "Mon, 05 Foo 2026 08:00:00 GMT", "Mon, 05 Jan 2026 24:00:00 GMT", "Mon, 0x Jan 2026 08:00:00 GMT",
          "Mon, 05 Jan 2026 08-00-00 GMT", "Mon, 05 Jan 2026 -8:00:00 GMT", "Monday, 05-Jan-26 08:00:00 GMT"}) {
        INFO(text);
        CHECK_FALSE(parse_http_date(text));
    }
}

TEST_CASE("times and dates are written as they are read") {
    CHECK(iso_time(1767600000) == "2026-01-05T08:00:00Z");
    CHECK(iso_time_without_zone(1709251199) == "2024-02-29T23:59:59");
    CHECK(iso_time(253402300799) == "9999-12-31T23:59:59Z");
    CHECK(iso_time(253402300800) == "out of range");
    CHECK(iso_time(-62135596801) == "out of range");
    CHECK(http_date(1767600000) == "Mon, 05 Jan 2026 08:00:00 GMT");
}

TEST_CASE("days are written for people") {
    CHECK(day_of("2026-11-24T10:00:00Z") == "24 November 2026");
    CHECK(day_of("2026-01-05T10:00:00.5Z") == "5 January 2026");
    CHECK(day_of("Nov 24") == "Nov 24");
}
