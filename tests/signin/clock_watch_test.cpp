#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/base/clock_watch.hpp"

using namespace ucsignin;
using signin::dated_answer;
using signin::judge_clock;

TEST_CASE("dates of HTTP and SIP headers are read exactly, and nothing else is") {
    CHECK(signin::parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
    CHECK(signin::parse_http_date("Mon, 05 Jan 2026 08:00:00 GMT") == 1767600000);
    CHECK(signin::parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT") == 1709251199);
    for (const auto* text :
         {"", "Mon, 05 Jan 2026 08:00:00", "Mon, 05 Jan 2026 08:00:00 UTC", "Mon, 30 Feb 2026 08:00:00 GMT",
          "Mon, 05 Foo 2026 08:00:00 GMT", "Mon, 05 Jan 2026 24:00:00 GMT", "Mon, 0x Jan 2026 08:00:00 GMT",
          "Monday, 05-Jan-26 08:00:00 GMT"})
        CHECK_FALSE(signin::parse_http_date(text));
}

static void check(const std::vector<dated_answer>& seen, std::string_view branch) {
    CHECK(judge_clock(seen).branch.name() == branch);
    tests::reached("devices.clock", branch);
}

TEST_CASE("the clock is judged by all the servers that told theirs") {
    check({}, "unknown");
    check({{"a", 1, 0.6}}, "right");
    check({{"a", 100, 0.6}, {"b", 101, 0.6}}, "drifting");
    check({{"a", 900, 0.6}, {"b", 901, 0.6}}, "wrong_here");
    check({{"a", -3600, 0.6}}, "wrong_here");
    check({{"a", 900, 0.6}, {"b", 1, 0.6}}, "wrong_at_server");
}

TEST_CASE("a skew within its own error bar is not held against anybody") {
    CHECK(judge_clock({{"a", 303, 5}}).branch.name() == "drifting");
    CHECK(judge_clock({{"a", 306, 5}}).branch.name() == "wrong_here");
}
