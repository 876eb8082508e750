#include "signin/base/address_choice.hpp"

#include "options.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using tests::verdict_on;
using tests::why;
using trace::verdict;

namespace {

net::dial_target target(const char* address) {
    const net::endpoint where{net::asio::ip::make_address(address), 443};
    return {where, where};
}
attempt connected(const char* address, double begun, double took) { return {target(address), {}, took, {}, begun}; }
attempt ended(const char* address, double begun, net::fault how, const char* words) {
    return {target(address), net::error{how, words}, 1, {}, begun};
}
attempt waiting(const char* address) {
    return {target(address), net::error{net::fault::cancelled, "not tried"}, 0, {}, {}};
}

dialed race(std::vector<attempt> attempts) {
    dialed d{std::unexpected(net::error{}), {}, {}, {}, {}, {}, 0};
    d.attempts = std::move(attempts);
    return d;
}

constexpr auto first = "192.0.2.1:443", second = "192.0.2.2:443", third = "192.0.2.3:443";

}  // namespace

TEST_CASE("of several addresses the first that connects is taken, and the others say why not they") {
    const auto fast = decide_dial(race({connected("192.0.2.1", 0, 12), waiting("192.0.2.2"), waiting("192.0.2.3")}));
    CHECK(fast.question == "Which address of the server is taken?");
    CHECK(fast.chosen == first);
    CHECK(why(fast, first) == "connected first, in 12 ms");
    CHECK(verdict_on(fast, second) == verdict::not_tried);
    CHECK(why(fast, second) == "another address had connected before its turn");

    const auto refused = decide_dial(race(
        {ended("192.0.2.1", 0, net::fault::refused, "connection refused"), connected("192.0.2.2", 3, 10),
         waiting("192.0.2.3")}));
    CHECK(refused.chosen == second);
    CHECK(verdict_on(refused, first) == verdict::failed);
    CHECK(why(refused, first) == "connection refused");
    CHECK(why(refused, second) == "connected first, in 10 ms, begun 3 ms after the first");
}

TEST_CASE("an address that is silent has a head start, and one that connects later is told by how much") {
    auto silent = waiting("192.0.2.1");
    silent.begun_after_ms = 0;
    const auto slow = decide_dial(race({silent, connected("192.0.2.2", 250, 10), waiting("192.0.2.3")}));
    CHECK(slow.chosen == second);
    CHECK(verdict_on(slow, first) == verdict::passed_over);
    CHECK(why(slow, first) == "had not connected when another did");
    CHECK(verdict_on(slow, third) == verdict::not_tried);

    const auto both = decide_dial(race({connected("192.0.2.1", 0, 300), connected("192.0.2.2", 250, 10)}));
    CHECK(both.chosen == second);
    CHECK(why(both, first) == "connected 40 ms later");
    const auto other_way = decide_dial(race({connected("192.0.2.1", 0, 255), connected("192.0.2.2", 250, 10)}));
    CHECK(other_way.chosen == first);
    CHECK(why(other_way, second) == "connected 5 ms later");
}

TEST_CASE("an address that is tried beside the winner, for the record only, was not in the race") {
    auto beside = waiting("192.0.2.2");
    beside.begun_after_ms = 13;
    CHECK(verdict_on(decide_dial(race({connected("192.0.2.1", 0, 12), beside})), second) == verdict::not_tried);
}

TEST_CASE("addresses beyond those that are tried are counted, and those of a proxy are called so") {
    auto d = race({ended("192.0.2.1", 0, net::fault::refused, "refused")});
    d.left_out = 7;
    d.proxy = net::host_port{"proxy.example", 8080};
    const auto none = decide_dial(d);
    CHECK(none.question == "Which address of the proxy is taken?");
    CHECK(none.chosen == "");
    CHECK(verdict_on(none, "7 more addresses") == verdict::not_tried);
}

TEST_CASE("of several ways the next is taken when one is dead") {
    auto d = race({connected("192.0.2.1", 0, 1)});
    const way_tried dead{{"proxy.example", 8080}, true, net::error{net::fault::refused, "connection refused"}};
    const way_tried well{{"proxy.example", 8080}, true, {}};
    d.ways = {dead, {{}, true, {}}};
    const auto past = decide_dial(d);
    CHECK(past.chosen == "direct");
    CHECK(why(past, "direct") == "those before it are dead");
    CHECK(why(past, "proxy proxy.example:8080") == "connection refused");
    d.ways = {well, {{}, false, {}}};
    const auto at_once = decide_dial(d);
    CHECK(at_once.chosen == "proxy proxy.example:8080");
    CHECK(verdict_on(at_once, "direct") == verdict::not_tried);
    CHECK(why(at_once, "direct") == "one before it answered");
}
