#include "signin/base/proxy_choice.hpp"

#include "options.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using tests::verdict_on;
using tests::why;
using trace::verdict;

TEST_CASE("a proxy that is set is taken, and direct where it can't be") {
    host::variables set{{"https_proxy", "http://proxy.example:3128"}};
    const auto taken = decide_proxy(host::proxy_from_environment(set));
    CHECK(taken.chosen == "http://proxy.example:3128");
    CHECK(why(taken, taken.chosen) == "set by https_proxy");
    CHECK(why(taken, "direct") == "the proxy is set for every host");
    set["no_proxy"] = ".contoso.example";
    CHECK(why(decide_proxy(host::proxy_from_environment(set)), "direct") == "only for the hosts that no_proxy names");

    auto broken = host::proxy_from_environment(set);
    broken.host.clear();
    broken.error = "the port is no number";
    const auto direct = decide_proxy(broken);
    CHECK(direct.chosen == "direct");
    CHECK(why(direct, broken.url) == "the port is no number");
}

TEST_CASE("of a script's ways the first that can be gone is taken, the others wait") {
    const auto both = choose_by_script("PROXY a.example:8080; DIRECT");
    CHECK(both.decision.chosen == "PROXY a.example:8080");
    CHECK(verdict_on(both.decision, "DIRECT") == verdict::not_tried);
    REQUIRE(both.ways.size() == 2);
    CHECK(both.ways[0] == net::host_port{"a.example", 8080});
    CHECK(both.ways[1].host.empty());

    const auto socks = choose_by_script("SOCKS a.example:1080; DIRECT");
    CHECK(socks.decision.chosen == "DIRECT");
    CHECK(why(socks.decision, "SOCKS a.example:1080") == "ucsignin can't use this kind of proxy");
    CHECK(why(socks.decision, "DIRECT") != why(choose_by_script("DIRECT").decision, "DIRECT"));

    const auto none = choose_by_script("SOCKS a.example:1080");
    CHECK(none.decision.chosen == "DIRECT");
    REQUIRE(none.ways.size() == 1);
    CHECK(none.ways.front().host.empty());
}

TEST_CASE("without the script that was to decide connections go direct, and it is said why") {
    const auto direct = decide_without_script("http://wpad.example/wpad.dat", "it answers 404");
    CHECK(direct.chosen == "direct");
    CHECK(why(direct, "as http://wpad.example/wpad.dat says") == "it answers 404");
    CHECK(why(decide_without_script("", "no wpad record"), "a proxy script") == "no wpad record");
}
