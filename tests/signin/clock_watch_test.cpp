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

TEST_CASE(
    "an answer that a cache may have kept says something of a clock only where nobody else does, or others agree") {
    const dated_answer fresh{"sip", 1, 0.6}, kept{"web", -7200, 0.6, true}, older{"cdn", -90000, 0.6, true};
    CHECK(signin::clock_witnesses({kept, fresh}).size() == 1);
    CHECK(signin::clock_witnesses({kept, fresh}).front().source == "sip");
    CHECK(signin::clock_witnesses({kept, {"sip", -7195, 0.6}}).size() == 2);
    CHECK(signin::clock_witnesses({kept, older}).size() == 2);
    check({kept}, "wrong_here");
    CHECK(judge_clock({kept}).outcome == trace::outcome::warning);
    check({kept, {"b", -7180, 0.6, true}}, "wrong_here");
    check({kept, older}, "unknown");
    check({{"web", -100, 0.6, true}}, "unknown");
}

TEST_CASE("of one host's answers the latest date counts, unless a cache cannot have kept one") {
    constexpr double now = 1764417600;  // 29 Nov 2025 12:00:00 UTC
    const auto said = [](std::initializer_list<std::pair<const char*, signin::answer_age>> answers) {
        trace::recorder trace{"0123456789abcdef0123456789abcdef", "2025-11-29T12:00:00Z", [] { return 0.0; }};
        signin::clock_watch watch;
        for (const auto& [date, age] : answers) watch.observe("web", date, now, now, age);
        watch.decide(trace, now);
        return trace.so_far().spans.back().branch;
    };
    using enum signin::answer_age;
    constexpr auto *early = "Sat, 29 Nov 2025 10:00:00 GMT", *right = "Sat, 29 Nov 2025 12:00:00 GMT",
                   *late = "Sat, 29 Nov 2025 14:00:00 GMT";
    CHECK(said({{early, any}, {right, any}}) == "right");
    CHECK(said({{right, any}, {early, any}}) == "right");
    CHECK(said({{early, fresh}, {right, fresh}}) == "wrong_here");
    CHECK(said({{early, any}, {right, fresh}}) == "right");
    CHECK(said({{late, any}}) == "wrong_here");
}
