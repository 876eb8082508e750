#include "signin/base/trust.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::signin;

namespace {

enum class may { nothing, log_in, have_password };

may covered(const trust_rule& rule, const std::string& host, const naming& named) {
    const auto decision = rule.covers(host, named);
    if (!decision) return may::nothing;
    CHECK(decision->host() == host);
    return decision->may_have_password() ? may::have_password : may::log_in;
}

// A server that may have NTLM itself, reached over so many steps from a name that needs nobody's word.
credential_target at_distance(const trust_rule& rule, int steps) {
    auto target = *rule.covers("sip.contoso.example", naming::by_dns("_sip._tls.contoso.example"));
    for (int i = 0; i < steps; ++i)
        target = *rule.covers("hop.fabrikam.example", {naming_way::redirect, "somebody", false, target});
    return target;
}

}  // namespace

// contract.md, "Credentials": a line of this table is a cell row of that one.
TEST_CASE("who may have what, by how the name came", "[signin][trust]") {
    const trust_rule rule("Contoso.Example", {"corp.example"});
    const auto good = at_distance(rule, 0);
    struct line {
        const char* host;
        naming named;
        may expected;
    };
    // clang-format off
    const line table[] = {
        // typed
        {"gate.fabrikam.example", naming::by_user(), may::log_in},
        {"192.0.2.10", naming::by_user(), may::log_in},
        {"mail.fabrikam.example", {naming_way::typed_for_exchange, {}, false, {}}, may::have_password},
        // the SIP domain and below, and --trust-domain
        {"contoso.example", naming::by_dns("r"), may::have_password},
        {"sip.contoso.example", naming::by_dns("r"), may::have_password},
        {"a.b.contoso.example", {naming_way::autodiscover, "x", true, {}}, may::have_password},
        {"pool.corp.example", naming::by_dns("r"), may::have_password},
        {"sip.contoso.example", naming::by_user(), may::have_password},
        // hosters that the desktop client knows
        {"webdir1e.online.lync.com", naming::by_dns("r"), may::log_in},
        {"autodiscover-s.outlook.com", naming::by_dns("r"), may::log_in},
        {"x.lync.glbdns.microsoft.com", naming::by_dns("r"), may::log_in},
        {"login.microsoftonline.com", naming::by_dns("r"), may::log_in},
        {"glbdns.microsoft.com", naming::by_dns("r"), may::nothing},
        // kept from a sign-in that succeeded
        {"sip.fabrikam.example", {naming_way::cached, {}, false, {}}, may::log_in},
        // named over proven TLS by a server that may have NTLM itself
        {"fe02.ad.example", {naming_way::redirect, "sip.contoso.example", false, good}, may::log_in},
        {"web.ad.example", {naming_way::sts_uri, "sip.contoso.example", false, good}, may::log_in},
        {"web.ad.example", {naming_way::web_ticket_url, "sip.contoso.example", false, good}, may::log_in},
        {"web.ad.example", {naming_way::metadata, "sip.contoso.example", false, good}, may::log_in},
        {"pool.ad.example", {naming_way::autodiscover, "sip.contoso.example", false, good}, may::log_in},
        {"pool.ad.example", {naming_way::autodiscover, "sip.contoso.example", false, at_distance(rule, 4)}, may::log_in},
        {"pool.ad.example", {naming_way::autodiscover, "sip.contoso.example", false, at_distance(rule, 5)}, may::nothing},
        // named by anybody
        {"gate.fabrikam.example", naming::by_dns("_sip._tls.contoso.example"), may::nothing},
        {"gate.fabrikam.example", {naming_way::redirect, "sip.fabrikam.example", false, {}}, may::nothing},
        {"gate.fabrikam.example", {naming_way::autodiscover, "lyncdiscover.contoso.example", true, {}}, may::nothing},
        {"gate.fabrikam.example", {naming_way::autodiscover, "lyncdiscover.contoso.example", true, good}, may::nothing},
        // names that only look alike
        {"evilcontoso.example", naming::by_dns("r"), may::nothing},
        {"contoso.example.fabrikam.example", naming::by_dns("r"), may::nothing},
        {"notlync.com", naming::by_dns("r"), may::nothing},
        {"example", naming::by_dns("r"), may::nothing},
    };
    // clang-format on
    for (const auto& l : table) {
        CAPTURE(l.host, word_of(l.named.how).word(), l.named.by, l.named.in_clear);
        CHECK(static_cast<int>(covered(rule, l.host, l.named)) == static_cast<int>(l.expected));
    }
}

TEST_CASE(
    "a target in its own right gives its word anew; one on somebody's word is a step further", "[signin][trust]") {
    const trust_rule rule("contoso.example", {});
    CHECK(at_distance(rule, 0).steps() == 0);
    CHECK(at_distance(rule, 3).steps() == 3);
    CHECK(rule.covers("sip.contoso.example", {naming_way::redirect, "far", false, at_distance(rule, 5)})->steps() == 0);
}

TEST_CASE("what is withheld says why, and what would allow it", "[signin][trust]") {
    const trust_rule rule("contoso.example", {});
    const auto by_dns = rule.covers("gate.fabrikam.example", naming::by_dns("_sip._tls.contoso.example"));
    REQUIRE_FALSE(by_dns);
    CHECK(by_dns.error().host == "gate.fabrikam.example");
    CHECK(by_dns.error().would_allow == "fabrikam.example");
    CHECK(by_dns.error().why.find("only DNS names it (_sip._tls.contoso.example)") != std::string::npos);
    const auto in_clear = rule.covers(
        "fabrikam.example", {naming_way::autodiscover, "lyncdiscover.contoso.example", true, {}});
    CHECK(in_clear.error().would_allow == "fabrikam.example");
    CHECK(in_clear.error().why.find("over plain HTTP") != std::string::npos);
    CHECK(rule.covers("192.0.2.10", naming::by_dns("r")).error().would_allow == "192.0.2.10");
}
