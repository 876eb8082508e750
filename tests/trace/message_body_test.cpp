#include "trace/message_body.hpp"

#include <catch2/catch.hpp>

using ucsignin::trace::body_to_keep;

namespace {

std::string soap(const std::string& body) {
    return body_to_keep("HTTP", "application/soap+xml", body).value_or("none");
}
std::string over_sip(const std::string& body) { return body_to_keep("SIP", "application/xml", body).value_or("none"); }

}  // namespace

TEST_CASE("of web services the elements stand, and the text of those that are harmless", "[trace][messages]") {
    CHECK(
        soap("<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"urn:x\"><s:Body><wsse:UsernameToken "
             "wsu:Id=\"u1\"><wsse:Username>alice</wsse:Username>"
             "<wsse:Password "
             "Type=\"clear\">secret-1</wsse:Password></wsse:UsernameToken><wst:TokenType>SAML</wst:TokenType></"
             "s:Body></s:Envelope>") ==
        "<s:Envelope><s:Body><wsse:UsernameToken wsu:Id=\"[2 characters]\"><wsse:Username>[5 "
        "characters]</wsse:Username>"
        "<wsse:Password Type=\"[5 "
        "characters]\">[password]</wsse:Password></wsse:UsernameToken><wst:TokenType>SAML</wst:TokenType></s:Body></"
        "s:Envelope>");
    CHECK(soap("<a:Reason><b>secret</b>text</a:Reason>") == "<a:Reason><b>[6 characters]</b>[4 characters]</a:Reason>");
    CHECK(soap("<m:PictureData>/9j/4AAQ</m:PictureData>") == "<m:PictureData>[8 characters]</m:PictureData>");
    CHECK(soap("<BinarySecret>c2VjcmV0</BinarySecret>").find("c2Vj") == std::string::npos);
    CHECK(
        soap("<Link token=\"User\" href=\"https://a.example/x\"/>") ==
        "<Link token=\"User\" href=\"https://a.example/x\"/>");
}

TEST_CASE("nothing stands in comments, sections and broken markup", "[trace][messages]") {
    CHECK(soap("<a><!-- secret --><?x secret?><![CDATA[secret]]></a>") == "<a>[18 characters]</a>");
    CHECK(soap("<!DOCTYPE x [<!ENTITY y 'secret'>]><a>b</a>").find("secret") == std::string::npos);
    CHECK(soap("secret") == "[6 characters]");
    CHECK(body_to_keep("HTTP", "text/xml", "secret") == "[6 characters]");
    for (const auto* broken :
         {"<a b='secret", "<a secret>", "<x/secret/not a='secret>'>x", "<a b=secret>", "<a 'secret'='1'>",
          "<![CDATA[secret", "<a><b>secret", "<a>secret<"})
        CHECK(soap(broken).find("secret") == std::string::npos);
    CHECK(soap("<Text><Password>secret").find("secret") == std::string::npos);
}

TEST_CASE("of XML over SIP all stands but what is called a secret", "[trace][messages]") {
    CHECK(
        over_sip("<provisionGroup "
                 "name=\"ServerConfiguration\"><absInternalServerUrl>https://a.example/abs</absInternalServerUrl></"
                 "provisionGroup>") ==
        "<provisionGroup "
        "name=\"ServerConfiguration\"><absInternalServerUrl>https://a.example/abs</absInternalServerUrl></"
        "provisionGroup>");
    CHECK(
        over_sip("<mras><username>secret-1</username><password>secret-2</password></mras>").find("secret-2") ==
        std::string::npos);
    CHECK(
        over_sip("<response reasonPhrase=\"OK\"><credentialsResponse><credentials><username>dXNlcg==</username>"
                 "<password>c2VjcmV0</password></credentials></credentialsResponse></response>") ==
        "<response reasonPhrase=\"OK\"><credentialsResponse><credentials><username>[8 characters]</username>"
        "<password>[password]</password></credentials></credentialsResponse></response>");
    CHECK(
        over_sip("<accessToken><part>secret</part><more>secret</more></accessToken><b>kept</b>") ==
        "<accessToken><part>[6 characters]</part><more>[6 characters]</more></accessToken><b>kept</b>");
    CHECK(over_sip("<a sessionKey=\"secret\" b=\"kept\"/>") == "<a sessionKey=\"[6 characters]\" b=\"kept\"/>");
    CHECK(
        body_to_keep("SIP", "multipart/related", "--b\r\n\r\n<token>secret</token>") ==
        "--b\r\n\r\n<token>[6 characters]</token>");
    CHECK(
        body_to_keep("SIP", "text/registration-event", "deregistered;event=rejected") == "deregistered;event=rejected");
}

TEST_CASE("pages stand but for what looks encoded, and what is no text has none", "[trace][messages]") {
    CHECK(
        body_to_keep("HTTP", "text/html", "<p>Log in, key A1b2C3d4E5f6G7h8I9j0K1l2</p>") ==
        "<p>Log in, key <24 characters></p>");
    CHECK_FALSE(body_to_keep("HTTP", "application/pkix-crl", "0\x82\x01"));
    CHECK_FALSE(body_to_keep("HTTP", "application/json", "{\"a\": 1}"));
    CHECK_FALSE(body_to_keep("DNS", "application/dns-message", "x"));
}

TEST_CASE("a page is told by its type, whatever its case and parameters", "[trace][messages]") {
    using ucsignin::trace::is_page;
    for (const auto* type : {"text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml ;q=1"})
        CHECK(is_page(type));
    for (const auto* type : {"", "text/htmlx", "text/xml", "application/json; a=text/html"}) CHECK_FALSE(is_page(type));
}
