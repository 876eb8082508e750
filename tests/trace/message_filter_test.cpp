#include "trace/message_filter.hpp"

#include <catch2/catch.hpp>

#include "trace/withheld.hpp"

using namespace ucsignin::trace;

namespace {

std::string sip(const std::string& name, const std::string& value) { return header_to_keep("SIP", name, value); }
std::string http(const std::string& name, const std::string& value) { return header_to_keep("HTTP", name, value); }

const std::string ntlm_challenge = "TlRMTVNTUAACAAAAEAAQADgAAAAFgomi0h5gAAAAAAAAAAAA";

}  // namespace

TEST_CASE("headers of the list stand as they are, whatever their letters", "[trace][messages]") {
    CHECK(
        sip("Via", "SIP/2.0/TLS 10.0.0.1:50123;branch=z9hG4bK0123456789abcdef0123") ==
        "SIP/2.0/TLS 10.0.0.1:50123;branch=z9hG4bK0123456789abcdef0123");
    CHECK(sip("call-id", "0af7651916cd43dd8448eb211c80319c") == "0af7651916cd43dd8448eb211c80319c");
    CHECK(
        sip("Contact",
            "<sip:alice@contoso.example;opaque=user:epid:qMVw6zCEYlKDjUkNMZ17cAAA;gruu>;+sip.instance=\"<urn:uuid:"
            "7e1da2b3-77aa-4bcd-9e0f-112233445566>\"") ==
        "<sip:alice@contoso.example;opaque=user:epid:qMVw6zCEYlKDjUkNMZ17cAAA;gruu>;+sip.instance=\"<urn:uuid:7e1da2b3-"
        "77aa-4bcd-9e0f-112233445566>\"");
    CHECK(http("Server", "Microsoft-IIS/10.0") == "Microsoft-IIS/10.0");
    CHECK(http("X-MS-diagnostics", "4004;reason=\"expired\"") == "4004;reason=\"expired\"");
}

TEST_CASE("of other headers the name and the length stand", "[trace][messages]") {
    CHECK(sip("X-Anything", "whatever it is") == "<value, 14 bytes>");
    CHECK(http("X-Api-Key", "0123456789") == "<value, 10 bytes>");
    CHECK(http("Via", "1.1 proxy") == "1.1 proxy");
    CHECK(http("CSeq", "1 REGISTER") == "<value, 10 bytes>");  // each protocol has its own list
}

TEST_CASE("tokens give way to scheme, kind and length", "[trace][messages]") {
    CHECK(
        http("Authorization", "NTLM TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAA=") ==
        "NTLM <NTLM negotiate token, 32 bytes>");
    CHECK(http("WWW-Authenticate", "NTLM " + ntlm_challenge) == "NTLM <NTLM challenge token, 36 bytes>");
    CHECK(
        http("Authorization", "Negotiate TlRMTVNTUAADAAAAGAAYAGAAAAA=") ==
        "Negotiate <NTLM authenticate token, 20 bytes>");
    CHECK(http("Authorization", "Negotiate YIIGsQYGKwYBBQUCoIIGpTCC") == "Negotiate <Negotiate token, 18 bytes>");
    CHECK(http("Authorization", "Bearer eyJ0eXAi.OiJKV1Qi.LCJhbGci") == "Bearer <Bearer token, 19 bytes>");
    CHECK(http("Proxy-Authorization", "Basic YWxpY2U6cGFzc3dvcmQ=") == "Basic <name and password>");
    CHECK(http("Cookie", "session=0123456789; other=1") == "<cookie, 27 bytes>");
    CHECK(http("Set-Cookie", "session=0123456789; Path=/") == "<cookie, 26 bytes>");
    CHECK(http("X-MS-WebTicket", "opaque=cwt=AAEBHAEFAA") == "<web ticket, 21 bytes>");
}

TEST_CASE("challenges and signatures keep what proves nothing", "[trace][messages]") {
    CHECK(http("WWW-Authenticate", "Negotiate, NTLM") == "Negotiate, NTLM");
    CHECK(http("WWW-Authenticate", "Basic realm=\"Contoso, Ltd.\", NTLM") == "Basic realm=\"Contoso, Ltd.\", NTLM");
    CHECK(
        sip("WWW-Authenticate",
            "TLS-DSK realm=\"SIP Communications Service\", targetname=\"fe01.contoso.example\", version=4, "
            "sts-uri=\"https://webext.contoso.example:443/CertProv/CertProvisioningService.svc\"") ==
        "TLS-DSK realm=\"SIP Communications Service\", targetname=\"fe01.contoso.example\", version=4, "
        "sts-uri=\"https://webext.contoso.example:443/CertProv/CertProvisioningService.svc\"");
    CHECK(
        sip("Authorization",
            "TLS-DSK qop=\"auth\", realm=\"SIP Communications Service\", opaque=\"8F1D6A39\", targetname=\"fe01\", "
            "version=4, gssapi-data=\"FgMBAEsBAABHAwE=\", crand=\"9a8b7c6d\", cnum=\"1\", response=\"a5b6c7d8e9f0\"") ==
        "TLS-DSK qop=\"auth\", realm=\"SIP Communications Service\", opaque=\"<opaque value, 8 bytes>\", "
        "targetname=\"fe01\", version=4, "
        "gssapi-data=\"<TLS-DSK token, 11 bytes>\", crand=\"<random value, 8 bytes>\", cnum=\"1\", "
        "response=\"<signature, 12 bytes>\"");
    CHECK(
        sip("Authentication-Info", "NTLM rspauth=\"0100000000000000\", srand=\"0A1B2C3D\", snum=\"1\", qop=\"auth\"") ==
        "NTLM rspauth=\"<signature, 16 bytes>\", srand=\"<random value, 8 bytes>\", snum=\"1\", qop=\"auth\"");
    CHECK(
        sip("Authorization", "NTLM qop=\"auth\", gssapi-data=\"" + ntlm_challenge + "\"") ==
        "NTLM qop=\"auth\", gssapi-data=\"<NTLM challenge token, 36 bytes>\"");
    CHECK(
        sip("WWW-Authenticate", "Kerberos realm=\"x\", gssapi-data=\"\"") == "Kerberos realm=\"x\", gssapi-data=\"\"");
}

TEST_CASE("what is no challenge is replaced whole", "[trace][messages]") {
    CHECK(http("Authorization", "{secret: 1}") == "<value, 11 bytes>");
    CHECK(http("Authorization", "NTLM token=secret-1") == "NTLM token=<value, 8 bytes>");
    CHECK(
        http("Authorization", "Digest username=\"alice\", response=\"x\\\"y, secret\"") ==
        "Digest username=\"<value, 5 bytes>\", response=\"<signature, 12 bytes>\"");
    CHECK(http("Authorization", "") == "");
    CHECK(http("Authorization", "NTLM secret blanks") == "NTLM <NTLM token, 9 bytes>");
    CHECK(http("Authorization", std::string(100, 'x')).find("xx") == std::string::npos);
}

TEST_CASE("URLs lose what their queries hold, and passwords", "[trace][messages]") {
    CHECK(
        http("Location", "https://adfs.contoso.example/adfs/ls?wctx=0123&sipuri=alice@contoso.example") ==
        "https://adfs.contoso.example/adfs/ls?wctx=<4 characters>&sipuri=alice@contoso.example");
    CHECK(http("Location", "http://alice:secret-1@contoso.example/a") == "http://alice:<password>@contoso.example/a");
    CHECK(
        http("Location", "https://a.example/x#access_token=secret") ==
        "https://a.example/x#access_token=<6 characters>");
    CHECK(
        start_line_to_keep("HTTP", "GET /?sipuri=alice@contoso.example HTTP/1.1") ==
        "GET /?sipuri=alice@contoso.example HTTP/1.1");
    CHECK(
        start_line_to_keep("HTTP", "GET /reset?token=secret-1 HTTP/1.1") == "GET /reset?token=<8 characters> HTTP/1.1");
    CHECK(start_line_to_keep("HTTP", "HTTP/1.1 401 Unauthorized here") == "HTTP/1.1 401 Unauthorized here");
    CHECK(start_line_to_keep("SIP", "REGISTER sip:contoso.example SIP/2.0") == "REGISTER sip:contoso.example SIP/2.0");
    CHECK(start_line_to_keep("DNS", "query A sip.contoso.example") == "query A sip.contoso.example");
}

TEST_CASE("what looks encoded goes wherever it stands, words and GUIDs stay", "[trace][messages]") {
    const std::string key = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0==";
    CHECK(sip("ms-diagnostics", "1000;reason=\"" + key + "\"") == "1000;reason=\"<42 characters>\"");
    CHECK(without_encoded_runs("7e1da2b3-77aa-4bcd-9e0f-112233445566", 24) == "7e1da2b3-77aa-4bcd-9e0f-112233445566");
    CHECK(
        without_encoded_runs("WebTicketServiceAndAllTheOtherServices", 24) == "WebTicketServiceAndAllTheOtherServices");
    CHECK(
        without_encoded_runs("see http://schemas.microsoft.com/2006/09/sip/presence/categories now", 24) ==
        "see http://schemas.microsoft.com/2006/09/sip/presence/categories now");
    CHECK(without_encoded_runs("https://a.example/" + key + "/b", 24) == "https://a.example/<42 characters>/b");
}
