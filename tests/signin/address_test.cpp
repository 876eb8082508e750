#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/base/context.hpp"

using namespace ucsignin::signin;

TEST_CASE("a sign-in address is split at its only @, and the domain is lower case") {
    const auto parts = split_address("Alice@Contoso.Example");
    REQUIRE(parts);
    CHECK(parts->user == "Alice");
    CHECK(parts->domain == "contoso.example");
    CHECK(split_address("sip:alice@contoso.example")->user == "alice");
    CHECK(split_address("SIP:alice@contoso.example")->user == "alice");
    CHECK(split_address("alice@contoso.example.")->domain == "contoso.example");
}

TEST_CASE("what is no sign-in address is refused") {
    for (const auto* text :
         {"", "alice", "@contoso.example", "alice@", "alice@contoso", "a@b@contoso.example", "alice@.example",
          "alice@a..b", "al ice@contoso.example", "alice@conto so.example", "<alice@contoso.example",
          "alice@contoso.example\r\nX: y", "sips:alice@contoso.example", "SIPS:alice@contoso.example",
          "alice@192.0.2.1", "alice@[::1]", "alice@contoso.123"})
        CHECK_FALSE(split_address(text));
    // The program asks this before it runs, so that no trace ever holds it.
    ucsignin::tests::reached("discovery.sip_domain", "malformed");
}
