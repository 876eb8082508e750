// Cookies of RFC 6265, as gateways and balancers set them.
#include "net/http_cookies.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::net;
using http::cookie_jar, http::parse_url, http::response;

namespace {

constexpr std::int64_t now = 1795000000;  // November 2026

http::url at(const char* text) { return *parse_url(text); }

response setting(std::vector<std::string> lines) {
    response r{200, "OK", {}, {}};
    for (auto& line : lines) r.headers.emplace_back("Set-Cookie", std::move(line));
    return r;
}

cookie_jar with(const char* from, std::vector<std::string> lines) {
    cookie_jar jar;
    jar.keep(at(from), setting(std::move(lines)), now);
    return jar;
}

}  // namespace

TEST_CASE("a cookie goes back to its host and path, and nowhere else", "[net][cookies]") {
    const auto jar = with("https://a.contoso.example/x/y?z", {"n=1", "root=2; Path=/", "deep=3; path=/x/y"});
    CHECK(jar.for_request(at("https://a.contoso.example/x/y"), now) == "deep=3; n=1; root=2");
    CHECK(jar.for_request(at("https://a.contoso.example/x"), now) == "n=1; root=2");
    CHECK(jar.for_request(at("https://a.contoso.example/xy"), now) == "root=2");
    CHECK(jar.for_request(at("https://b.contoso.example/x/y"), now).empty());
    CHECK(jar.for_request(at("https://a.contoso.example:4443/"), now) == "root=2");  // ports are one host's
}

TEST_CASE("a domain covers the hosts below it, and no stranger can name it", "[net][cookies]") {
    const auto jar = with("https://a.contoso.example/", {"d=1; Domain=.contoso.example"});
    CHECK(jar.for_request(at("https://b.contoso.example/"), now) == "d=1");
    CHECK(jar.for_request(at("https://contoso.example/"), now) == "d=1");
    CHECK(jar.for_request(at("https://notcontoso.example/"), now).empty());
    CHECK(with("https://a.contoso.example/", {"d=1; Domain=fabrikam.example"}).size() == 0);
    CHECK(with("https://a.contoso.example/", {"d=1; Domain=example"}).size() == 0);
    CHECK(with("https://a.contoso.example/", {"d=1; Domain=b.contoso.example"}).size() == 0);
}

TEST_CASE("Secure is for https alone", "[net][cookies]") {
    const auto jar = with("https://a.contoso.example/", {"s=1; Secure; HttpOnly"});
    CHECK(jar.for_request(at("https://a.contoso.example/"), now) == "s=1");
    CHECK(jar.for_request(at("http://a.contoso.example/"), now).empty());
    CHECK(with("http://a.contoso.example/", {"s=1; Secure"}).size() == 0);
}

TEST_CASE("a later cookie takes the place of the one before, and one that has ended is gone", "[net][cookies]") {
    auto jar = with("https://a.contoso.example/", {"n=1", "n=2"});
    CHECK(jar.for_request(at("https://a.contoso.example/"), now) == "n=2");
    jar.keep(at("https://a.contoso.example/"), setting({"n=; Max-Age=0"}), now);
    CHECK(jar.for_request(at("https://a.contoso.example/"), now).empty());
    for (const auto* end :
         {"Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 01-Jan-70 00:00:00 GMT", "Thu Jan 01 00:00:00 1970"}) {
        INFO(end);
        jar.keep(at("https://a.contoso.example/"), setting({"n=3"}), now);
        jar.keep(at("https://a.contoso.example/"), setting({std::string("n=x; expires=") + end}), now);
        CHECK(jar.size() == 0);
    }
    jar.keep(at("https://a.contoso.example/"), setting({"n=4; Expires=Wed, 01 Dec 2027 00:00:00 GMT"}), now);
    CHECK(jar.for_request(at("https://a.contoso.example/"), now) == "n=4");
    jar.keep(at("https://a.contoso.example/"), setting({"m=5; Max-Age=60"}), now);
    CHECK(jar.for_request(at("https://a.contoso.example/"), now + 61) == "n=4");
}

TEST_CASE("what is no cookie is not kept, and nobody fills the jar", "[net][cookies]") {
    CHECK(
        with("https://a.contoso.example/", {"", "novalue", "=x", "a\x01=b", "n=" + std::string(5000, 'x')}).size() ==
        0);
    std::vector<std::string> many;
    for (int i = 0; i < 1000; ++i) many.push_back("n" + std::to_string(i) + "=1");
    CHECK(with("https://a.contoso.example/", many).size() == 50);
}
