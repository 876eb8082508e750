#include "signin/base/decision.hpp"

#include "options.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using trace::verdict;

namespace {

trace::decision many(std::size_t count, std::size_t chosen) {
    std::vector<trace::considered> options;
    for (std::size_t i = 0; i < count; ++i)
        options.push_back(
            {"option " + std::to_string(i), i == chosen ? verdict::chosen : verdict::passed_over, "because"});
    return decided("Which one?", std::move(options));
}

trace::record told(trace::decision of) {
    trace::recorder recorder("0123456789abcdef0123456789abcdef", "2026-01-05T08:00:00Z", [] { return 0.0; });
    auto span = recorder.open<"devices.camera">();
    tell(span, std::move(of));
    span.finish("none", trace::outcome::ok, "none");
    return recorder.so_far();
}

}  // namespace

TEST_CASE("the choice is what was chosen, of several in their order") {
    CHECK(
        decided("?", {{"a", verdict::chosen, "x"}, {"b", verdict::failed, "y"}, {"c", verdict::chosen, "z"}}).chosen ==
        "a, c");
    CHECK(decided("?", {{"a", verdict::failed, "x"}, {"b", verdict::not_tried, "y"}}).chosen == "");
}

TEST_CASE("a decision of two options is written down, one option is none") {
    CHECK(told(many(2, 0)).spans.front().decision.has_value());
    CHECK_FALSE(told(many(1, 0)).spans.front().decision.has_value());
    CHECK_FALSE(told({}).spans.front().decision.has_value());
}

TEST_CASE("of very many options so many are listed, what was chosen among them, and the rest is counted") {
    CHECK(bounded(many(32, 31)).considered.size() == 32);
    CHECK(bounded(many(32, 31)).considered.back().option == "option 31");
    const auto cut = bounded(many(1000, 999));
    REQUIRE(cut.considered.size() == 32);
    CHECK(tests::verdict_on(cut, "option 999") == verdict::chosen);
    CHECK(tests::verdict_on(cut, "option 0") == verdict::passed_over);
    CHECK(cut.considered.back().option == "and 969 more");
    CHECK(cut.chosen == "option 999");
    CHECK(told(many(1000, 5)).spans.front().decision->considered.size() == most_options);
}
