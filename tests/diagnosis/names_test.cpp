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
