#include <catch2/catch.hpp>

#include "ucsignin/trace.hpp"

using namespace ucsignin::trace;

namespace {

span visit(std::string id, double start_ms, double end_ms, std::vector<std::string> waited_for = {}) {
    span s;
    s.span_id = std::move(id);
    s.start_ms = start_ms;
    s.duration_ms = end_ms - start_ms;
    s.waited_for = std::move(waited_for);
    return s;
}

std::vector<std::string> path_to(const std::string& id, std::vector<span> spans) {
    record all;
    all.spans = std::move(spans);
    std::vector<std::string> ids;
    for (const auto& s : all.spans)
        if (s.span_id == id)
            for (const auto* one : critical_path(all, s)) ids.push_back(one->span_id);
    return ids;
}

using ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the critical path leads back along what was waited for") {
    CHECK(
        path_to("c", {visit("a", 0, 5), visit("b", 5, 9, {"a"}), visit("c", 9, 12, {"b"}), visit("x", 0, 20)}) ==
        ids{"a", "b", "c"});
    CHECK(path_to("a", {visit("a", 0, 5)}) == ids{"a"});
}

TEST_CASE("of several, the one that ended last held it up") {
    const auto with_ends = [](double a, double b) {
        return path_to("c", {visit("a", 0, a), visit("b", 1, b), visit("c", 10, 12, {"a", "b"})});
    };
    CHECK(with_ends(5, 9) == ids{"b", "c"});
    CHECK(with_ends(9, 5) == ids{"a", "c"});
}

TEST_CASE("the critical path ends where nothing is known, and in a circle") {
    CHECK(path_to("b", {visit("b", 5, 9, {"gone"})}) == ids{"b"});
    CHECK(path_to("a", {visit("a", 0, 5, {"b"}), visit("b", 5, 9, {"a"})}) == ids{"b", "a"});
    CHECK(path_to("a", {visit("a", 0, 5, {"a"})}) == ids{"a"});
}
