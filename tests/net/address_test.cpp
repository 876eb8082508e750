#include "net/address.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::net;

namespace {
ip_address address(const char* text) { return boost::asio::ip::make_address(text); }
}  // namespace

TEST_CASE("an endpoint is read with and without a port", "[net][address]") {
    CHECK(parse_endpoint("192.0.2.1", 53) == endpoint{address("192.0.2.1"), 53});
    CHECK(parse_endpoint("192.0.2.1:5353", 53) == endpoint{address("192.0.2.1"), 5353});
    CHECK(parse_endpoint("::1", 53) == endpoint{address("::1"), 53});
    CHECK(parse_endpoint("[::1]", 53) == endpoint{address("::1"), 53});
    CHECK(parse_endpoint("[2001:db8::1]:443", 53) == endpoint{address("2001:db8::1"), 443});
}

TEST_CASE("an endpoint that is none is refused with its text", "[net][address]") {
    for (auto const* text :
         {"", "host", "192.0.2", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:5x", "[::1", "[::1]53",
          "[]:1", ":53"}) {
        auto const read = parse_endpoint(text, 53);
        INFO(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().what == fault::protocol);
        CHECK(read.error().detail.find(text) != std::string::npos);
    }
}

TEST_CASE("an endpoint is written as it is read", "[net][address]") {
    for (auto const* text : {"192.0.2.1:443", "[2001:db8::1]:443"}) CHECK(to_string(*parse_endpoint(text, 0)) == text);
}

TEST_CASE("a host and port are written as they are read, an IPv6 address in brackets", "[net][address]") {
    for (auto const* text : {"sip.contoso.com:443", "192.0.2.1:5061", "[2001:db8::1]:443"})
        CHECK(to_string(*parse_host_port(text, 0)) == text);
    CHECK(bracketed("2001:db8::1") == "[2001:db8::1]");
    CHECK(bracketed("192.0.2.1") == "192.0.2.1");
}

TEST_CASE("a host is lower-cased and loses brackets and the final dot", "[net][address]") {
    CHECK(parse_host_port("SIP.Contoso.COM.", 443) == host_port{"sip.contoso.com", 443});
    CHECK(parse_host_port("sip.contoso.com:5061", 443) == host_port{"sip.contoso.com", 5061});
    CHECK(parse_host_port("[2001:DB8::1]:5061", 443) == host_port{"2001:db8::1", 5061});
    CHECK(parse_host_port("2001:db8::1", 443) == host_port{"2001:db8::1", 443});
    CHECK(parse_host_port("_sip._tls", 1) == host_port{"_sip._tls", 1});
}

TEST_CASE("a host with characters that no name has is refused", "[net][address]") {
    for (auto const* text : {"", ".", ":1", "a b", "a/b", "user@host", "host:port", "a:b:c", "host\r\n"}) {
        INFO(text);
        CHECK_FALSE(parse_host_port(text, 443));
    }
    CHECK_FALSE(parse_host_port(std::string(254, 'a'), 443));
    CHECK(parse_host_port(std::string(253, 'a'), 443));
}

TEST_CASE("connect-to takes names, addresses and brackets", "[net][address]") {
    auto const named = parse_connect_to("Sip.Contoso.com:5061:127.0.0.1:15061");
    REQUIRE(named);
    CHECK(named->meant == host_port{"sip.contoso.com", 5061});
    CHECK(named->instead == endpoint{address("127.0.0.1"), 15061});
    auto const six = parse_connect_to("[2001:db8::1]:443:[::1]:10443");
    REQUIRE(six);
    CHECK(six->meant == host_port{"2001:db8::1", 443});
    CHECK(six->instead == endpoint{address("::1"), 10443});
}

TEST_CASE("an incomplete connect-to is refused", "[net][address]") {
    for (auto const* text :
         {"", "a", "a:1", "a:1:", "a:1:127.0.0.1", "a:1:host:2", ":1:127.0.0.1:2", "a::127.0.0.1:2",
          "[::1:1:127.0.0.1:2"}) {
        INFO(text);
        CHECK_FALSE(parse_connect_to(text));
    }
}

TEST_CASE("without overrides each address is dialled as it is", "[net][address]") {
    auto const targets = dial_targets({"sip.contoso.com", 443}, {address("192.0.2.1"), address("2001:db8::1")}, {});
    REQUIRE(targets.size() == 2);
    CHECK(targets[1].actual == endpoint{address("2001:db8::1"), 443});
    CHECK(targets[1].meant == targets[1].actual);
    CHECK_FALSE(targets[1].moved);
}

TEST_CASE("an override of a name replaces all its addresses, even when there are none", "[net][address]") {
    std::vector<connect_to> const overrides{*parse_connect_to("sip.contoso.com:443:127.0.0.1:1443")};
    auto const targets = dial_targets(
        {"sip.contoso.com", 443}, {address("192.0.2.1"), address("192.0.2.2")}, overrides);
    REQUIRE(targets.size() == 1);
    CHECK(targets[0].meant == endpoint{address("192.0.2.1"), 443});
    CHECK(targets[0].actual == endpoint{address("127.0.0.1"), 1443});
    CHECK(targets[0].moved);
    CHECK(dial_targets({"sip.contoso.com", 443}, {}, overrides).size() == 1);
    CHECK(dial_targets({"sip.contoso.com", 5061}, {}, overrides).empty());
}

TEST_CASE("an override of an address moves every name that leads there, and only there", "[net][address]") {
    std::vector<connect_to> const overrides{*parse_connect_to("192.0.2.2:443:127.0.0.1:1443")};
    auto const targets = dial_targets(
        {"any.contoso.com", 443}, {address("192.0.2.1"), address("192.0.2.2")}, overrides);
    REQUIRE(targets.size() == 2);
    CHECK_FALSE(targets[0].moved);
    CHECK(targets[1].moved);
    CHECK(targets[1].actual == endpoint{address("127.0.0.1"), 1443});
    CHECK_FALSE(dial_targets({"any.contoso.com", 5061}, {address("192.0.2.2")}, overrides)[0].moved);
}
