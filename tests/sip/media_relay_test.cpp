#include "sip/media_relay.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::sip;

TEST_CASE("the request for relay credentials") {
    const auto text = media_relay_request(
        "sip:alice@contoso.example", "sip:edge&1@contoso.example;gruu;opaque=srvr:MRAS:x", "internet");
    CHECK(
        text ==
        R"(<request xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp" requestID="1" version="1.0" from="sip:alice@contoso.example" to="sip:edge&amp;1@contoso.example;gruu;opaque=srvr:MRAS:x" route="loadbalanced"><credentialsRequest credentialsRequestID="1"><identity>sip:alice@contoso.example</identity><location>internet</location><duration>480</duration></credentialsRequest></request>)");
}

TEST_CASE("relay credentials and relays, as a pool writes them") {
    const auto read = parse_media_relay(
        R"(<?xml version="1.0"?><response xmlns="http://schemas.microsoft.com/2006/09/sip/mrasp" requestID="9017" version="1.0" serverVersion="2.0" to="x" from="y" reasonPhrase="OK"><credentialsResponse credentialsRequestID="9018"><credentials><username>AgAAJAAA</username><password>q3Vd0o7s</password><duration>480</duration><realm>rtcmedia</realm></credentials><mediaRelayList><mediaRelay><location>internet</location><hostName>av.contoso.example</hostName><udpPort>3478</udpPort><tcpPort>443</tcpPort></mediaRelay><mediaRelay><location>intranet</location><directIPAddress>192.0.2.40</directIPAddress></mediaRelay></mediaRelayList></credentialsResponse></response>)");
    REQUIRE(read);
    CHECK(read->reason == "OK");
    CHECK(read->is_granted());
    CHECK(read->duration_min == 480);
    REQUIRE(read->relays.size() == 2);
    CHECK(read->relays[0].host == "av.contoso.example");
    CHECK(read->relays[0].location == "internet");
    CHECK(read->relays[1].host == "192.0.2.40");
    CHECK(read->relays[1].udp_port == 3478);
    CHECK(read->relays[1].tcp_port == 443);
}

TEST_CASE("the same with prefixes, in another order, in CDATA") {
    const auto read = parse_media_relay(
        "<!-- x --><m:response xmlns:m=\"urn:other\" reasonPhrase=\"ok\"><m:credentialsResponse><m:mediaRelayList>"
        "<m:mediaRelay><m:tcpPort> 4443 </m:tcpPort><m:udpPort>0</m:udpPort><m:hostName><![CDATA[av.contoso.example]]>"
        "</m:hostName></m:mediaRelay></m:mediaRelayList><m:credentials><m:password><![CDATA[cGFzcw==]]></m:password>"
        "<m:username>dXNlcg==</m:username></m:credentials></m:credentialsResponse></m:response>");
    REQUIRE(read);
    CHECK(read->is_granted());
    REQUIRE(read->relays.size() == 1);
    CHECK(read->relays[0].host == "av.contoso.example");
    CHECK(read->relays[0].tcp_port == 4443);
    CHECK(read->relays[0].udp_port == 0);
}

TEST_CASE("what grants nothing") {
    CHECK_FALSE(parse_media_relay(R"(<response reasonPhrase="Server Busy"/>)")->is_granted());
    CHECK_FALSE(parse_media_relay(R"(<response reasonPhrase="OK"/>)")->is_granted());
    CHECK_FALSE(
        parse_media_relay(
            R"(<response reasonPhrase="Forbidden"><credentialsResponse><credentials><username>a</username><password>b</password></credentials></credentialsResponse></response>)")
            ->is_granted());
    CHECK(
        parse_media_relay(
            R"(<response><credentialsResponse><credentials><username>a</username><password>b</password></credentials></credentialsResponse></response>)")
            ->is_granted());
}

TEST_CASE("of many relays the first count, and the rest is counted") {
    std::string all;
    for (int i = 0; i < 20; ++i) all += "<mediaRelay><hostName>a</hostName></mediaRelay>";
    const auto read = parse_media_relay(
        "<response><credentialsResponse><mediaRelayList>" + all + "</mediaRelayList></credentialsResponse></response>");
    REQUIRE(read);
    CHECK(read->relays.size() == 16);
    CHECK(read->left_out == 4);
}

TEST_CASE("what is no answer is an error with an offset, and never tells what was in it") {
    for (const auto* broken :
         {"", "no XML", "<request/>", "<response><credentialsResponse><credentials><password>c2VjcmV0</username>",
          "<!DOCTYPE response [<!ENTITY a \"c2VjcmV0\">]><response>&a;</response>"}) {
        const auto read = parse_media_relay(broken);
        REQUIRE_FALSE(read);
        CHECK_FALSE(read.error().what.empty());
        CHECK(read.error().what.find("c2VjcmV0") == std::string::npos);
    }
}
