#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

// A complete log-in by NTLM, refused with number 1000 and this HRESULT beside it.
verdict refused_with(const char* code) {
    return up_to_challenge()
        .ok("registration.scheme", "ntlm", edge, {{ev::candidate, edge}})
        .failed(
            "registration.signed_register", "refused", edge,
            {{ev::candidate, edge},
             {ev::sip_status, 401},
             {ev::diagnostics_id, 1000},
             {ev::diagnostics_header, "ms-diagnostics"},
             {ev::diagnostics_reason, "Final handshake failed"},
             together({{ev::diagnostics_parameter, "HRESULT"}, {ev::diagnostics_value, code}})})
        .judge();
}

}  // namespace

TEST_CASE("the code of Windows beside the number tells the account, the clocks and the domain controller apart") {
    CHECK(root_of(refused_with("0xC0000234(STATUS_ACCOUNT_LOCKED_OUT)")) == "reg-account-locked");
    CHECK(root_of(refused_with("0xC0000071")) == "reg-password-expired");
    CHECK(root_of(refused_with("0x80070773")) == "reg-password-expired");
    CHECK(root_of(refused_with("0x80090324(SEC_E_TIME_SKEW)")) == "reg-kerberos-skew");
    CHECK(root_of(refused_with("STATUS_ACCOUNT_DISABLED")) == "wt-account-disabled");
    const auto expired = refused_with("0xc0000193");
    CHECK(find(expired, "wt-account-disabled")->title.ends_with("has expired"));
    const auto alone = refused_with("0x80090311(SEC_E_NO_AUTHENTICATING_AUTHORITY)");
    CHECK(root_of(alone) == "reg-503-generic");
    CHECK(alone.root_causes.front().certainty == certainty::likely);
    CHECK(rules_out(alone, "reg-503-generic", "reg-wrong-password"));
    CHECK(find(alone, "reg-503-generic")->explanation.find("0x80090311") != std::string::npos);
}

TEST_CASE("a code is the same as a signed number") {
    CHECK(root_of(refused_with("-1008124188")) == "reg-ntlm-session-security");
    CHECK(root_of(refused_with("0xc3e93ee4")) == "reg-ntlm-session-security");
}

TEST_CASE("a code that says no more than the number is told, and decides nothing") {
    for (const auto* code : {"0x8009030C(SEC_E_LOGON_DENIED)", "0x12345678", "nonsense", "-99999999999999"}) {
        const auto v = refused_with(code);
        CHECK(root_of(v) == "reg-wrong-password");
        CHECK(v.root_causes.front().certainty == certainty::likely);
        CHECK(find(v, "reg-wrong-password")->explanation.find(code) != std::string::npos);
    }
}

TEST_CASE("a redirect that names no server is no circle") {
    auto t = up_to_challenge();
    t.failed(
        "registration.redirect", "loop", edge,
        {{ev::candidate, edge}, {ev::sip_status, 302}, {ev::sip_contact, "<tel:+49>"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "reg-301-target-unreachable");
    CHECK(v.findings.front().title == edge + " redirects alice@contoso.example and names no server to go to");
    CHECK(v.findings.front().explanation.find("<tel:+49>") != std::string::npos);
}
