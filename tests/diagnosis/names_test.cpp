#include <catch2/catch.hpp>

#include "diagnosis/names.hpp"

using namespace ucsignin::diagnosis;

TEST_CASE("host and port of a candidate, IPv6 included") {
    CHECK(host_of("sip.contoso.example:443") == "sip.contoso.example");
    CHECK(port_of("sip.contoso.example:443") == "443");
    CHECK(host_of("[2001:db8::1]:5061") == "2001:db8::1");
    CHECK(port_of("[2001:db8::1]:5061") == "5061");
    CHECK(host_of("2001:db8::1") == "2001:db8::1");
    CHECK(port_of("2001:db8::1") == "");
    CHECK(host_of("") == "");
    CHECK(port_of("") == "");
}

TEST_CASE("host and port of a URL") {
    CHECK(host_of_url("https://web.contoso.example/CertProv/x.svc?a=b") == "web.contoso.example");
    CHECK(port_of_url("https://web.contoso.example/") == "443");
    CHECK(port_of_url("http://web.contoso.example") == "80");
    CHECK(port_of_url("https://web.contoso.example:4443/") == "4443");
    CHECK(host_of_url("") == "");
}

TEST_CASE("the host of a Contact") {
    CHECK(host_of_sip_uri("<sip:fe01.contoso.example:5061;transport=tls>;q=0.7") == "fe01.contoso.example");
    CHECK(host_of_sip_uri("sip:alice@contoso.example") == "contoso.example");
    CHECK(host_of_sip_uri("") == "");
}

TEST_CASE("a name is under a domain only at a label boundary") {
    CHECK(is_under("sip.contoso.example", "contoso.example"));
    CHECK(is_under("Contoso.Example", "contoso.example"));
    CHECK_FALSE(is_under("evilcontoso.example", "contoso.example"));
    CHECK_FALSE(is_under("contoso.example", ""));
}

TEST_CASE("private addresses are those of RFC 1918 and RFC 4193") {
    CHECK(is_private("10.0.0.1"));
    CHECK(is_private("172.16.0.1"));
    CHECK(is_private("172.31.255.1"));
    CHECK_FALSE(is_private("172.32.0.1"));
    CHECK(is_private("192.168.1.1"));
    CHECK_FALSE(is_private("127.0.0.1"));
    CHECK_FALSE(is_private("198.51.100.1"));
    CHECK(is_private("fd00::1"));
    CHECK_FALSE(is_private("2001:db8::1"));
    CHECK_FALSE(is_private("172."));
    CHECK_FALSE(is_private(""));
}

TEST_CASE("times are read strictly and days are written for people") {
    CHECK(seconds_of("1970-01-02T00:00:01Z") == 86401);
    CHECK(seconds_of("2026-02-30T00:00:00Z") == std::nullopt);
    CHECK(seconds_of("yesterday") == std::nullopt);
    CHECK(seconds_of("") == std::nullopt);
    CHECK(day_of("2026-11-24T10:00:00Z") == "24 November 2026");
    CHECK(day_of("Nov 24") == "Nov 24");
}
