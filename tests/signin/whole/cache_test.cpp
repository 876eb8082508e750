// Sign-ins one after the other, with what the one before kept, over files in memory.

#include <catch2/catch.hpp>

#include "lab/scenario.hpp"
#include "lab_in_memory.hpp"
#include "ucsignin/lab.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;

namespace {

const std::string server_file = "/cache/of-the-user/server.json",
                  certificate_file = "/cache/of-the-user/certificate.pem";

struct again_and_again {
    std::shared_ptr<const lab::scenario> what = lab::load_scenario(SCENARIO_FOLDER "/redirect-home-pool.json").value();
    std::shared_ptr<const lab::issuers> by = std::make_shared<lab::issuers>(*what);
    std::shared_ptr<scripted_files> files = std::make_shared<scripted_files>();

    whole_run sign_in() {
        lab_in_memory lab{what, by};
        lab.cache = files;
        lab.pool = pool;
        auto run = sign_in_to(lab, 10);
        pool = lab.served->pool;
        return run;
    }
    std::shared_ptr<lab::pool_state> pool;
};

std::string branch_of(const whole_run& run, const std::string& node) {
    const auto* found = run.told.trace.latest(chart::by_name(node));
    return found ? found->branch : "";
}

}  // namespace

TEST_CASE("the next sign-in goes to the server that was kept, with the certificate that was kept", "[whole][cache]") {
    again_and_again user;
    CHECK(user.sign_in().told.verdict.signed_in);
    REQUIRE(user.files->kept.contains(server_file));
    REQUIRE(user.files->kept.contains(certificate_file));
    CHECK(user.files->kept[server_file].find("fe02.contoso.example:5061") != std::string::npos);

    const auto next = user.sign_in();
    CHECK(next.told.verdict.signed_in);
    CHECK(branch_of(next, "registration.cached_certificate") == "yes");
    CHECK(branch_of(next, "discovery.cached_server") == "used");
    CHECK(next.told.verdict.stopped_at == "");
}

TEST_CASE("a kept certificate that the pool does not take is replaced once", "[whole][cache]") {
    again_and_again user;
    CHECK(user.sign_in().told.verdict.signed_in);
    const auto old = user.files->kept[certificate_file];
    user.pool = nullptr;  // it remembers nothing
    const auto next = user.sign_in();
    CHECK(branch_of(next, "registration.cached_certificate") == "refused");
    CHECK(user.files->kept[certificate_file] != old);
    const auto last = user.sign_in();
    CHECK(last.told.verdict.signed_in);
}

TEST_CASE("what was kept and is garbage, or can't be read, costs the sign-in nothing", "[whole][cache]") {
    again_and_again user;
    user.files->kept = {{server_file, "[]"}, {certificate_file, "-----BEGIN"}};
    SECTION("garbage") {}
    SECTION("no way to read it") { user.files->unreadable = "no right to it"; }
    SECTION("no room") { user.files->unwritable = "no room"; }
    const auto run = user.sign_in();
    CHECK(run.told.verdict.signed_in);
    CHECK(run.told.facts.fault == "");
}

TEST_CASE("a kept server that is gone is passed over, and told as stale", "[whole][cache]") {
    again_and_again user;
    user.files->kept[server_file] =
        R"({"format":"ucsignin-cache/1","server":"old.contoso.example:5061","written_at":"2026-01-05T08:00:00Z"})";
    const auto run = user.sign_in();
    CHECK(run.told.verdict.signed_in);
    CHECK(branch_of(run, "discovery.cached_server") == "stale");
    CHECK(user.files->kept[server_file].find("fe02") != std::string::npos);
}

TEST_CASE("a kept server that says no, and that nobody names, is no verdict", "[whole][cache]") {
    again_and_again user;
    user.what = lab::parse_scenario(
                    R"({
        "format": "ucsignin-scenario/1", "name": "kept-server-says-no", "description": "A server of before.",
        "dns": {"add": [{"name": "old.contoso.example.", "data": "192.0.2.10"}]},
        "sip": [{"method": "REGISTER", "at": "old.contoso.example", "step": "first", "status": 403}],
        "expect": {}})",
                    "test")
                    .value();
    user.by = std::make_shared<lab::issuers>(*user.what);
    user.files->kept[server_file] =
        R"({"format":"ucsignin-cache/1","server":"old.contoso.example:443","written_at":"2026-01-05T08:00:00Z"})";
    const auto run = user.sign_in();
    CHECK(run.told.verdict.signed_in);
    CHECK(branch_of(run, "discovery.cached_server") == "stale");
}
