// Scenarios of the lab in memory: whatever they say of redirects, log-ins, certificates and publishing comes out as in
// a process of its own, second round included.

#include <algorithm>
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

bool has_evidence(const trace::record& trace, const lab::expected_evidence& wanted) {
    return std::ranges::any_of(trace.spans, [&](const trace::span& s) {
        if (s.node != wanted.node || (!wanted.branch.empty() && s.branch != wanted.branch)) return false;
        if (!wanted.subject.empty() && s.subject != wanted.subject) return false;
        return wanted.name.empty() || s.find(wanted.name) != nullptr;
    });
}

std::vector<std::string> proofs_for(const whole_run& run, const std::string& host) {
    std::vector<std::string> kinds;
    for (const auto& one : run.received)
        if (one.host == host) kinds.push_back(one.kind);
    return kinds;
}

void check_findings(const diagnosis::verdict& v, const lab::expect_section& wanted) {
    const auto found = [&](const std::string& id) {
        return std::ranges::any_of(v.findings, [&](const auto& f) { return f.id == id; });
    };
    for (const auto& id : wanted.findings) {
        INFO(id);
        CHECK(found(id));
    }
    for (const auto& id : wanted.not_findings) {
        INFO("not " << id);
        CHECK_FALSE(found(id));
    }
}

}  // namespace

TEST_CASE("scenarios end in memory as over sockets", "[whole][scenarios]") {
    const std::string name = GENERATE(
        "redirect-home-pool", "credentials-withheld-redirected-by-a-stranger", "kerberos-without-ticket",
        "reg-301-loop", "stranger-redirect", "register-redirected-at-once", "reg-log-ins-answered-by-redirects",
        "reg-404-not-sip-enabled", "reg-403-remote-access", "reg-503-generic", "reg-signature-mismatch",
        "reg-unsigned-200", "reg-wrong-password", "reg-423-interval", "reg-dsk-inner-tls-fail", "reg-no-common-scheme",
        "reg-unchallenged", "wt-401-loop", "wt-account-disabled", "wt-bad-credentials-fault",
        "wt-bad-credentials-by-username", "wt-not-sip-enabled", "certprov-500", "certprov-not-yet-valid",
        "certprov-wrong-subject", "prov-error", "prov-group-missing", "publish-conflict", "publish-conflict-once",
        "publish-refused", "tls-expired", "tls-name-mismatch", "tls-untrusted-root", "tls-self-signed",
        "tls-http-on-sip-port", "ad-403", "ad-not-xml", "ad-redirect-loop", "ntlm-only", "no-password");
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
    check_findings(v, wanted);
    for (const auto& one : wanted.evidence) {
        INFO(one.node << " " << one.branch << " " << one.name);
        CHECK(has_evidence(run.told.trace, one));
    }
    for (const auto& [host, kinds] : wanted.credentials)
        if (kinds.empty() && host != "*") CHECK(proofs_for(run, host).empty());
    const auto is_proof = [](const auto& one) { return one.kind == "ntlm" || one.kind.starts_with("username_token"); };
    if (wanted.password_uses == 0) CHECK(std::ranges::none_of(run.received, is_proof));
}
