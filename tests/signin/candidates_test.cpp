#include <catch2/catch.hpp>

#include "options.hpp"
#include "reached.hpp"
#include "signin/discovery/candidates.hpp"

using namespace ucsignin::signin;
using discovery::found;
using discovery::order_candidates;

static std::vector<std::string> names(const found& f) {
    std::vector<std::string> out;
    for (const auto& c : order_candidates(f).candidates) out.push_back(c.name());
    return out;
}

using list = std::vector<std::string>;

TEST_CASE("the order is Autodiscover, internal SRV, external SRV, then the address records") {
    found f;
    f.sip_domain = "contoso.example";
    f.access_location = "External";
    f.autodiscover_internal = {{"pool01.contoso.example", 5061}};
    f.autodiscover_external = {{"edge.contoso.example", 443}};
    f.srv_internal = {{0, 0, 5061, "pool01.contoso.example"}};
    f.srv_external = {{0, 0, 443, "sip.contoso.example"}};
    f.sipinternal = f.sip = f.sipexternal = true;
    CHECK(
        names(f) == list{
                        "edge.contoso.example:443", "pool01.contoso.example:5061", "sip.contoso.example:443",
                        "sipinternal.contoso.example:5061", "sip.contoso.example:5061",
                        "sipexternal.contoso.example:443"});
    ucsignin::tests::reached("discovery.candidates", "list");
}

TEST_CASE("AccessLocation decides between the servers of the user document, in any case of letters") {
    found f;
    f.autodiscover_internal = {{"in", 1}};
    f.autodiscover_external = {{"out", 2}};
    f.access_location = "internal";
    CHECK(names(f) == list{"in:1"});
    f.access_location = "EXTERNAL";
    CHECK(names(f) == list{"out:2"});
    f.access_location = "";
    CHECK(names(f) == list{"in:1", "out:2"});
}

TEST_CASE("a server given by hand is the only one, with both of the client's ports when none was given") {
    found f;
    f.srv_external = {{0, 0, 443, "sip.contoso.example"}};
    f.manual = ucsignin::net::host_port{"sip.fabrikam.example", 0};
    CHECK(names(f) == list{"sip.fabrikam.example:5061", "sip.fabrikam.example:443"});
    f.manual->port = 4443;
    CHECK(names(f) == list{"sip.fabrikam.example:4443"});
}

TEST_CASE("a server is listed once, at its first place, and the second reason is told") {
    found f;
    f.sip_domain = "contoso.example";
    f.srv_external = {{0, 0, 443, "sip.contoso.example"}};
    f.sip = true;
    f.vantage = vantage::outside;
    const auto ordered = order_candidates(f);
    REQUIRE(ordered.candidates.size() == 1);
    REQUIRE(ordered.decision.considered.size() == 2);
    CHECK(ordered.decision.considered[1].verdict == ucsignin::trace::verdict::passed_over);
}

TEST_CASE("the port of sip. follows the vantage, and both are tried when nothing tells") {
    found f;
    f.sip_domain = "contoso.example";
    f.sip = true;
    CHECK(names(f) == list{"sip.contoso.example:5061", "sip.contoso.example:443"});
    f.guess = vantage::outside;
    CHECK(names(f) == list{"sip.contoso.example:443", "sip.contoso.example:5061"});
    f.vantage = f.guess = vantage::inside;
    CHECK(names(f) == list{"sip.contoso.example:5061"});
    f.vantage = f.guess = vantage::outside;
    CHECK(names(f) == list{"sip.contoso.example:443"});
}

TEST_CASE("an SRV target of '.' is no server, and nothing found is an empty list") {
    found f;
    f.srv_external = {{0, 0, 0, ""}};
    CHECK(names(f).empty());
    ucsignin::tests::reached("discovery.candidates", "empty");
}

TEST_CASE("an internal server is passed over when the web site sees us outside, and taken when it does not") {
    found f;
    f.autodiscover_internal = {{"in", 1}};
    f.autodiscover_external = {{"out", 2}};
    f.access_location = "External";
    const auto outside = order_candidates(f).decision;
    CHECK(outside.chosen == "out:2");
    CHECK(ucsignin::tests::why(outside, "in:1") == "internal address, and the server sees us outside");
    f.access_location = "Internal";
    const auto inside = order_candidates(f).decision;
    CHECK(inside.chosen == "in:1");
    CHECK(ucsignin::tests::why(inside, "out:2") == "external address, and the server sees us inside");
}
