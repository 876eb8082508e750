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

TEST_CASE("a ticket for another address of the same server is found by its host", "[auth][ticket]") {
    ucsignin::auth::ticket_cache cache;
    const auto good_until = [](std::int64_t when) {
        ucsignin::auth::web_ticket one;
        one.expires = when;
        return one;
    };
    cache.keep("https://web.contoso.example:443/a", good_until(5000));
    cache.keep("https://WEB.contoso.example/b", good_until(7000));
    cache.keep("https://web2.contoso.example/c", good_until(9000));
    cache.keep("no address", good_until(9000));
    REQUIRE(cache.find_for_host("web.contoso.example", 1000));
    CHECK(cache.find_for_host("web.contoso.example", 1000)->expires == 7000);
    CHECK(cache.find_for_host("web.contoso.example", 6940) == nullptr);
    CHECK(cache.find_for_host("contoso.example", 1000) == nullptr);
}
