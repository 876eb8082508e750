#include <catch2/catch.hpp>

#include "sip/message.hpp"

using namespace ucsignin::sip;

TEST_CASE("an address is taken apart into display name, URI and parameters") {
    const auto a = parse_name_addr(
        "\"Alice <A> \\\"x\\\"\" <sip:alice@contoso.example;user=phone>;Tag=1;epid=\"2;3\";lr");
    CHECK(a.display == "Alice <A> \"x\"");
    CHECK(a.uri == "sip:alice@contoso.example;user=phone");
    CHECK(a.parameter("tag") == "1");
    CHECK(a.parameter("EPID") == "2;3");
    CHECK(a.parameter("user").empty());
    CHECK(a.parameters.size() == 3);
}

TEST_CASE("an address without brackets has its URI up to the first semicolon") {
    const auto a = parse_name_addr(" sip:alice@contoso.example ; tag = 1");
    CHECK(a.uri == "sip:alice@contoso.example");
    CHECK(a.parameter("tag") == "1");
    CHECK(parse_name_addr("Alice<sip:a@b>;tag=x").display == "Alice");
    CHECK(parse_name_addr("").uri.empty());
    CHECK(parse_name_addr("<sip:a@b").uri == "<sip:a@b");
}

TEST_CASE("a registrar's Contact gives instance and gruu") {
    const auto a = parse_name_addr(
        "<sip:alice@192.0.2.10:17925;transport=tls>;expires=300;+sip.instance=\"<urn:uuid:e0de506b-a705-59cc-9bfa-"
        "d37593141231>\";"
        "gruu=\"sip:alice@contoso.example;opaque=user:epid:a1De4AWnzFmb-tN1kxQSMQAA;gruu\"");
    CHECK(a.parameter("+sip.instance") == "<urn:uuid:e0de506b-a705-59cc-9bfa-d37593141231>");
    CHECK(a.parameter("gruu") == "sip:alice@contoso.example;opaque=user:epid:a1De4AWnzFmb-tN1kxQSMQAA;gruu");
    CHECK(a.parameter("expires") == "300");
}

TEST_CASE("a CSeq has a number and a method") {
    CHECK(parse_cseq(" 3   REGISTER ")->number == 3);
    CHECK(parse_cseq("3\tREGISTER")->method == "REGISTER");
    for (const char* bad : {"", "3", "REGISTER 3", "3 A B", "4294967296 REGISTER", "-1 REGISTER", "3x REGISTER"})
        CHECK_FALSE(parse_cseq(bad));
}

TEST_CASE("URIs are read with user, host, port and parameters") {
    const auto u = parse_uri("SIP:Alice@FE01.Contoso.example:5061;transport=tls;ms-opaque=D3;gruu?x=y");
    REQUIRE(u);
    CHECK(u->scheme == "sip");
    CHECK(u->user == "Alice");
    CHECK(u->host == "fe01.contoso.example");
    CHECK(u->port == 5061);
    CHECK(u->parameter("transport") == "tls");
    CHECK(u->parameter("ms-opaque") == "D3");
    CHECK(u->parameters.size() == 3);
}

TEST_CASE("URIs without user or port, with IPv6, and of other schemes are read") {
    CHECK(parse_uri("sip:contoso.example")->host == "contoso.example");
    CHECK(parse_uri("sip:contoso.example")->port == 0);
    CHECK(parse_uri("sip:[2001:DB8::1]:5061")->host == "2001:db8::1");
    CHECK(parse_uri("sip:[2001:DB8::1]:5061")->port == 5061);
    CHECK(parse_uri("sip:[::1]")->port == 0);
    CHECK(parse_uri("sip:+4930;ext=1@contoso.example;user=phone")->user == "+4930;ext=1");
    CHECK(parse_uri("tel:+493055501001;ext=1001")->user == "+493055501001");
    CHECK(parse_uri("tel:+493055501001;ext=1001")->parameter("ext") == "1001");
}

TEST_CASE("what is no URI is told") {
    for (const char* bad :
         {"", "contoso.example", ":x", "sip:", "sip:@", "sip:a@b:0", "sip:a@b:65536", "sip:a@b:x", "sip:[::1",
          "sip:[::1]x", "sip:a@:5061", "tel:", "sip:[]"}) {
        INFO(bad);
        CHECK_FALSE(parse_uri(bad));
    }
}

TEST_CASE("a challenge is read with quoted and unquoted parameters") {
    const auto h = parse_auth_header(
        "TLS-DSK realm=\"SIP Communications Service\", targetname=\"FE01.contoso.example\", version=4, "
        "STS-URI=\"https://webext.contoso.example:443/CertProv/CertProvisioningService.svc\"");
    CHECK(h.scheme == "TLS-DSK");
    CHECK(h.parameter("realm") == "SIP Communications Service");
    CHECK(h.parameter("version") == "4");
    CHECK(h.parameter("sts-uri") == "https://webext.contoso.example:443/CertProv/CertProvisioningService.svc");
    CHECK_FALSE(h.has("gssapi-data"));
    CHECK(parse_auth_header("NTLM gssapi-data=\"\"").has("gssapi-data"));
    CHECK(parse_auth_header("NTLM").scheme == "NTLM");
    CHECK(parse_auth_header("").scheme.empty());
    CHECK(parse_auth_header("NTLM gssapi-data=\"TlRM==\"").parameter("gssapi-data") == "TlRM==");
}

TEST_CASE("diagnostics are read in any order of attributes, with blanks and sub codes") {
    const auto d = parse_diagnostics(
        "ms-diagnostics", "4005;reason=\"Destination URI; not enabled\";source=\"pool01.contoso.example\"");
    REQUIRE(d);
    CHECK(d->id == 4005);
    CHECK(d->reason == "Destination URI; not enabled");
    CHECK(d->source == "pool01.contoso.example");
    CHECK(parse_diagnostics("ms-diagnostics", " 1000.3 ; Source = \"x\" ; HRESULT=\"0x1\"")->id == 1000);
    CHECK(parse_diagnostics("ms-diagnostics", " 1000.3 ; Source = \"x\" ; HRESULT=\"0x1\"")->source == "x");
    CHECK(
        parse_diagnostics("X-MS-diagnostics", "28020;faultcode=\"wsse:InvalidSecurityToken\"")
            ->parameters.front()
            .second == "wsse:InvalidSecurityToken");
    for (const char* bad : {"", ";reason=\"x\"", "x", "99999999999", "-1"})
        CHECK_FALSE(parse_diagnostics("ms-diagnostics", bad));
}

TEST_CASE("a message gives all its diagnostics with the header each stood in") {
    message m;
    m.add("ms-diagnostics", "1007;reason=\"a\"")
        .add("Server", "RTC/6.0")
        .add("MS-Diagnostics-Public", "4141")
        .add("ms-diagnostics", "bad");
    const auto all = diagnostics_of(m);
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == 1007);
    CHECK(all[1].header == "MS-Diagnostics-Public");
}
