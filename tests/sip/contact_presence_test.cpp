// Bodies about contacts, typed from MS-PRES 2.2.2.3 and RFC 4662, and as other servers write the same.

#include <catch2/catch.hpp>
#include <string>

#include "sip/contact_presence.hpp"
#include "sip/multipart.hpp"

using namespace ucsignin::sip;

namespace {

const std::string list =
    R"(<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:alice@contoso.example" version="0" fullState="false">)"
    R"(<resource uri="sip:bob@contoso.example"><instance id="0" state="active" cid="bob@contoso.example"/></resource>)"
    R"(<resource uri="sip:carol@fabrikam.example"><instance id="0" state="resubscribe"/></resource>)"
    R"(<resource uri="sip:dave@contoso.example"><instance id="0" state="resubscribe" poolFqdn="sip:pool02@contoso.example"/></resource>)"
    R"(<resource uri="sip:erin@contoso.example"><instance id="0" state="terminated" reason="rejected"/></resource>)"
    R"(<resource uri="sip:frank@contoso.example"/></list>)";
const std::string bob =
    R"(<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:Bob@Contoso.example">)"
    R"(<category name="state" instance="1" container="200" version="12" expireType="user">)"
    R"(<state xsi:type="aggregateState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state">)"
    R"(<availability>6500</availability><activity token="in-a-meeting" minAvailability="6500" maxAvailability="8999"/></state></category>)"
    R"(<category name="state"><state xsi:type="machineState" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><availability>3500</availability></state></category>)"
    R"(<category name="note"/></categories>)";

std::string multipart(std::string_view boundary, std::string_view end) {
    const auto part = [&](std::string_view type, std::string_view text) {
        return "--" + std::string(boundary) + std::string(end) + "Content-Transfer-Encoding: binary" +
               std::string(end) + "Content-Type: " + std::string(type) + std::string(end) + std::string(end) +
               std::string(text) + std::string(end);
    };
    return part("application/rlmi+xml", list) + part("application/msrtc-event-categories+xml;charset=utf-8", bob) +
           "--" + std::string(boundary) + "--" + std::string(end);
}

}  // namespace

TEST_CASE("a body of several parts is split at its own boundary, whatever ends its lines") {
    for (const auto* end : {"\r\n", "\n"}) {
        const auto body = multipart("part_7f31c0de_0001", end);
        const auto parts = body_parts(body);
        REQUIRE(parts.size() == 2);
        CHECK(parts[0].type == "application/rlmi+xml");
        CHECK(parts[1].type == "application/msrtc-event-categories+xml");
        CHECK(parts[1].text.starts_with("<categories"));
        CHECK(first_document(body).starts_with("<list"));
    }
}

TEST_CASE("what has no parts stays as it is, and what is odd ends somewhere") {
    CHECK(body_parts("<a>\r\n--x\r\n</a>").empty());
    CHECK(body_parts("\xef\xbb\xbf<a/>\n--x").empty());
    CHECK(first_document("<a/>") == "<a/>");
    CHECK(first_document("").empty());
    CHECK(body_parts("--\r\n").empty());
    CHECK(first_document("--x\r\n\r\n\r\n--x--\r\n").empty());
    CHECK(body_parts("a word before\r\n--x\r\n\r\none").size() == 1);
    CHECK(body_parts("--x\r\n\r\na--x is no delimiter\r\n--x\r\nContent-ID: <b@c>\r\n\r\nb").at(1).id == "b@c");
    CHECK(body_parts(std::string("--x\n\na\n") + std::string(9000, '\n') + "--x\n").size() == 1);
}

TEST_CASE("presence of contacts: what the list says, and the state that counts for all endpoints") {
    const auto told = parse_contact_presence(multipart("part_7f31c0de_0001", "\r\n"));
    REQUIRE(told);
    CHECK(told->contacts.size() == 5);
    const auto* active = told->find("sip:BOB@contoso.example");
    REQUIRE(active);
    CHECK(active->state == "active");
    CHECK(active->availability == 6500);
    CHECK(active->activity == "in-a-meeting");
    CHECK(told->find("carol@fabrikam.example")->state == "resubscribe");
    CHECK(told->find("dave@contoso.example")->pool == "sip:pool02@contoso.example");
    CHECK(told->find("erin@contoso.example")->reason == "rejected");
    CHECK(told->find("frank@contoso.example")->state.empty());
    CHECK_FALSE(told->find("nobody@contoso.example"));
}

TEST_CASE("presence of one contact: categories, PIDF and the form of 2005 alone") {
    const auto categories = parse_contact_presence(bob);
    REQUIRE(categories);
    CHECK(categories->find("bob@contoso.example")->availability == 6500);
    const auto pidf = parse_contact_presence(
        R"(<?xml version="1.0"?><p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" entity="sip:carol@fabrikam.example">)"
        R"(<p:tuple id="1"><p:status><p:basic>closed</p:basic></p:status></p:tuple>)"
        R"(<p:tuple id="2"><p:status><p:basic>open</p:basic></p:status></p:tuple></p:presence>)");
    REQUIRE(pidf);
    CHECK(pidf->find("carol@fabrikam.example")->activity == "open");
    const auto by_pres = parse_contact_presence(
        R"(<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:carol@fabrikam.example">)"
        R"(<tuple id="1"><status><basic>open</basic></status></tuple></presence>)");
    REQUIRE(by_pres);
    REQUIRE(by_pres->find("carol@fabrikam.example"));
    CHECK(by_pres->find("carol@fabrikam.example")->activity == "open");
    const auto old = parse_contact_presence(
        R"(<presentity uri="sip:carol@fabrikam.example"><availability aggregate="300"/></presentity>)");
    REQUIRE(old);
    CHECK(old->find("carol@fabrikam.example")->availability == 300);
}

TEST_CASE("a part that can't be read costs its contact alone; a body of none is an error with its place") {
    const auto half = parse_contact_presence("--x\r\n\r\n" + bob + "\r\n--x\r\n\r\n<broken\r\n--x--");
    REQUIRE(half);
    CHECK(half->contacts.size() == 1);
    const auto none = parse_contact_presence("--x\r\n\r\n<broken\r\n--x--");
    REQUIRE_FALSE(none);
    CHECK(none.error().offset >= 7);
    CHECK_FALSE(parse_contact_presence(""));
}

TEST_CASE("a subscription to many names each, escaped") {
    const std::string who[] = {"bob@contoso.example", "a\"<&@contoso.example"};
    const auto body = presence_request("sip:alice@contoso.example", who);
    CHECK(body.find(R"(<resource uri="sip:bob@contoso.example"/>)") != body.npos);
    CHECK(body.find("sip:a&quot;&lt;&amp;@contoso.example") != body.npos);
    CHECK(body.find(R"(<category name="state"/>)") != body.npos);
}
