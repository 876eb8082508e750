// Scenarios of the lab in memory: whatever they say of redirects, log-ins, certificates and publishing comes out as in
// a process of its own, second round included.

#include <catch2/catch.hpp>

#include "lab_in_memory.hpp"
#include "ucsignin/lab.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;

namespace {

std::string branch_of(const trace::record& trace, const std::string& node) {
    const auto* found = trace.latest(chart::by_name(node));
    return found ? found->branch : "";
}

}  // namespace

TEST_CASE("scenarios end in memory as over sockets", "[whole][scenarios]") {
    const std::string name = GENERATE(
        "redirect-home-pool", "reg-301-loop", "stranger-redirect", "register-redirected-at-once",
        "reg-log-ins-answered-by-redirects", "reg-404-not-sip-enabled", "reg-403-remote-access", "reg-503-generic",
        "reg-signature-mismatch", "reg-unsigned-200", "reg-wrong-password", "reg-423-interval",
        "reg-dsk-inner-tls-fail", "reg-no-common-scheme", "reg-unchallenged", "wt-401-loop", "wt-account-disabled",
        "wt-bad-credentials-fault", "wt-bad-credentials-by-username", "wt-not-sip-enabled", "certprov-500",
        "certprov-not-yet-valid", "certprov-wrong-subject", "prov-error", "prov-group-missing", "publish-conflict",
        "publish-conflict-once", "publish-refused", "tls-expired", "tls-name-mismatch", "tls-untrusted-root",
        "tls-self-signed", "tls-http-on-sip-port", "ad-403", "ad-not-xml", "ad-redirect-loop", "ntlm-only",
        "no-password");
    const auto what = lab::load_scenario(SCENARIO_FOLDER "/" + name + ".json").value();
    lab_in_memory lab{what, std::make_shared<lab::issuers>(*what)};
    INFO(name);
    REQUIRE(what->client.options.empty());
    const auto run = sign_in_to(lab, 10);
    const auto& v = run.told.verdict;
    const auto& wanted = what->expect;
    CHECK(run.told.facts.fault == "");
    if (wanted.signed_in) CHECK(v.signed_in == *wanted.signed_in);
    if (wanted.stopped_at) CHECK(v.stopped_at == *wanted.stopped_at);
    std::vector<std::string> causes;
    for (const auto& one : v.root_causes) causes.push_back(one.id);
    if (wanted.root_causes) CHECK(causes == *wanted.root_causes);
    for (const auto& [node, branch] : wanted.branches) {
        INFO(node);
        CHECK(branch_of(run.told.trace, node) == branch);
    }
}
