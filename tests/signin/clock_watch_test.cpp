#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/base/clock_watch.hpp"

using namespace ucsignin;
using signin::dated_answer;
using signin::judge_clock;

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
