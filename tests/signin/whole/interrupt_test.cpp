// A whole sign-in is interrupted at its N-th operation, for every N: it ends by itself, what was under way is written
// as interrupted, and nothing is done any more but to sign out.

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "../../net/run.hpp"
#include "lab_in_memory.hpp"
#include "ucsignin/lab.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm_kind;

namespace {

constexpr double hangs_ms = 15000;  // far more than a machine under load takes to end, and less than the time given

bool is_new(const std::string& operation) {
    return operation.starts_with("connect ") || operation.starts_with("ask for ");
}

// False when the run had fewer operations: they differ by a few from run to run.
bool interrupt_at(
    const std::shared_ptr<const lab::scenario>& what, const std::shared_ptr<const lab::issuers>& by, std::size_t nth) {
    lab_in_memory lab{what, by};
    control hand;
    lab.harm->kind = harm_kind::call_out;
    lab.harm->nth = nth;
    net::deadline at{};
    lab.harm->called = [&] {
        at = net::clock::now();
        hand.interrupt();
        net::asio::post(lab.executor, [h = lab.harm] { h->noting = true; });
    };
    const auto run = sign_in_to(lab, 20, &hand);
    INFO("interrupted at " << nth << ", " << lab.harm->hit);
    if (lab.harm->hit.empty()) return false;
    CHECK(run.interrupted);
    CHECK(run.told.facts.fault == "");
    CHECK(net::test::ms_since(at) < hangs_ms);
    for (const auto& done : lab.harm->noted) {
        INFO(done);
        CHECK_FALSE(is_new(done));
    }
    const auto* end = run.told.trace.latest("provisioning.sign_out");
    CHECK(end);
    const auto* in = run.told.trace.latest("registration.confirmed");
    if (end && in && in->branch == "yes") CHECK(end->branch == "confirmed");
    const auto back = report::from_json(report::to_json(run.told));
    CHECK(back.has_value());
    return true;
}

}  // namespace

TEST_CASE("a whole sign-in, interrupted at its N-th operation", "[whole][interrupt]") {
    const auto what = lab::load_scenario(SCENARIO_FOLDER "/redirect-home-pool.json").value();
    const auto by = std::make_shared<lab::issuers>(*what);
    lab_in_memory untouched{what, by};
    const auto whole = sign_in_to(untouched, 20);
    REQUIRE(whole.told.verdict.signed_in);
    const auto last = untouched.harm->seen;
    std::size_t reached = 0;
    for (std::size_t nth = 1; nth <= last; nth += SWEEP_STEP) reached += interrupt_at(what, by, nth) ? 1 : 0;
    CHECK(reached * SWEEP_STEP * 10 > last * 9);
}
