#include <catch2/catch.hpp>
#include <vector>

#include "options.hpp"
#include "signin/discovery/autodiscover_roots.hpp"

using ucsignin::signin::discovery::choose_root;
using ucsignin::signin::discovery::root_state;
using states = std::vector<root_state>;

namespace {
const root_state waiting{false, false}, gone{true, false}, there{true, true};
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

TEST_CASE("why a root is taken, and why none before it was") {
    using ucsignin::signin::discovery::decide_root;
    using ucsignin::tests::why;
    const auto at = [](root_state s, const char* url) {
        s.url = url;
        return s;
    };
    states all{at(gone, "https://in/"), at(waiting, "http://in/"), at(there, "https://out/"), at(there, "http://out/")};
    const auto outer = decide_root(all, 2);
    CHECK(outer.chosen == "https://out/");
    CHECK(why(outer, "https://in/") == "no documents can be reached from there");
    CHECK(why(outer, "http://in/") == "no answer within its grace");
    CHECK(why(outer, "https://out/") == "the first in the client's order that offers documents");
    CHECK(why(outer, "http://out/") == "it offers documents as well, but comes later in the client's order");

    all[0] = at(there, "https://in/");
    const auto inner = decide_root(all, 0);
    CHECK(inner.chosen == "https://in/");
    CHECK(why(inner, "https://in/") == "the first in the client's order");
    CHECK(why(inner, "http://in/") == "one before it in the client's order answered");

    all[0].read = true;
    CHECK(why(decide_root(all, 2), "https://in/") == "its documents name no server");
    all[0] = at(gone, "https://in/");
    all[0].nameless = true;
    CHECK(why(decide_root(all, 2), "https://in/") == "its name has no address");
}
