#include <catch2/catch.hpp>

#include "report/pseudonyms.hpp"
#include "report/replace.hpp"

using ucsignin::report::pseudonyms;

TEST_CASE("the same name gets the same stand-in, whatever its case") {
    pseudonyms p;
    CHECK(p.host("web7.contoso.example") == "host1.domain1.example");
    CHECK(p.host("WEB7.Contoso.Example.") == "host1.domain1.example.");
    CHECK(p.host("web8.contoso.example:443") == "host2.domain1.example:443");
    CHECK(p.host("web7.fabrikam.example") == "host1.domain2.example");
}

TEST_CASE("labels that name a role stay, since they make the report readable") {
    pseudonyms p;
    CHECK(p.host("lyncdiscoverinternal.contoso.example") == "lyncdiscoverinternal.domain1.example");
    CHECK(p.host("_sipinternaltls._tcp.contoso.example") == "_sipinternaltls._tcp.domain1.example");
    CHECK(p.host("fe01.emea.contoso.example") == "fe01.sub1.domain1.example");
    CHECK(p.host("*.contoso.example") == "*.domain1.example");
}

TEST_CASE("a domain below co.uk has three labels") {
    pseudonyms p;
    CHECK(p.host("sip.contoso.co.uk") == "sip.domain1.example");
    CHECK(p.host("sip.fabrikam.co.uk") == "sip.domain2.example");
    CHECK(p.host("contoso.de") == "domain3.example");
}

TEST_CASE("public services and this machine keep their names") {
    pseudonyms p;
    CHECK(p.host("sipdir.online.lync.com") == "sipdir.online.lync.com");
    CHECK(p.host("localhost") == "localhost");
}

TEST_CASE("addresses keep their use: private, public, loopback") {
    pseudonyms p;
    CHECK(p.host("172.16.5.6") == "10.0.0.1");
    CHECK(p.host("192.168.5.6:5061") == "10.0.0.2:5061");
    CHECK(p.host("131.107.0.1") == "192.0.2.1");
    CHECK(p.host("127.0.0.1:53") == "127.0.0.1:53");
    CHECK(p.host("[2a01:4f8::99]:443") == "[2001:db8::1]:443");
    CHECK(p.host("fe80::1234%eth0") == "fe80::1%eth0");
    CHECK(p.text("192.0.2.10:443:127.0.0.1:41443") == "192.0.2.2:443:127.0.0.1:41443");
}

TEST_CASE("more addresses than there are documentation networks are still told apart") {
    pseudonyms p;
    std::string last;
    for (int i = 0; i < 800; ++i) last = p.host("8.8." + std::to_string(i / 256) + "." + std::to_string(i % 256));
    CHECK(last == "198.18.3.38");
}

TEST_CASE("users keep their domain, and a gruu loses the name of the machine") {
    pseudonyms p;
    CHECK(p.sip_uri("sip:alice@contoso.example") == "sip:user1@domain1.example");
    CHECK(p.sip_uri("sip:alice@contoso.example;opaque=user:epid:Xy7;gruu") == "sip:user1@domain1.example;opaque=masked;gruu");
    CHECK(p.sip_uri("<sip:web7.contoso.example:5061;transport=tls>") == "<sip:host1.domain1.example:5061;transport=tls>");
    CHECK(p.login("CONTOSO\\alice") == "DOMAIN1\\user1");
    CHECK(p.login("bob@contoso.example") == "user2@domain1.example");
}

TEST_CASE("sentences lose known names and keep the rest") {
    pseudonyms p;
    p.host("fs.contoso.example");
    p.login("CONTOSO\\alice");
    CHECK(p.text("fs.contoso.example refuses CONTOSO\\Alice, see registration.web_ticket.") ==
          "host1.domain1.example refuses DOMAIN1\\user1, see registration.web_ticket.");
    CHECK(p.text("mail bob@fabrikam.example at 12:30:00 from 8.8.8.8") == "mail user2@domain2.example at 12:30:00 from 192.0.2.1");
    CHECK(p.text("alicetown is no user") == "alicetown is no user");
}

TEST_CASE("a URL loses its host and what its query says about the user") {
    pseudonyms p;
    p.sip_uri("sip:alice@contoso.example");
    CHECK(p.url("https://web7.contoso.example:443/root/user?sipuri=alice@contoso.example") ==
          "https://host1.domain1.example:443/root/user?sipuri=user1@domain1.example");
    CHECK(p.url("https://web7/") == "https://host1/");
    CHECK(p.url("Internal/User https://web7.contoso.example/x") == "Internal/User https://host1.domain1.example/x");
}

TEST_CASE("distinguished names lose hosts, organizations and places; the country stays") {
    pseudonyms p;
    CHECK(p.dn("CN=web7.contoso.example, O=Contoso Ltd, C=DE") == "CN=host1.domain1.example, O=name1, C=DE");
    CHECK(p.dn("0 CN = web7.contoso.example <- O = Contoso Ltd, CN = Contoso Root CA") ==
          "0 CN = host1.domain1.example <- O = name1, CN = name2");
    CHECK(p.text("the root 'Contoso Root CA' is not trusted") == "the root 'name2' is not trusted");
    CHECK(p.dn("") == "");
    CHECK(p.dn("no attribute at all") == "no attribute at all");
}

TEST_CASE("attributes are found where they are, and never read past the end") {
    using ucsignin::report::attributes_of;
    CHECK(attributes_of("CN=a,O=b").size() == 2);
    CHECK(attributes_of("CN=").size() == 1);
    CHECK(attributes_of("==").empty());
    CHECK(attributes_of("/C=DE/O=b").at(1).type == "O");
    for (const auto* odd : {"A==B", "A= =B", "CN=x <- ", "=", "A=,B=,", "CN= <- CN="})
        for (const auto& a : attributes_of(odd)) CHECK(a.begin <= a.end);
}
