#include <catch2/catch.hpp>

#include "options.hpp"
#include "reached.hpp"
#include "signin/discovery/vantage.hpp"

using namespace ucsignin::signin;
using discovery::decide_vantage;
using discovery::vantage_signs;

TEST_CASE("what was given by hand outweighs every sign") {
    vantage_signs s;
    s.by_hand = vantage::inside;
    s.access_location = "External";
    s.remote_user = true;
    const auto seen = decide_vantage(s);
    CHECK(seen.where == vantage::inside);
    CHECK_FALSE(seen.client_inside);
    CHECK(seen.decision.considered.front().option == "--vantage");
    ucsignin::tests::reached("discovery.vantage", "inside_disagrees");
}

TEST_CASE("AccessLocation decides, in any case of letters, and RemoteUser after it") {
    vantage_signs s;
    s.access_location = "INTERNAL";
    CHECK(decide_vantage(s).where == vantage::inside);
    s.access_location = "external";
    CHECK(decide_vantage(s).where == vantage::outside);
    s.access_location = "";
    s.remote_user = true;
    CHECK(decide_vantage(s).where == vantage::outside);
    s.remote_user = false;
    CHECK(decide_vantage(s).where == vantage::inside);
}

TEST_CASE("an internal name that answers at a private address proves the inside, unless any name would have resolved") {
    vantage_signs s;
    s.access_location = "External";
    s.internal_name_resolves = s.internal_name_private = s.internal_name_answers = true;
    CHECK(decide_vantage(s).where == vantage::inside);
    CHECK(decide_vantage(s).client_inside);
    s.any_name_resolves = true;
    CHECK(decide_vantage(s).where == vantage::outside);
}

TEST_CASE("a server that takes us for inside is wrong when DNS knows none of its servers") {
    vantage_signs s;
    s.access_location = "Internal";
    s.internal_servers_unknown = true;
    CHECK(decide_vantage(s).where == vantage::outside);
    s.internal_name_resolves = true;
    CHECK(decide_vantage(s).where == vantage::inside);
}

TEST_CASE("names alone are a guess, and the client goes by an answer, not by a name") {
    vantage_signs s;
    s.external_records = true;
    CHECK(decide_vantage(s).where == vantage::unknown);
    CHECK(decide_vantage(s).guess == vantage::outside);
    s.internal_name_resolves = true;
    CHECK(decide_vantage(s).guess == vantage::inside);
    CHECK_FALSE(decide_vantage(s).client_inside);
    s.any_name_resolves = true;
    CHECK(decide_vantage(s).guess == vantage::unknown);
    CHECK(decide_vantage({}).where == vantage::unknown);
}

TEST_CASE("a sign that did not decide says which one had, or that it proves nothing") {
    vantage_signs s;
    s.access_location = "External";
    s.remote_user = true;
    s.external_records = true;
    const auto by_location = decide_vantage(s).decision;
    CHECK(by_location.chosen == "outside");
    CHECK(ucsignin::tests::why(by_location, "ms-user-logon-data").ends_with("; AccessLocation had already decided"));
    CHECK(ucsignin::tests::why(by_location, "external names").ends_with("; this alone proves nothing"));
    s.access_location = "";
    const auto by_registrar = decide_vantage(s).decision;
    CHECK(ucsignin::tests::verdict_on(by_registrar, "ms-user-logon-data") == ucsignin::trace::verdict::chosen);
    CHECK(
        ucsignin::tests::why(by_registrar, "ms-user-logon-data") ==
        "the registrar calls us a remote user: we came through the Edge");
    s.remote_user = false;
    CHECK(decide_vantage(s).decision.chosen == "inside");
}
