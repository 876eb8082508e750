#include <catch2/catch.hpp>

#include <set>

#include "diagnosis/ms_diagnostics.hpp"

using namespace ucsignin::diagnosis;

TEST_CASE("numbers are keyed with the header that carries them") {
    CHECK(
        find_diagnostics("ms-diagnostics", 4005)->reason ==
        "Destination URI either not enabled for SIP or does not exist");
    CHECK(find_diagnostics("X-MS-diagnostics", 4005) == nullptr);
    CHECK(find_diagnostics("X-MS-diagnostics", 28033) != nullptr);
    CHECK(find_diagnostics("x-ms-diagnostics", 2000004) != nullptr);
    CHECK(find_diagnostics("ms-diagnostics", 99999) == nullptr);
}

TEST_CASE("no number is listed twice in one space, and none without a meaning") {
    std::set<std::pair<int, int>> seen;
    for (const auto& e : diagnostics_numbers()) {
        INFO(e.id);
        CHECK(seen.insert({static_cast<int>(e.space), e.id}).second);
        CHECK(!e.meaning.empty());
    }
}

TEST_CASE("an unknown number is explained by its range") {
    CHECK(
        describe_number("ms-diagnostics", 17099, "New rule") ==
        "17099 (New rule): a number from the client version filter");
    CHECK(describe_number("ms-diagnostics", 2100, "") == "2100: a number from presence and user services");
    CHECK(component_of(77777) == "a component that is not known");
}

TEST_CASE("the server's own words come before ours") {
    CHECK(describe_number("ms-diagnostics", 17003, "Please update").find("17003 (Please update): ") == 0);
    CHECK(describe_number("ms-diagnostics", 17003, "").find("17003 (Declined with URL): ") == 0);
}
