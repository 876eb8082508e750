// What our own caution withholds, and what never left.
#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

TEST_CASE("a log-in that was kept from a stranger is nobody's refusal") {
    trace_builder t;
    t.discovered({"gate.fabrikam.example:443 redirect"}).connected("gate.fabrikam.example:443");
    t.add(
        "discovery.trust", "would_prompt", trace::outcome::warning, "gate.fabrikam.example",
        {{ev::candidate, "gate.fabrikam.example:443"},
         {ev::trust_named_how, "redirect"},
         {ev::trust_named_by, "sip.fabrikam.example"},
         {ev::trust_would_allow, "fabrikam.example"},
         {ev::credentials_withheld, "certificate"}});
    t.failed(
        "registration.scheme", "none", "gate.fabrikam.example:443",
        {{ev::candidate, "gate.fabrikam.example:443"}, {ev::credentials_withheld, "certificate"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "credentials-withheld");
    CHECK(v.root_causes.front().subject == "gate.fabrikam.example");
    CHECK(
        v.findings.front().explanation.find("sip.fabrikam.example redirected the sign-in to it") != std::string::npos);
    CHECK(v.findings.front().remedies.front().text.find("--trust-domain fabrikam.example") != std::string::npos);
}

TEST_CASE("NTLM that broke off before the password was due is no wrong password") {
    const auto with = [](int status) {
        trace_builder t;
        t.discovered({"sip.contoso.example:443 srv"}).connected("sip.contoso.example:443");
        t.failed(
            "registration.ntlm", "broken_off", "sip.contoso.example:443",
            {{ev::candidate, "sip.contoso.example:443"},
             {ev::step, "challenge"},
             {ev::sip_status, status},
             {ev::password_uses, 0}});
        return root_of(t.judge());
    };
    CHECK(with(401) == "reg-no-common-scheme");
    CHECK(with(503) == "reg-503-generic");
}

TEST_CASE("a password that was spared after an answer that judged nothing points to that answer") {
    trace_builder t;
    t.discovered({"sip.contoso.example:443 srv", "sipexternal.contoso.example:443 a_fallback"});
    t.connected("sip.contoso.example:443").connected("sipexternal.contoso.example:443");
    t.failed(
        "registration.signed_register", "refused", "sip.contoso.example:443",
        {{ev::candidate, "sip.contoso.example:443"}, {ev::sip_status, 503}});
    t.failed(
        "registration.ntlm", "refused", "sipexternal.contoso.example:443",
        {{ev::candidate, "sipexternal.contoso.example:443"}, {ev::password_uses, 1}, {ev::password_unjudged, 1}});
    CHECK(root_of(t.judge()) == "reg-503-generic");
}
