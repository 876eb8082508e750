#include <catch2/catch.hpp>

#include "net/http.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::http;

TEST_CASE("a URL is taken apart", "[net][url]") {
    auto const read = parse_url(
        "HTTPS://LyncDiscover.Contoso.com:4443/Autodiscover/root?sipuri=sip:kim@contoso.com#top");
    REQUIRE(read);
    CHECK(read->scheme == "https");
    CHECK(read->host == "lyncdiscover.contoso.com");
    CHECK(read->port == 4443);
    CHECK(read->target == "/Autodiscover/root?sipuri=sip:kim@contoso.com");
    CHECK(read->secure());
    CHECK(read->text() == "https://lyncdiscover.contoso.com:4443/Autodiscover/root?sipuri=sip:kim@contoso.com");
}

TEST_CASE("a URL's port and target have defaults", "[net][url]") {
    CHECK(parse_url("http://contoso.com")->port == 80);
    CHECK(parse_url("https://contoso.com")->port == 443);
    CHECK(parse_url("https://contoso.com")->target == "/");
    CHECK(parse_url("https://contoso.com?a=b")->target == "/?a=b");
    CHECK(parse_url("https://contoso.com:443/x")->text() == "https://contoso.com/x");
}

TEST_CASE("a URL may name an IPv6 address", "[net][url]") {
    auto const read = parse_url("http://[2001:db8::1]:8080/x");
    REQUIRE(read);
    CHECK(read->host == "2001:db8::1");
    CHECK(read->text() == "http://[2001:db8::1]:8080/x");
}

TEST_CASE("a URL that no request can be made of is refused", "[net][url]") {
    for (auto const* text :
         {"", "contoso.com", "ftp://contoso.com/", "https://", "https:///x", "https://user@contoso.com/",
          "https://contoso.com:99999/", "https://contoso.com/a b", "https://contoso.com/\r\nHost: x", "://x"}) {
        INFO(text);
        auto const read = parse_url(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().what == fault::protocol);
    }
}

TEST_CASE("percent-encoding keeps the unreserved and nothing else", "[net][url]") {
    CHECK(percent_encode("sip:kim@contoso.com") == "sip%3Akim%40contoso.com");
    CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encode("\xc3\xa9 /") == "%C3%A9%20%2F");
}

TEST_CASE("references are resolved against where they came from", "[net][url]") {
    auto const base = *http::parse_url("https://webext.contoso.com:4443/Autodiscover/root?sipuri=a@contoso.com");
    auto const to = [&](const char* reference) {
        auto const found = http::resolve(base, reference);
        return found ? found->text() : std::string();
    };
    CHECK(to(" https://other.contoso.com/x\r\n") == "https://other.contoso.com/x");
    CHECK(to("//other.contoso.com/x") == "https://other.contoso.com/x");
    CHECK(to("/x?y") == "https://webext.contoso.com:4443/x?y");
    CHECK(to("user") == "https://webext.contoso.com:4443/Autodiscover/user");
    CHECK(to("?other=https://a/b") == "https://webext.contoso.com:4443/Autodiscover/root?other=https://a/b");
    CHECK(to("/login?back=https://a/") == "https://webext.contoso.com:4443/login?back=https://a/");
    CHECK(to("") == "");
    CHECK(to("ldap://x/") == "");
    CHECK(to("/a b") == "");
}
