#include <catch2/catch.hpp>

#include "auth/web_ticket.hpp"

using namespace ucsignin;
using wants = auth::service_port::ticket;

namespace {

std::string policy(const std::string& id, const std::string& kind) {
    return R"(<wsp:Policy wsu:Id=")" + id + R"("><wsp:ExactlyOne><wsp:All><sp:)" + kind +
           R"(><wsp:Policy><sp:IssuedToken><sp:Issuer><a:Address> https://webext.contoso.example/WebTicket/WebTicketService.svc </a:Address></sp:Issuer></sp:IssuedToken></wsp:Policy></sp:)" +
           kind + "></wsp:All></wsp:ExactlyOne></wsp:Policy>";
}

const std::string wsdl =
    R"(<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsu="u" xmlns:wsp="p" xmlns:sp="s" xmlns:a="a">)" +
    policy("CertProvisioningServiceWebTicketProof_SHA1_policy", "EndorsingSupportingTokens") +
    policy("odd_policy_name", "SignedSupportingTokens") +
    R"(<wsdl:binding name="BearerBinding"><wsp:PolicyReference URI="#odd_policy_name"/></wsdl:binding>
<wsdl:service name="CertProvisioningService">
 <wsdl:port name="CertProvisioningServiceWebTicketProof_SHA1" binding="tns:x"><soap:address location="https://webext.contoso.example/CertProv/WebTicket_Proof_SHA1"/></wsdl:port>
 <wsdl:port name="CertProvisioningServiceWebTicketBearer" binding="tns:BearerBinding"><soap:address location="https://webext.contoso.example/CertProv/WebTicket_Bearer"/></wsdl:port>
 <wsdl:port name="Plain"><soap:address location="https://webext.contoso.example/Plain"/></wsdl:port>
 <wsdl:port name="Nowhere"/>
</wsdl:service></wsdl:definitions>)";

}  // namespace

TEST_CASE("ports are read with location, kind of ticket and issuer") {
    const auto got = auth::parse_metadata(wsdl);
    REQUIRE(got);
    REQUIRE(got->ports.size() == 3);
    const auto* proof = got->find("CertProvisioningServiceWebTicketProof_SHA1");
    REQUIRE(proof != nullptr);
    CHECK(proof->location == "https://webext.contoso.example/CertProv/WebTicket_Proof_SHA1");
    CHECK(proof->wants == wants::proof);
    CHECK(proof->issuer == "https://webext.contoso.example/WebTicket/WebTicketService.svc");
    CHECK(got->find("CertProvisioningServiceWebTicketBearer")->wants == wants::bearer);
    CHECK(got->find("Plain")->wants == wants::none);
    CHECK(got->find("Plain")->issuer.empty());
    CHECK(got->find("Nowhere") == nullptr);
}

TEST_CASE("what is no WSDL is an error") {
    CHECK_FALSE(auth::parse_metadata(""));
    CHECK_FALSE(auth::parse_metadata("<html/>"));
    CHECK_FALSE(auth::parse_metadata(wsdl.substr(0, wsdl.size() / 2)));
}

TEST_CASE("a fault of the pool gives code, text, number and reason") {
    const auto got = auth::parse_fault(
        R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode xmlns:a="w">a:FailedAuthentication</faultcode><faultstring xml:lang="en">No.</faultstring><detail><OCSDiagnosticsFault xmlns="f"><Ms-Diagnostics-Fault><ErrorId>28000</ErrorId><Reason>User is not SIP enabled.</Reason></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail></s:Fault></s:Body></s:Envelope>)");
    REQUIRE(got);
    CHECK(got->code == "FailedAuthentication");
    CHECK(got->text == "No.");
    CHECK(got->error_id == 28000);
    CHECK(got->reason == "User is not SIP enabled.");
}

TEST_CASE("a fault of SOAP 1.2 gives its innermost code and the text of an outside STS") {
    const auto got = auth::parse_fault(
        R"(<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code><S:Value>S:Sender</S:Value><S:Subcode><S:Value>wst:FailedAuthentication</S:Value></S:Subcode></S:Code><S:Reason><S:Text>Authentication Failure</S:Text></S:Reason><S:Detail><psf:error xmlns:psf="p"><psf:internalerror><psf:code>0x80041012</psf:code><psf:text>The entered password is wrong.</psf:text></psf:internalerror></psf:error></S:Detail></S:Fault></S:Body></S:Envelope>)");
    REQUIRE(got);
    CHECK(got->code == "FailedAuthentication");
    CHECK(got->text == "Authentication Failure");
    CHECK(got->error_id == 0);
    CHECK(got->reason == "The entered password is wrong.");
}

TEST_CASE("a fault without detail, and a Fault without an envelope, are faults") {
    const auto got = auth::parse_fault("<Fault><faultcode>s:Server</faultcode></Fault>");
    REQUIRE(got);
    CHECK(got->code == "Server");
    CHECK(got->error_id == 0);
}

TEST_CASE("answers and web pages are no faults") {
    CHECK_FALSE(auth::parse_fault(""));
    CHECK_FALSE(auth::parse_fault("<html><body>503</body></html>"));
    CHECK_FALSE(auth::parse_fault("<s:Envelope xmlns:s='u'><s:Body><x/></s:Body></s:Envelope>"));
}
