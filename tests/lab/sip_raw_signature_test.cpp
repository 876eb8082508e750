#include <catch2/catch.hpp>

#include "lab/raw_signature.hpp"
#include "sip/encoding.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

// The example of MS-SIP's signature buffer for TLS-DSK, version 4.
const std::string request =
    "REGISTER sip:contoso.example SIP/2.0\r\n"
    "Via: SIP/2.0/TLS 192.0.2.10:50123\r\n"
    "From: <sip:alice@contoso.example>;tag=9d3a1c77e2;epid=c8ca638a15\r\n"
    "To: <sip:alice@contoso.example>\r\n"
    "Call-ID: 6f0e5c1d2b3a49588776655443322110\r\n"
    "CSeq: 4 REGISTER\r\n"
    "Contact: <sip:192.0.2.10:50123>;expires=300\r\n"
    "Content-Length: 0\r\n"
    "Authorization: TLS-DSK qop=\"auth\", opaque=\"FA404B9C\", realm=\"SIP Communications Service\", "
    "targetname=\"FE01.contoso.example\", crand=\"0a1b2c3d\", cnum=\"1\", "
    "response=\"CA9A99BB4509C68E94C8FD0C56C82FBF74EF9ADE\"\r\n\r\n";

const std::string response =
    "SIP/2.0 200 OK\r\n"
    "From: \"Alice\"<sip:alice@contoso.example>;tag=9d3a1c77e2;epid=c8ca638a15\r\n"
    "To: <sip:alice@contoso.example>;tag=0F1E2D3C4B5A69788796A5B4C3D2E1F0\r\n"
    "Call-ID: 6f0e5c1d2b3a49588776655443322110\r\n"
    "CSeq: 4 REGISTER\r\n"
    "Expires: 7200\r\n\r\n";
const std::string information =
    "TLS-DSK qop=\"auth\", opaque=\"FA404B9C\", srand=\"5E6F7A8B\", snum=\"1\", rspauth=\"\", "
    "targetname=\"FE01.contoso.example\", realm=\"SIP Communications Service\", version=4";

auth::secret key_of(std::string_view hex) { return auth::secret(*sip::from_hex(hex)); }

}  // namespace

TEST_CASE("the text of a request has fifteen fields, absent ones empty") {
    CHECK(
        raw_signed_text(request, raw_header(request, "authorization")) ==
        "<TLS-DSK><0a1b2c3d><1><SIP Communications "
        "Service><FE01.contoso.example><6f0e5c1d2b3a49588776655443322110><4><REGISTER>"
        "<sip:alice@contoso.example><9d3a1c77e2><sip:alice@contoso.example><><><><>");
}

TEST_CASE("the text of a response ends with its Expires header and its status") {
    CHECK(
        raw_signed_text(response, information) ==
        "<TLS-DSK><5E6F7A8B><1><SIP Communications "
        "Service><FE01.contoso.example><6f0e5c1d2b3a49588776655443322110><4><REGISTER>"
        "<sip:alice@contoso.example><9d3a1c77e2><sip:alice@contoso.example><0F1E2D3C4B5A69788796A5B4C3D2E1F0><><><7200>"
        "<200>");
}

TEST_CASE("keys and hashes of every version give the published signatures") {
    const auto tls10 = key_of("948ec3478c1f730527884c487afb5c190e5caa63038b95d25e51212aac42b107");
    const auto tls10_server = key_of("aeb25bc7797dd7639945e474c411544bbdf52620e2680c41ee9f3ccee452211b");
    const std::string asked = raw_signed_text(request, raw_header(request, "Authorization"));
    const std::string answered = raw_signed_text(response, information);
    CHECK(raw_mac(auth::hash::sha1, tls10, asked) == "ca9a99bb4509c68e94c8fd0c56c82fbf74ef9ade");
    CHECK(raw_mac(auth::hash::md5, tls10, asked) == "05ff87fb25f2e0fed138d297231c7902");
    CHECK(raw_mac(auth::hash::sha1, tls10_server, answered) == "10e96b97fb70219f4045bba0e2ebd91fda2f6d2b");
    CHECK(
        raw_mac(
            auth::hash::sha256, key_of("00da8cdb60f50fa5bedd7a6d53f15b9b3a583fda5221460957bd2decc9fd249e"), asked) ==
        "cffd4ae2f6d6a59f5910cd4945189dc93ae3c6e99d2ccc7fc9e0feeec5e14162");
    CHECK(
        raw_mac(
            auth::hash::sha384, key_of("a3aafa2d7a817aa8a42d339c249525dc1c8a4daf26c60733ef1da1c9be317828"), answered) ==
        "c2b76702ccc806d33b9d2f52e774346168e405a9ba0db7dab0d1762b9bd8d4e25f1e410391a2f80e4ff17ee875d3b5cb");
}

TEST_CASE("one changed byte of the message changes its signature") {
    const auto key = key_of("948ec3478c1f730527884c487afb5c190e5caa63038b95d25e51212aac42b107");
    std::string changed = request;
    changed.replace(changed.find("CSeq: 4"), 7, "CSeq: 5");
    const auto mac = [&](const std::string& wire) {
        return raw_mac(auth::hash::sha1, key, raw_signed_text(wire, raw_header(wire, "Authorization")));
    };
    CHECK(mac(changed) != mac(request));
}

TEST_CASE("headers without angle brackets, with blanks and asserted identities are read as they stand") {
    const std::string odd =
        "INVITE sip:b SIP/2.0\r\nFrom: sip:a@x.example;tag=1\r\nTo : \"B\" "
        "<sip:b@x.example;user=phone>;tag=2;x=y\r\nCall-ID:  c1 \r\n"
        "CSeq: 7  INVITE\r\nP-Asserted-Identity: <sip:a@x.example>, <tel:+4930>\r\nExpires: 60\r\n\r\n";
    CHECK(
        raw_signed_text(odd, R"(TLS-DSK crand="r", cnum="2", realm="R", targetname="T")") ==
        "<TLS-DSK><r><2><R><T><c1><7><INVITE><sip:a@x.example><1><sip:b@x.example;user=phone><2><sip:a@x.example><tel:+"
        "4930><60>");
}

TEST_CASE("authorization parameters are found by whole names, quoted or not") {
    const std::string value = R"(TLS-DSK qop="auth", gssapi-data="a,b=c", realm="R S", version=4)";
    CHECK(raw_auth_parameter(value, "gssapi-data") == "a,b=c");
    CHECK(raw_auth_parameter(value, "version") == "4");
    CHECK(raw_auth_parameter(value, "realm") == "R S");
    CHECK(raw_auth_parameter(value, "ealm").empty());
}
