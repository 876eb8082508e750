#include <catch2/catch.hpp>

#include "lab/credential.hpp"
#include "lab/credential_record.hpp"
#include "net/http.hpp"
#include "sip/encoding.hpp"
#include "sip/message.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

using kinds = std::vector<credential>;

kinds in_http(net::http::fields headers, std::string body = {}) {
    return credentials_in(net::http::request{"POST", "/", std::move(headers), std::move(body)});
}
kinds in_sip(const std::string& value, std::string name = "Authorization") {
    sip::message request;
    request.method = "REGISTER";
    request.add(std::move(name), value);
    return credentials_in(request);
}

std::string ntlm(char type) { return std::string("NTLMSSP\0", 8) + type + std::string(60, '\0'); }
const std::string kerberos_mechanism("\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 11);
const std::string spnego_mechanism("\x06\x06\x2b\x06\x01\x05\x05\x02", 8);
const std::string ap_request = "\x60\x20" + kerberos_mechanism + std::string("\x01\x00", 2) + "ticket";

// A TLS 1.2 record of one handshake message.
std::string flight(char type, const std::string& content) {
    const auto size = [](std::size_t n, int width) {
        std::string out;
        for (int i = width - 1; i >= 0; --i) out += static_cast<char>(n >> (8 * i));
        return out;
    };
    const std::string message = type + size(content.size(), 3) + content;
    return std::string("\x16\x03\x03", 3) + size(message.size(), 2) + message;
}
std::string dsk(const std::string& token) {
    return R"(TLS-DSK qop="auth", realm="r", gssapi-data=")" + sip::base64(token) + "\", version=4";
}

std::string token_xml(const std::string& name, const std::string& password) {
    return "<s:Envelope xmlns:s='s' xmlns:w='w'><s:Header><w:Security><w:UsernameToken><w:Username>" + name +
           "</w:Username><w:Password>" + password +
           "</w:Password></w:UsernameToken></w:Security></s:Header></s:Envelope>";
}

}  // namespace

TEST_CASE("NTLM's tokens are told apart, raw and in SPNEGO, whoever asked for them") {
    CHECK(in_http({{"Authorization", "NTLM " + sip::base64(ntlm('\1'))}}) == kinds{credential::ntlm_negotiate});
    CHECK(in_http({{"authorization", "ntlm " + sip::base64(ntlm('\3'))}}) == kinds{credential::ntlm});
    CHECK(in_http({{"Proxy-Authorization", "NTLM " + sip::base64(ntlm('\3'))}}) == kinds{credential::ntlm});
    CHECK(
        in_http(
            {{"Authorization",
              "Negotiate " + sip::base64("\x60\x40" + spnego_mechanism + kerberos_mechanism + ntlm('\1'))}}) ==
        kinds{credential::spnego, credential::ntlm_negotiate});
    CHECK(
        in_http({{"Authorization", "Negotiate " + sip::base64("\xa1\x40" + ntlm('\3'))}}) ==
        kinds{credential::spnego, credential::ntlm});
}

TEST_CASE("a Kerberos request is one only where its mechanism is followed by it") {
    CHECK(in_http({{"Authorization", "Negotiate " + sip::base64(ap_request)}}) == kinds{credential::kerberos});
    CHECK(
        in_http(
            {{"Authorization",
              "Negotiate " + sip::base64("\x60\x50" + spnego_mechanism + kerberos_mechanism + ap_request)}}) ==
        kinds{credential::spnego, credential::kerberos});
    CHECK(
        in_http(
            {{"Authorization",
              "Negotiate " + sip::base64("\x60\x30" + spnego_mechanism + kerberos_mechanism + "\xa2\x04none")}}) ==
        kinds{credential::spnego, credential::other});
}

TEST_CASE("a scheme alone shows nothing, one that nobody knows is told as such") {
    for (const char* scheme : {"NTLM", "Negotiate", "Basic", "Bearer "})
        CHECK(in_http({{"Authorization", scheme}}) == kinds{credential::opening});
    CHECK(in_http({{"Authorization", "Basic YTpi"}}) == kinds{credential::basic});
    CHECK(in_http({{"Authorization", "Bearer abc"}}) == kinds{credential::bearer});
    CHECK(in_http({{"Authorization", "Digest username=\"alice\""}}) == kinds{credential::other});
    CHECK(in_http({{"Authorization", "NTLM nonsense"}}) == kinds{credential::other});
    CHECK(in_http({{"X-MS-WebTicket", "opaque=QQ=="}}) == kinds{credential::web_ticket});
    CHECK(in_http({{"Accept", "*/*"}}).empty());
    CHECK_FALSE(is_recorded(credential::opening));
    CHECK_FALSE(is_recorded(credential::spnego));
}

TEST_CASE("a UsernameToken is Base64 when both its fields are, of text") {
    const auto coded = [](const char* text) { return sip::base64(text); };
    CHECK(in_http({}, token_xml("CONTOSO\\alice", "Correct-horse-7")) == kinds{credential::username_token});
    CHECK(
        in_http({}, token_xml(coded("CONTOSO\\alice"), coded("Correct-horse-7"))) ==
        kinds{credential::username_token_base64});
    CHECK(in_http({}, token_xml(coded("CONTOSO\\alice"), "Correct-horse-7")) == kinds{credential::username_token});
    CHECK(in_http({}, token_xml("CONTOSO\\alice", coded("Correct-horse-7"))) == kinds{credential::username_token});
    CHECK(
        in_http({}, token_xml("alicebob", "password")) ==
        kinds{credential::username_token});  // letters of Base64, by chance
    CHECK(
        in_http({}, token_xml(coded("M\xc3\xbcller"), coded("\xc3\xa4\xc3\xb6"))) ==
        kinds{credential::username_token_base64});
}

TEST_CASE("an assertion in a body is a ticket, and what is no XML leaks all the same") {
    CHECK(in_http({}, "<a><b:Assertion xmlns:b='b'/></a>") == kinds{credential::web_ticket});
    CHECK(in_http({}, "<a><KeyIdentifier ValueType='SAMLAssertionID'/></a>").empty());
    CHECK(in_http({}, "<a><UsernameToken><Username>x") == kinds{credential::username_token});
    CHECK(in_http({}, "<a/>").empty());
}

TEST_CASE("in SIP a handshake shows a certificate with its second flight, and not without one") {
    CHECK(in_sip(dsk(flight(1, std::string(40, 'h')))) == kinds{credential::opening});
    CHECK(in_sip(dsk(flight(11, std::string(40, 'c')) + flight(16, "k"))) == kinds{credential::certificate});
    CHECK(in_sip(dsk(flight(11, std::string(3, '\0')) + flight(16, "k"))) == kinds{credential::opening});
    const std::string whole = flight(11, std::string(400, 'c'));
    CHECK(in_sip(dsk(whole.substr(0, 9))) == kinds{credential::opening});
    CHECK(in_sip(dsk("")) == kinds{credential::opening});
}

TEST_CASE("in SIP an empty NTLM token is the first one, and a signature is a credential of its own") {
    CHECK(in_sip(R"(NTLM qop="auth", gssapi-data="", version=4)") == kinds{credential::ntlm_negotiate});
    CHECK(
        in_sip(R"(NTLM qop="auth", gssapi-data=")" + sip::base64(ntlm('\3')) + R"(", cnum="1", response="00")") ==
        kinds{credential::ntlm, credential::signature});
    CHECK(
        in_sip(R"(Kerberos qop="auth", gssapi-data=")" + sip::base64("any") + R"(", response="00")") ==
        kinds{credential::kerberos, credential::signature});
    CHECK(
        in_sip(R"(TLS-DSK qop="auth", opaque="1", crand="2", response="00")", "Proxy-Authorization") ==
        kinds{credential::signature});
    CHECK(in_sip("Basic YTpi") == kinds{credential::basic});
    CHECK(in_sip("<sip:alice@contoso.example>", "From").empty());
}

TEST_CASE("a record counts by server and kind") {
    credential_record record;
    record.note({"a.example", 443, "https"}, {credential::spnego, credential::ntlm});
    record.note({"a.example", 443, "https"}, credential::ntlm);
    record.note({"a.example", 80, "http"}, credential::opening);
    record.note({"a.example", 80, "http"}, credential::basic);
    const auto all = record.all();
    REQUIRE(all.size() == 2);
    CHECK(all[0].port == 80);
    CHECK(all[0].kind == "basic");
    CHECK(all[1].kind == "ntlm");
    CHECK(all[1].count == 2);
}
