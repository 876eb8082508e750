#include <catch2/catch.hpp>

#include "options.hpp"
#include "signin/discovery/autodiscover_document.hpp"

using namespace ucsignin::signin::discovery;

constexpr auto xml = "application/vnd.microsoft.rtc.autodiscover+xml; v=1";
constexpr auto json = "application/vnd.microsoft.rtc.autodiscover+json; v=1";

TEST_CASE("a root names its documents, tokens compare without case") {
    const auto d = parse_autodiscover(
        xml,
        R"(<AutodiscoverResponse AccessLocation="External"><Root><Link token="Domain" href="https://w/d"/><Link token="User" href="https://w/u"/></Root></AutodiscoverResponse>)");
    REQUIRE(d);
    CHECK(d->what == autodiscover_document::kind::root);
    CHECK(d->access_location == "External");
    CHECK(d->href("user") == "https://w/u");
    CHECK(d->href("Redirect").empty());
}

TEST_CASE("a user document names servers; stray spaces are cut, ports that are none are passed over") {
    const auto d = parse_autodiscover(
        xml,
        R"(<a:AutodiscoverResponse xmlns:a="urn:x"><User><SipClientInternalAccess fqdn=" Pool01.contoso.example " port="5061"/>
        <SipClientExternalAccess fqdn="sip.contoso.example" port="443"/><SipClientExternalAccess fqdn="x" port="99999"/><SipServerExternalAccess fqdn="y" port="5061"/></User></a:AutodiscoverResponse>)");
    REQUIRE(d);
    REQUIRE(d->internal_access.size() == 1);
    CHECK(d->internal_access[0].host == "pool01.contoso.example");
    REQUIRE(d->external_access.size() == 1);
    CHECK(d->external_access[0].port == 443);
}

TEST_CASE("the JSON forms say the same") {
    const auto exchange = parse_autodiscover(
        json,
        R"({"AccessLocation":"Internal","User":{"SipClientInternalAccess":{"fqdn":"pool01.contoso.example","port":5061},"Link":[{"token":"Self","href":"https://w/s"}]}})");
    REQUIRE(exchange);
    CHECK(exchange->what == autodiscover_document::kind::user);
    CHECK(exchange->internal_access.at(0).port == 5061);
    const auto ucwa = parse_autodiscover("application/json", R"({"_links":{"user":{"href":"https://w/u"}}})");
    REQUIRE(ucwa);
    CHECK(ucwa->href("User") == "https://w/u");
}

TEST_CASE("anything else is an error with a place, never a guess") {
    for (const auto* body :
         {"", "<html/>", "<AutodiscoverResponse/>", "<AutodiscoverResponse><Root>", "not xml",
          "<!DOCTYPE a [<!ENTITY x 'y'>]><AutodiscoverResponse/>"})
        CHECK_FALSE(parse_autodiscover(xml, body));
    for (const auto* body : {"", "[]", "{}", "{\"Root\":3}", "{\"Root\":"}) CHECK_FALSE(parse_autodiscover(json, body));
    const auto broken = parse_autodiscover(xml, "<AutodiscoverResponse><Root></Rot></AutodiscoverResponse>");
    REQUIRE_FALSE(broken);
    CHECK(broken.error().offset > 10);
    CHECK_FALSE(parse_autodiscover(json, std::string(100000, '[')));
    CHECK_FALSE(parse_autodiscover(xml, std::string((1 << 20) + 1, ' ')));
}

TEST_CASE("a port that is not there is the usual one, one that is none spoils the entry, and a final dot goes") {
    const auto d = parse_autodiscover(
        "text/xml",
        "<AutodiscoverResponse><User><SipClientInternalAccess fqdn=' pool01.contoso.example. '/>"
        "<SipClientExternalAccess fqdn='sip.contoso.example' port=''/><SipClientExternalAccess fqdn='x' port='https'/>"
        "<SipClientExternalAccess fqdn='' port='443'/></User></AutodiscoverResponse>");
    REQUIRE(d.has_value());
    REQUIRE(d->internal_access.size() == 1);
    CHECK(d->internal_access.front().host == "pool01.contoso.example");
    CHECK(d->internal_access.front().port == 5061);
    REQUIRE(d->external_access.size() == 1);
    CHECK(d->external_access.front().port == 443);
}

TEST_CASE("a root's user document is read first, another root before it, the domain document last") {
    using ucsignin::tests::verdict_on;
    using ucsignin::tests::why;
    using ucsignin::trace::verdict;
    autodiscover_document root;
    root.links = {{"Domain", "https://w/d"}, {"User", "https://w/u"}, {"OAuth", "https://w/o"}};
    const auto user = decide_link(root);
    CHECK(user.chosen == "User");
    CHECK(verdict_on(user, "Domain") == verdict::not_tried);
    CHECK(why(user, "OAuth") == "it does not lead to servers");
    root.links[1].href.clear();
    const auto domain = decide_link(root);
    CHECK(domain.chosen == "Domain");
    CHECK(why(domain, "Domain") == "there is no user document");
    root.links.push_back({"redirect", "https://other/"});
    const auto elsewhere = decide_link(root);
    CHECK(elsewhere.chosen == "redirect");
    CHECK(why(elsewhere, "Domain") == "the root leads to another");
}
