// Dial plans applied to numbers: the rules of protocol notes and documents, .NET's replacements, and patterns that end
// badly.

#include <catch2/catch.hpp>
#include <string>

#include "sip/dial_rules.hpp"

using namespace ucsignin::sip;

namespace {

location_profile plan_of(std::vector<dial_rule> rules) {
    location_profile plan;
    plan.rules = std::move(rules);
    return plan;
}

std::string becomes(const dial_rule& rule, std::string_view number) {
    return dial_rules(plan_of({rule})).apply(number).result;
}

const std::vector<dial_rule> ordinary{
    {R"(^(1\d{3})$)", "+49305550$1;ext=$1"}, {R"(^0([1-9]\d+)$)", "+49$1"}, {R"(^00(\d{5,})$)", "+$1"}};

}  // namespace

TEST_CASE("the first rule that matches writes the number; those before it are counted") {
    const dial_rules rules(plan_of(ordinary));
    CHECK(rules.faults().empty());
    const auto extension = rules.apply("1001");
    CHECK(extension.result == "+493055501001;ext=1001");
    CHECK(extension.rule == 0u);
    const auto mobile = rules.apply("0171 123-45.67");
    CHECK(mobile.result == "+491711234567");
    CHECK(mobile.passed_over == 1);
    CHECK(rules.apply("(00)33/123456789").result == "+33123456789");
    const auto none = rules.apply("9001");
    CHECK(none.result.empty());
    CHECK_FALSE(none.rule);
    CHECK(none.passed_over == 3);
}

TEST_CASE("groups are those of the rule that matched, whatever another captured before") {
    const dial_rules rules(plan_of({{R"(^(1)(0)(0)(1)$)", "$4$3"}, {R"(^(2)(9)?\d*$)", "$1|$2|$3"}}));
    CHECK(rules.apply("1001").result == "10");
    CHECK(rules.apply("200").result == "2||$3");
    std::string groups;
    for (int i = 0; i < 100; ++i) groups += "()";
    CHECK(becomes({groups, "<$99$100>"}, "7") == "<>7<>");
}

TEST_CASE("a number that is global already, and an address, need no rule") {
    const dial_rules rules(plan_of(ordinary));
    CHECK(rules.apply("+49 30 5550-1001").result == "+493055501001");
    CHECK(rules.apply("bob@contoso.example").result == "bob@contoso.example");
    CHECK_FALSE(rules.apply("+4930").rule);
}

TEST_CASE("the external access prefix counts where device dialling is optimized") {
    auto plan = plan_of({{R"(^(\d{6})$)", "+4930$1"}});
    plan.external_access_prefix = "9";
    CHECK(dial_rules(plan).apply("9555123").result.empty());
    plan.optimize_device_dialing = true;
    const auto outside = dial_rules(plan).apply("9555123");
    CHECK(outside.result == "+4930555123");
    CHECK(outside.external);
    CHECK_FALSE(dial_rules(plan).apply("9").external);
}

TEST_CASE("translations as .NET writes them") {
    CHECK(becomes({R"(^(\d)(\d+)$)", "$2-$1"}, "123") == "23-1");
    CHECK(becomes({R"(^(\d)(\d+)$)", "${1}0$$$&"}, "123") == "10$123");
    CHECK(becomes({R"(^(?<head>\d)(?'rest'\d+)$)", "${rest}${head}"}, "123") == "231");
    CHECK(becomes({R"(^(\d)\d+$)", "$11"}, "123") == "11");  // there is no group 11: group 1, then a 1
    CHECK(becomes({R"(^(\d+)$)", "$7${none}$"}, "12") == "$7${none}$");
    CHECK(becomes({R"(^(\d+)(x(\d+))?$)", "+$1;ext=$3"}, "12") == "+12;ext=");
    CHECK(becomes({"0", "1"}, "2002") == "2112");  // without anchors: each match
    CHECK(becomes({R"((?=0))", "x"}, "101") == "1x01");
    CHECK(becomes({R"(^(?i)EXT(\d+)$)", "+$1"}, "ext12") == "+12");
}

TEST_CASE("patterns that can't be applied are named, and the others go on") {
    const dial_rules rules(plan_of(
        {{"^(", "$1"}, {R"(^(\d+)+x$)", "$1"}, {R"(^[\d-[0]]\d{3}$)", "$&"}, {R"((?<=1\d*)2)", "$&"}, ordinary[0]}));
    REQUIRE(rules.faults().size() == 4);
    CHECK(rules.faults()[0].rule == 0);
    CHECK(rules.faults()[0].what.find("offset 2") != std::string::npos);
    CHECK_FALSE(rules.faults()[0].ours);
    CHECK(rules.faults()[1].what.find("steps") != std::string::npos);
    CHECK(rules.faults()[2].ours);
    CHECK(rules.faults()[3].ours);
    CHECK_FALSE(dial_rules(plan_of({{R"(^(\d+)-[0-9](\[-[)", "$1"}})).faults().at(0).ours);
    const auto number = rules.apply("1001");
    CHECK(number.rule == 4u);
    CHECK(number.passed_over == 0);
    CHECK(number.not_tried == 4);  // a client may take one of them first
}

TEST_CASE("a plan of nothing but slow patterns is looked at in bounded time, and a slow number only misses its rule") {
    const dial_rules rules(plan_of(std::vector<dial_rule>(2000, {R"(^(\d+)+x$)", "$1"})));
    CHECK(rules.faults().size() == 3);
    const auto slow = rules.apply(std::string(256, '1'));
    CHECK_FALSE(slow.rule);
    CHECK(slow.passed_over + slow.not_tried == 2000);
    CHECK(slow.not_tried >= 1503);  // three that are slow, and those beyond the 500th
    CHECK(becomes({R"(^(\d*)$)", std::string(5000, 'x')}, "1").size() <= 1100);
    CHECK(becomes({"", "\xff"}, "\xfe\x80").size() < 20);
}
