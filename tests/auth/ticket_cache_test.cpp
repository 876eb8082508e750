#include "auth/ticket_cache.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::auth;

TEST_CASE("a ticket is kept for what it is for, until a minute before its end", "[auth]") {
    ticket_cache cache;
    web_ticket ticket;
    ticket.assertion_id = "one";
    ticket.expires = 1000;
    cache.keep("https://webext.contoso.example/a", ticket);
    REQUIRE(cache.find("https://webext.contoso.example/a", 939));
    CHECK(cache.find("https://webext.contoso.example/a", 939)->assertion_id == "one");
    CHECK_FALSE(cache.find("https://webext.contoso.example/a", 940));
    CHECK_FALSE(cache.find("https://webext.contoso.example/b", 0));
    ticket.assertion_id = "two";
    ticket.expires = 2000;
    cache.keep("https://webext.contoso.example/a", ticket);
    CHECK(cache.find("https://webext.contoso.example/a", 940)->assertion_id == "two");
}
