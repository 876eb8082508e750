#include <catch2/catch.hpp>
#include <vector>

#include "signin/discovery/autodiscover_roots.hpp"

using ucsignin::signin::discovery::choose_root;
using ucsignin::signin::discovery::root_state;
using states = std::vector<root_state>;

namespace {
constexpr root_state waiting{false, false}, gone{true, false}, there{true, true};
}

TEST_CASE("the internal name and https come first, whoever answers first") {
    CHECK(choose_root(states{there, there, there, there}, false) == 0u);
    CHECK(choose_root(states{gone, there, there, there}, false) == 1u);
    CHECK(choose_root(states{waiting, waiting, there, there}, false) == std::nullopt);
    CHECK(choose_root(states{gone, gone, waiting, there}, false) == std::nullopt);
    CHECK(choose_root(states{gone, gone, gone, there}, false) == 3u);
}

TEST_CASE("after the grace those that are still silent are passed over") {
    CHECK(choose_root(states{waiting, waiting, there, there}, true) == 2u);
    CHECK(choose_root(states{waiting, there, gone, gone}, true) == 1u);
    CHECK(choose_root(states{waiting, waiting, gone, gone}, true) == std::nullopt);
    CHECK(choose_root(states{}, true) == std::nullopt);
}
