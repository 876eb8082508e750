// The second round: every look that is known, with a world that says nothing, to its end; bounded, and cut short.

#include <algorithm>
#include <catch2/catch.hpp>

#include "cancelled_at.hpp"
#include "context_fixture.hpp"
#include "signin/base/limits.hpp"
#include "signin/second_round.hpp"
#include "trace/looks.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm;
using net::test::in_ms;

namespace {

int looks_in(const context_fixture& f) {
    return static_cast<int>(
        std::ranges::count_if(f.trace.so_far().spans, [](const trace::span& s) { return s.has(ev::probe_kind); }));
}

// Every look there is, at a server and at the names that lead to it.
std::vector<second_look> all_of_them() {
    std::vector<second_look> all;
    for (const auto& look : trace::all_looks) {
        if (look == "address") continue;  // is taken while dialling
        const bool at_name = &look <= std::ranges::find(trace::all_looks, "nat64");
        all.push_back({std::string(look), at_name ? "sip.contoso.example" : "sip.contoso.example:5061"});
    }
    return all;
}

// A server that takes a connection and says nothing on it.
struct one_server : context_fixture {
    explicit one_server(bool answers) : context_fixture(3) {
        if (!answers) return;
        names->addresses = {{"sip.contoso.example", "192.0.2.1"}};
        dialer->answer = [this](const net::endpoint&) -> net::result<net::stream_ptr> {
            auto [mine, other] = net::make_memory_pair(io.get_executor());
            far.push_back(std::move(other));
            return net::test::fail_at(std::move(mine), harmed, "server");
        };
    }
    std::vector<net::stream_ptr> far;
    std::shared_ptr<harm> harmed = std::make_shared<harm>();
};

}  // namespace

TEST_CASE("every look ends before the round does, each with a word", "[signin][sequence][second_round]") {
    one_server f(GENERATE(true, false));
    const auto looks = all_of_them();
    net::test::run(f.io, look_again(f.c, looks));
    for (const auto& look : looks) {
        INFO(look.probe);
        CHECK(std::ranges::any_of(
            f.trace.so_far().spans, [&](const trace::span& s) { return s.text(ev::probe_kind) == look.probe; }));
    }
    for (const auto& span : f.trace.so_far().spans) {
        INFO(span.node << " " << span.subject);
        CHECK(span.branch != "");
    }
    CHECK(f.passwords.uses() == 0);
}

TEST_CASE("a look that nobody knows is none, and of too many the first are taken", "[signin][sequence][second_round]") {
    one_server f(false);
    std::vector<second_look> looks(limits::second_looks + 10, {"cname_chain", "sip.contoso.example"});
    looks.front().probe = "at_the_stars";
    net::test::run(f.io, look_again(f.c, looks));
    CHECK(looks_in(f) == static_cast<int>(limits::second_looks) - 1);
    const auto* left_out = f.trace.so_far().latest("connection.cross_check");
    REQUIRE(left_out);
    CHECK(left_out->reason == trace::not_run_reason::not_applicable);
}

TEST_CASE("looks that are under way end when the round is cut short", "[signin][sequence][second_round]") {
    one_server f(true);
    f.dialer->silent = {"192.0.2.1:5061", "192.0.2.1:443"};
    net::asio::post(f.io, [&f] { (void)f.harmed->falls_on("time passes", "nobody"); });
    CHECK(cancelled_at(f.io, f.harmed, 1, look_again(f.c, all_of_them())));
    f.beside.cancel();
    CHECK(net::test::run(f.io, f.beside.join(in_ms(1000))));
}
