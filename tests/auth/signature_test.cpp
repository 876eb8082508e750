#include "auth/signature.hpp"

#include <catch2/catch.hpp>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "sip/encoding.hpp"

using namespace ucsignin;
using auth::hash;

namespace {

sip::message register_request() {
    sip::message m;
    m.method = "REGISTER";
    m.request_uri = "sip:contoso.example";
    m.add("From", "<sip:alice@contoso.example>;tag=9d3a1c77e2;epid=c8ca638a15")
        .add("To", "<sip:alice@contoso.example>")
        .add("Call-ID", "6f0e5c1d2b3a49588776655443322110")
        .add("CSeq", "4 REGISTER")
        .add("Contact", "<sip:192.0.2.10:50123;transport=tls>;expires=300");
    return m;
}

sip::message register_answer() {
    sip::message m;
    m.status = 200;
    m.reason = "OK";
    m.add("From", "\"Alice\"<sip:alice@contoso.example>;tag=9d3a1c77e2;epid=c8ca638a15")
        .add("To", "<sip:alice@contoso.example>;tag=0F1E2D3C4B5A69788796A5B4C3D2E1F0")
        .add("Call-ID", "6f0e5c1d2b3a49588776655443322110")
        .add("CSeq", "4 REGISTER")
        .add("Expires", "7200");
    return m;
}

const auth::signature_parameters request_parameters{
    "TLS-DSK", "0a1b2c3d", "1", "SIP Communications Service", "FE01.contoso.example"};
const auth::signature_parameters answer_parameters{
    "TLS-DSK", "5E6F7A8B", "1", "SIP Communications Service", "FE01.contoso.example"};

constexpr auto request_buffer =
    "<TLS-DSK><0a1b2c3d><1><SIP Communications "
    "Service><FE01.contoso.example><6f0e5c1d2b3a49588776655443322110><4><REGISTER>"
    "<sip:alice@contoso.example><9d3a1c77e2><sip:alice@contoso.example><><><><>";
constexpr auto answer_buffer =
    "<TLS-DSK><5E6F7A8B><1><SIP Communications "
    "Service><FE01.contoso.example><6f0e5c1d2b3a49588776655443322110><4><REGISTER>"
    "<sip:alice@contoso.example><9d3a1c77e2><sip:alice@contoso.example><0F1E2D3C4B5A69788796A5B4C3D2E1F0><><><7200><"
    "200>";

std::string counted(unsigned char first, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(first + i);
    return out;
}

// K of the TLS PRF with the published master secret and randoms, 128 bytes.
std::string key_block(const char* digest) {
    EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "TLS1-PRF", nullptr);
    EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
    auto master = counted(0, 48), seed = "client EAP encryption" + counted(0x40, 32) + counted(0x80, 32);
    std::string name = digest, out(128, '\0');
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master.data(), master.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed.data(), seed.size()), OSSL_PARAM_construct_end()};
    REQUIRE(EVP_KDF_derive(context, reinterpret_cast<unsigned char*>(out.data()), out.size(), parameters) == 1);
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return out;
}

auth::secret unhex(std::string_view text) { return auth::secret(*sip::from_hex(text)); }

struct vector {
    const char *prf, *client, *server;
    hash with;
    const char *request, *answer;
};

}  // namespace

TEST_CASE("the buffer of a request has 15 fields, and empty ones for what is absent") {
    CHECK(auth::signature_buffer(register_request(), request_parameters) == request_buffer);
}

TEST_CASE("the buffer of a response has the To tag, Expires and the status besides") {
    CHECK(auth::signature_buffer(register_answer(), answer_parameters) == answer_buffer);
}

TEST_CASE("the buffer of version 2 leaves out To URL and asserted identities") {
    sip::message m;
    m.status = 200;
    m.add("From", "<sip:gabriel@ocs.provo.novell.com>;tag=2947328781;epid=1")
        .add("To", "<sip:gabriel@ocs.provo.novell.com>;tag=B816D65C2300A32CFA6D371F2AF537FD")
        .add("Call-ID", "8592g5DCBa1694i5887m0D0Bt2247b3F38xAE9Fx")
        .add("CSeq", "3 REGISTER")
        .add("Expires", "900");
    const auth::signature_parameters with{
        "NTLM", "0878F41B", "1", "SIP Communications Service", "ocs1.ocs.provo.novell.com", 2};
    CHECK(
        auth::signature_buffer(m, with) ==
        "<NTLM><0878F41B><1><SIP Communications "
        "Service><ocs1.ocs.provo.novell.com><8592g5DCBa1694i5887m0D0Bt2247b3F38xAE9Fx>"
        "<3><REGISTER><sip:gabriel@ocs.provo.novell.com><2947328781><B816D65C2300A32CFA6D371F2AF537FD><900><200>");
}

TEST_CASE("versions 3 and 4 give the same buffer, that of a captured OCS 2007 R2 conversation") {
    sip::message m;
    m.method = "REGISTER";
    m.add("From", "<sip:user@cosmo.local>;tag=3e49177a52;epid=c8ca638a15")
        .add("To", "<sip:user@cosmo.local>")
        .add("Call-ID", "4037df9284354df39065195bd57a4b14")
        .add("CSeq", "3 REGISTER");
    auth::signature_parameters with{"NTLM", "13317733", "1", "SIP Communications Service", "cosmo-ocs-r2.cosmo.local",
                                    4};
    const auto four = auth::signature_buffer(m, with);
    CHECK(
        four ==
        "<NTLM><13317733><1><SIP Communications "
        "Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3><REGISTER>"
        "<sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><><><><>");
    with.version = 3;
    CHECK(auth::signature_buffer(m, with) == four);
    m.method.clear();
    m.status = 200;
    m.set("To", "<sip:user@cosmo.local>;tag=5E61CCD925D17E043D9A74835A88F664").add("Expires", "7200");
    with.random = "9616454F";
    CHECK(
        auth::signature_buffer(m, with) ==
        "<NTLM><9616454F><1><SIP Communications "
        "Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3><REGISTER>"
        "<sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><5E61CCD925D17E043D9A74835A88F664><><><7200><200>");
}

TEST_CASE("asserted identities fill the two fields by scheme, the first of each kind") {
    auto m = register_request();
    m.add("P-Preferred-Identity", "<sip:preferred@contoso.example>");
    CHECK(auth::signature_buffer(m, request_parameters).ends_with("<><sip:preferred@contoso.example><><>"));
    m.add("P-Asserted-Identity", "\"Alice\" <sip:alice@contoso.example>, <tel:+4930555;ext=1>");
    m.add("P-Asserted-Identity", "<sip:other@contoso.example>");
    CHECK(
        auth::signature_buffer(m, request_parameters).ends_with("<><sip:alice@contoso.example><tel:+4930555;ext=1><>"));
}

TEST_CASE("addresses without angle brackets go up to the first semicolon") {
    auto m = register_request();
    m.set("From", "sip:alice@contoso.example;tag=abc");
    CHECK(auth::signature_buffer(m, request_parameters).find("<sip:alice@contoso.example><abc>") != std::string::npos);
}

TEST_CASE("the CSeq is signed as it is spelled") {
    auto m = register_request();
    m.set("CSeq", "0004   REGISTER");
    CHECK(auth::signature_buffer(m, request_parameters).find("<0004><REGISTER>") != std::string::npos);
}

TEST_CASE("a message without any header still has a buffer") {
    sip::message m;
    m.method = "REGISTER";
    CHECK(auth::signature_buffer(m, {}) == "<><><><><><><><><><><><><><><>");
}

TEST_CASE("keys and codes of every hash agree with the published vectors") {
    const vector vectors[] = {
        {"MD5-SHA1", "948ec3478c1f730527884c487afb5c190e5caa63038b95d25e51212aac42b107",
         "aeb25bc7797dd7639945e474c411544bbdf52620e2680c41ee9f3ccee452211b", hash::sha1,
         "ca9a99bb4509c68e94c8fd0c56c82fbf74ef9ade", "10e96b97fb70219f4045bba0e2ebd91fda2f6d2b"},
        {"MD5-SHA1", "948ec3478c1f730527884c487afb5c190e5caa63038b95d25e51212aac42b107",
         "aeb25bc7797dd7639945e474c411544bbdf52620e2680c41ee9f3ccee452211b", hash::md5,
         "05ff87fb25f2e0fed138d297231c7902", "370dc539b433c45acef2e51a2e721157"},
        {"SHA256", "00da8cdb60f50fa5bedd7a6d53f15b9b3a583fda5221460957bd2decc9fd249e",
         "e2355f2d703c8b19fca7988410488772b5616e326182354e177a53323809d304", hash::sha1,
         "40341ab9280dbd76071b2f7ee6998cd28ca098f1", "418a1bc0e54bee59e3b338d219888908b46dc953"},
        {"SHA256", "00da8cdb60f50fa5bedd7a6d53f15b9b3a583fda5221460957bd2decc9fd249e",
         "e2355f2d703c8b19fca7988410488772b5616e326182354e177a53323809d304", hash::sha256,
         "cffd4ae2f6d6a59f5910cd4945189dc93ae3c6e99d2ccc7fc9e0feeec5e14162",
         "2c23a87c3bf40971a0bcc64cd18b3d5f5c408807aea17096734ae5fd0bc37e3d"},
        {"SHA384", "686239f210e1a58fa7300ac114b67d32bd2918a2bd111306a6497f277303f314",
         "a3aafa2d7a817aa8a42d339c249525dc1c8a4daf26c60733ef1da1c9be317828", hash::sha384,
         "6f9a99451901c6e3118e0ad8dab463ecca696968bbb4331e4f827f144da7e2b1d6d17589acb4941905894f762581a52b",
         "c2b76702ccc806d33b9d2f52e774346168e405a9ba0db7dab0d1762b9bd8d4e25f1e410391a2f80e4ff17ee875d3b5cb"},
    };
    for (const auto& one : vectors) {
        INFO(one.prf << " " << one.request);
        const auto block = key_block(one.prf);
        CHECK(sip::hex(block.substr(64, 32)) == one.client);
        CHECK(sip::hex(block.substr(96, 32)) == one.server);
        CHECK(auth::hmac_hex(one.with, unhex(one.client), request_buffer) == one.request);
        CHECK(auth::hmac_hex(one.with, unhex(one.server), answer_buffer) == one.answer);
    }
}

namespace {

const auth::dsk_keys keys{
    unhex("948ec3478c1f730527884c487afb5c190e5caa63038b95d25e51212aac42b107"),
    unhex("aeb25bc7797dd7639945e474c411544bbdf52620e2680c41ee9f3ccee452211b"),
    hash::sha1,
    {},
    {}};

std::shared_ptr<sip::protector> association() {
    return auth::make_dsk_protector(keys, "SIP Communications Service", "FE01.contoso.example", "FA404B9C");
}

std::string info(
    const std::string& rspauth, const std::string& target = "FE01.contoso.example",
    const std::string& opaque = "FA404B9C") {
    return "TLS-DSK qop=\"auth\", opaque=\"" + opaque + "\", srand=\"5E6F7A8B\", snum=\"1\", rspauth=\"" + rspauth +
           "\", targetname=\"" + target + "\", realm=\"SIP Communications Service\", version=4";
}

constexpr auto good = "10e96b97fb70219f4045bba0e2ebd91fda2f6d2b";
using verdict = sip::protector::verdict;

}  // namespace

TEST_CASE("a signed request carries crand, cnum and a response over its own buffer") {
    const auto with = association();
    auto first = register_request(), second = register_request();
    with->sign(first);
    with->sign(second);
    const auto header = sip::parse_auth_header(*first.header("Authorization"));
    CHECK(header.scheme == "TLS-DSK");
    CHECK(header.parameter("qop") == "auth");
    CHECK(header.parameter("opaque") == "FA404B9C");
    CHECK(header.parameter("cnum") == "1");
    CHECK(header.parameter("crand").size() == 8);
    CHECK_FALSE(header.has("gssapi-data"));
    auto parameters = request_parameters;
    parameters.random = header.parameter("crand");
    CHECK(
        header.parameter("response") ==
        auth::hmac_hex(hash::sha1, keys.client, auth::signature_buffer(register_request(), parameters)));
    CHECK(sip::parse_auth_header(*second.header("Authorization")).parameter("cnum") == "2");
    CHECK(header.parameter("crand") != sip::parse_auth_header(*second.header("Authorization")).parameter("crand"));
}

TEST_CASE("a right signature of the server is valid, whatever its case and under either header") {
    auto m = register_answer();
    m.add("Authentication-Info", info(good));
    CHECK(association()->check(m) == verdict::valid);
    m.set("Authentication-Info", info("10E96B97FB70219F4045BBA0E2EBD91FDA2F6D2B"));
    CHECK(association()->check(m) == verdict::valid);
    m.remove("Authentication-Info");
    m.add("Proxy-Authentication-Info", info(good));
    CHECK(association()->check(m) == verdict::valid);
}

TEST_CASE("a message without a signature is told from one with a wrong signature") {
    auto m = register_answer();
    CHECK(association()->check(m) == verdict::missing);
    m.add("Authentication-Info", info("00e96b97fb70219f4045bba0e2ebd91fda2f6d2b"));
    CHECK(association()->check(m) == verdict::invalid);
    for (const auto& wrong :
         {info(""), info(std::string(good).substr(0, 32)), info(good, "FE02.contoso.example"),
          info(good, "FE01.contoso.example", "00000000"), std::string("NTLM ") + info(good).substr(8), std::string()}) {
        INFO(wrong);
        m.set("Authentication-Info", wrong);
        CHECK(association()->check(m) == verdict::invalid);
    }
}

TEST_CASE("a change of any signed field makes the signature invalid") {
    for (const char* name : {"From", "To", "Call-ID", "CSeq", "Expires"}) {
        auto m = register_answer();
        m.add("Authentication-Info", info(good));
        m.set(name, "<sip:mallory@contoso.example>;tag=1 2");
        INFO(name);
        CHECK(association()->check(m) == verdict::invalid);
    }
    auto m = register_answer();
    m.add("Authentication-Info", info(good));
    m.status = 301;
    CHECK(association()->check(m) == verdict::invalid);
}
