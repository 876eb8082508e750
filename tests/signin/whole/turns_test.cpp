// Turns that a sign-in takes seldom: circles and chains of redirects, a key that is late.

#include <algorithm>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "lab/scenario.hpp"
#include "lab_in_memory.hpp"
#include "ucsignin/lab.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;

namespace {

// Servers that send on to one another: the first is the only one that DNS names.
std::shared_ptr<const lab::scenario> chain_of(const std::vector<std::string>& hosts) {
    std::string names, rules;
    for (std::size_t i = 0; i + 1 < hosts.size(); ++i) {
        names += fmt::format(R"({}{{"name": "{}.", "data": "192.0.2.10"}})", i == 0 ? "" : ", ", hosts[i]);
        rules += fmt::format(
            R"({}{{"method": "REGISTER", "at": "{}", "step": "first", "status": 301, "contact": "<sip:{}:443>"}})",
            i == 0 ? "" : ", ", hosts[i], hosts[i + 1]);
    }
    const auto text = fmt::format(
        R"({{"format": "ucsignin-scenario/1", "name": "chain", "description": "Servers that send on.",
            "dns": {{"remove": [{{"name": "lyncdiscover"}}, {{"name": "sip"}}, {{"name": "sipexternal"}}],
                     "set": [{{"name": "_sip._tls", "type": "SRV", "data": "0 0 443 {}."}}], "add": [{}]}},
            "sip": [{}], "expect": {{}}}})",
        hosts.front(), names, rules);
    return lab::parse_scenario(text, "test").value();
}

whole_run sign_in(const std::shared_ptr<const lab::scenario>& what, bool slow_key = false) {
    lab_in_memory lab{what, std::make_shared<lab::issuers>(*what)};
    lab.key_is_slow = slow_key;
    return sign_in_to(lab, 10);
}

const trace::span& loop_of(const whole_run& run) {
    const auto at = std::ranges::find_if(run.told.trace.spans, [](const trace::span& s) {
        return s.node == "registration.redirect" && s.branch == "loop";
    });
    REQUIRE(at != run.told.trace.spans.end());
    return *at;
}

std::size_t asked(const whole_run& run) { return run.told.trace.all("registration.first_register").size(); }

}  // namespace

TEST_CASE("strangers that send us in a circle are each asked once", "[whole][redirect]") {
    const auto run = sign_in(chain_of({"sip.fabrikam.example", "gate.fabrikam.example", "sip.fabrikam.example"}));
    CHECK(loop_of(run).summary == "sent on to sip.fabrikam.example:443, where this sign-in has been before");
    CHECK(asked(run) == 2);
    CHECK(run.received.empty());
}

TEST_CASE("a chain of redirects is followed five times", "[whole][redirect]") {
    std::vector<std::string> hosts;
    for (int i = 0; i < 9; ++i) hosts.push_back(fmt::format("h{}.contoso.example", i));
    const auto run = sign_in(chain_of(hosts));
    CHECK(loop_of(run).summary == "redirected more than 5 times, last to h6.contoso.example:443");
    CHECK(asked(run) == 6);
    CHECK(run.told.verdict.stopped_at == "registration.redirect");
}

TEST_CASE("a certificate waits for its key", "[whole][key]") {
    const auto what = lab::load_scenario(SCENARIO_FOLDER "/redirect-home-pool.json").value();
    CHECK(sign_in(what, true).told.verdict.signed_in);
}
