#include "auth/web_ticket.hpp"

#include <catch2/catch.hpp>

#include "auth/signature.hpp"
#include "auth/xml_ranges.hpp"
#include "sip/encoding.hpp"
#include "sip/xml.hpp"

using namespace ucsignin;
namespace xml = sip::xml;

namespace {

std::string counted(unsigned char first, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(first + i);
    return out;
}

const auth::secret client_entropy(counted(0, 32));

const std::string assertion =
    R"(<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" AssertionID="SamlSecurityToken-0f1e2d3c" Issuer="https://fe01.contoso.example/" IssueInstant="2026-01-05T08:00:00.000Z">
      <!-- <Lifetime> is not here, nor </saml:Assertion> -->
      <saml:Conditions NotBefore='2026-01-05T08:00:00.000Z' Note="a > b"/>
      <Lifetime>not this one</Lifetime><![CDATA[</saml:Assertion>]]>
     </saml:Assertion>)";
constexpr auto lifetime =
    "<wsu:Created>2026-01-05T08:00:00Z</wsu:Created><wsu:Expires>2026-01-05T16:00:00Z</wsu:Expires>";

std::string response(
    const std::string& token, const std::string& times,
    const std::string& entropy =
        "<Entropy><BinarySecret>ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=</BinarySecret></Entropy>") {
    return R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><s:Body><RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512"><RequestSecurityTokenResponse Context="x"><RequestedSecurityToken>
     )" + token +
           R"(
    </RequestedSecurityToken><RequestedProofToken><ComputedKey>http://docs.oasis-open.org/ws-sx/ws-trust/200512/CK/PSHA1</ComputedKey></RequestedProofToken>)" +
           entropy + times +
           "<KeySize>256</KeySize></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection></s:Body></"
           "s:Envelope>";
}

std::string with_lifetime(const std::string& inner) {
    return response(assertion, "<Lifetime>" + inner + "</Lifetime>");
}

auth::web_ticket ticket() {
    auto got = auth::parse_ticket_response(with_lifetime(lifetime), client_entropy);
    REQUIRE(got);
    return *got;
}

const auth::certificate_order order{
    "https://webext.contoso.example/CertProv/CertProvisioningService.svc/WebTicket_Proof_SHA1",
    "34d859db-6585-5f91-a3b4-de853c15347d",
    "alice@contoso.example",
    "DER & <bytes>",
    "408cc0c5-64e2-56cd-b243-864544403cf0",
    true};

// What a strict service does: canonical forms of the elements where they stand in the document.
void verify_signature(const std::string& text, const auth::secret& key) {
    const auto document = xml::document::read(text, xml::limits::ticket);
    REQUIRE(document);
    const auto security = document->root().child("Header").child("Security");
    const auto signature = security.child("Signature"), info = signature.child("SignedInfo");
    const auto digest = sip::base64(sip::sha1(xml::canonical(security.child("Timestamp"))));
    CHECK(info.descendant("DigestValue").text() == digest);
    const auto mac = auth::hmac_hex(auth::hash::sha1, key, xml::canonical(info));
    CHECK(signature.child("SignatureValue").text() == sip::base64(*sip::from_hex(mac)));
}

}  // namespace

TEST_CASE("P_SHA1 over both entropies gives the published proof key") {
    CHECK(
        sip::hex(auth::p_sha1(client_entropy, auth::secret(counted(0x20, 32)), 32).reveal()) ==
        "df59132c2af6d230e4337732076a14561694be12838cc00203d63c816653d75b");
    CHECK(auth::p_sha1(client_entropy, auth::secret("x"), 0).empty());
    CHECK(auth::p_sha1(client_entropy, auth::secret("x"), 7).reveal().size() == 7);
}

TEST_CASE("a ticket request without a user name has no SOAP header and names what it asks for") {
    const auth::ticket_request wanted{
        "https://web/A?x=1&y=2", "sip:alice@contoso.example", "34d859db", client_entropy, {}, {}};
    const auto document = xml::document::read(auth::ticket_request_xml(wanted).reveal(), xml::limits::ticket);
    REQUIRE(document);
    CHECK_FALSE(document->root().child("Header"));
    const auto request = document->root().child("Body").child("RequestSecurityToken");
    CHECK(request.attribute("Context") == "34d859db");
    CHECK(request.child("AppliesTo").text() == "https://web/A?x=1&y=2");
    CHECK(request.child("Claims").child("ClaimType").child("Value").text() == "sip:alice@contoso.example");
    CHECK(request.child("Entropy").child("BinarySecret").text() == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    CHECK(request.child("KeyType").text() == "http://docs.oasis-open.org/ws-sx/ws-trust/200512/SymmetricKey");
    CHECK(
        request.child("TokenType").text() ==
        "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1");
}

TEST_CASE("a ticket request with a user name carries it and the password, escaped") {
    const auth::ticket_request wanted{"https://web/A", "sip:a@b",        "x",
                                      client_entropy,  "CONTOSO\\alice", auth::secret("<&\"'>")};
    const auto document = xml::document::read(auth::ticket_request_xml(wanted).reveal(), xml::limits::ticket);
    REQUIRE(document);
    const auto token = document->root().child("Header").child("Security").child("UsernameToken");
    CHECK(token.child("Username").text() == "CONTOSO\\alice");
    CHECK(token.child("Password").text() == "<&\"'>");
}

TEST_CASE("a ticket is taken out of its response byte for byte") {
    const auto got = ticket();
    CHECK(got.assertion.reveal() == assertion);
    CHECK(got.assertion_id == "SamlSecurityToken-0f1e2d3c");
    CHECK(got.lifetime_inner == lifetime);
    CHECK(got.created == 1767600000);
    CHECK(got.expires == 1767628800);
    CHECK(got.server_entropy.reveal() == counted(0x20, 32));
    CHECK(sip::hex(got.proof_key.reveal()) == "df59132c2af6d230e4337732076a14561694be12838cc00203d63c816653d75b");
    CHECK(got.header_value().reveal() == "opaque=" + sip::base64(assertion));
}

TEST_CASE("prefixes that real servers use make no difference") {
    for (const std::string p : {"t:", "wst:", "ns1:"}) {
        const auto prefix = p.substr(0, p.size() - 1);
        const auto text = "<" + p + "RequestSecurityTokenResponse xmlns:" + prefix + "=\"urn:x\"><" + p +
                          "Lifetime>\n <" + p + "Expires>2026-01-05T16:00:00Z</" + p + "Expires>\n</" + p +
                          "Lifetime><" + p + "RequestedSecurityToken><ns1:Assertion xmlns:ns1='urn:y' ID=\"a\"/></" +
                          p + "RequestedSecurityToken></" + p + "RequestSecurityTokenResponse>";
        const auto got = auth::parse_ticket_response(text, client_entropy);
        REQUIRE(got);
        CHECK(got->assertion.reveal() == "<ns1:Assertion xmlns:ns1='urn:y' ID=\"a\"/>");
        CHECK(got->assertion_id == "a");
        CHECK(got->lifetime_inner == "\n <" + p + "Expires>2026-01-05T16:00:00Z</" + p + "Expires>\n");
        CHECK(got->created == 0);
        CHECK(got->proof_key.empty());
    }
}

TEST_CASE("a proof token that brings its own key is used instead of a computed one") {
    auto text = with_lifetime(lifetime);
    const auto at = text.find("<ComputedKey>"), end = text.find("</RequestedProofToken>");
    text.replace(at, end - at, "<BinarySecret>AQID</BinarySecret>");
    const auto got = auth::parse_ticket_response(text, client_entropy);
    REQUIRE(got);
    CHECK(got->proof_key.reveal() == "\1\2\3");
}

TEST_CASE("a response without a ticket, without a lifetime, or not XML is an error") {
    CHECK_FALSE(auth::parse_ticket_response("", client_entropy));
    CHECK_FALSE(auth::parse_ticket_response("<a/>", client_entropy));
    CHECK_FALSE(auth::parse_ticket_response(response("", "<Lifetime/>"), client_entropy));
    CHECK_FALSE(auth::parse_ticket_response(response(assertion, ""), client_entropy));
    CHECK_FALSE(auth::parse_ticket_response(with_lifetime("<wsu:Expires>soon</wsu:Expires>"), client_entropy));
    CHECK_FALSE(
        auth::parse_ticket_response("<!DOCTYPE a [<!ENTITY b 'c'>]>" + with_lifetime(lifetime), client_entropy));
}

TEST_CASE("the order is signed with the published digest and signature") {
    const auto text = auth::certificate_order_xml(order, ticket()).reveal();
    CHECK(text.find("<DigestValue>YxGbYIMGnh1TeMQIWVfPQr2Sbhc=</DigestValue>") != std::string::npos);
    CHECK(text.find("<SignatureValue>HBPe1A1atENhB6WcWBeCaBfGfyA=</SignatureValue>") != std::string::npos);
    CHECK(text.find(assertion) != std::string::npos);
    CHECK(text.find(lifetime) != std::string::npos);
}

TEST_CASE("a strict service verifies the order's signature where it stands in the document") {
    verify_signature(auth::certificate_order_xml(order, ticket()).reveal(), ticket().proof_key);
}

TEST_CASE("a lifetime that is not in canonical form is digested in canonical form") {
    for (const std::string inner :
         {"<Created xmlns='urn:a'>2026-01-05T08:00:00Z</Created><Expires   xmlns='urn:a' "
          ">2026-01-05T16:00:00Z</Expires>",
          "\r\n  <wsu:Created>2026-01-05T08:00:00Z</wsu:Created><!-- x "
          "--><wsu:Expires>2026-01-05T16:00:00Z</wsu:Expires>\n"}) {
        auto got = ticket();
        got.lifetime_inner = inner;
        const auto text = auth::certificate_order_xml(order, got).reveal();
        CHECK(text.find(inner) != std::string::npos);
        verify_signature(text, got.proof_key);
    }
}

TEST_CASE("a lifetime whose prefix is declared elsewhere is written with a prefix of ours") {
    auto got = ticket();
    got.lifetime_inner = "<u:Created>2026-01-05T08:00:00Z</u:Created><u:Expires>2026-01-05T16:00:00Z</u:Expires>";
    const auto text = auth::certificate_order_xml(order, got).reveal();
    CHECK(text.find(lifetime) != std::string::npos);
    verify_signature(text, got.proof_key);
}

TEST_CASE("an order to a bearer port has the ticket and no signature") {
    auto bearer = order;
    bearer.sign = false;
    const auto document = xml::document::read(
        auth::certificate_order_xml(bearer, ticket()).reveal(), xml::limits::ticket);
    REQUIRE(document);
    const auto security = document->root().child("Header").child("Security");
    CHECK(security.child("Assertion"));
    CHECK(security.child("Timestamp").attribute("Id") == "timestamp");
    CHECK_FALSE(security.child("Signature"));
}

TEST_CASE("the order's body names endpoint and user and holds the request") {
    const auto document = xml::document::read(
        auth::certificate_order_xml(order, ticket()).reveal(), xml::limits::ticket);
    REQUIRE(document);
    const auto body = document->root().child("Body").child("GetAndPublishCert");
    CHECK(body.attribute("DeviceId") == "{34d859db-6585-5f91-a3b4-de853c15347d}");
    CHECK(body.attribute("Entity") == "alice@contoso.example");
    CHECK(sip::from_base64(body.descendant("BinarySecurityToken").text()) == "DER & <bytes>");
    CHECK(body.descendant("RequestID").text() == "408cc0c5-64e2-56cd-b243-864544403cf0");
    CHECK(document->root().child("Header").child("To").text() == order.url);
}

TEST_CASE("the certificate of the answer is decoded") {
    const auto answer = [](const std::string& token) {
        return R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetAndPublishCertResponse xmlns="http://schemas.microsoft.com/OCS/AuthWebServices/"><RequestSecurityTokenResponse><RequestedSecurityToken>)" +
               token +
               "</RequestedSecurityToken></RequestSecurityTokenResponse></GetAndPublishCertResponse></s:Body></"
               "s:Envelope>";
    };
    CHECK(
        auth::parse_certificate_response(answer("<BinarySecurityToken>\r\n AAEC\r\n /w==\r\n</BinarySecurityToken>")) ==
        std::string("\0\1\2\xff", 4));
    CHECK_FALSE(auth::parse_certificate_response(answer("")));
    CHECK_FALSE(auth::parse_certificate_response(answer("<BinarySecurityToken>?</BinarySecurityToken>")));
    CHECK_FALSE(auth::parse_certificate_response("<s:Envelope xmlns:s='u'/>"));
    CHECK_FALSE(auth::parse_certificate_response("nothing"));
}

TEST_CASE("an element's bytes are found past comments, CDATA, quotes and namesakes inside it") {
    const auto found = auth::find_element("<?x <a>?><r><!--<a>--><![CDATA[<a>]]><p:a q='>'><a>1</a>2</p:a></r>", "a");
    REQUIRE(found);
    CHECK(found->outer == "<p:a q='>'><a>1</a>2</p:a>");
    CHECK(found->inner == "<a>1</a>2");
    CHECK(auth::find_element("<r><a/></r>", "a")->inner.empty());
    CHECK_FALSE(auth::find_element("<r><ab/></r>", "a"));
    for (const char* broken : {"", "<", "<a", "<a>", "<!--", "<![CDATA[", "<?", "</a>", "<a><a></a>", "<>", "</>"})
        CHECK_FALSE(auth::find_element(broken, "a"));
}
