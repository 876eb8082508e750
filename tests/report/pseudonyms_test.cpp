#include <catch2/catch.hpp>

#include <set>

#include "report/distinguished_names.hpp"
#include "report/phrases.hpp"
#include "report/pseudonyms.hpp"
#include "report/stand_ins.hpp"
#include "trace/addresses.hpp"

using namespace ucsignin::report;

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

TEST_CASE("labels that only look like a role or a service are somebody's") {
    pseudonyms p;
    CHECK(p.host("_alice._tcp.contoso.example") == "host1._tcp.domain1.example");
    CHECK(p.host("sip-49305550100.contoso.example") == "host2.domain1.example");
    CHECK(p.host("fe-01.contoso.example") == "fe-01.domain1.example");
}

TEST_CASE("public services and this machine keep their names, but not what a customer puts before them") {
    pseudonyms p;
    CHECK(p.host("sipdir.online.lync.com") == "sipdir.online.lync.com");
    CHECK(p.host("login.microsoftonline.com") == "login.microsoftonline.com");
    CHECK(p.host("contoso.online.lync.com") == "host1.online.lync.com");
    CHECK(p.host("localhost") == "localhost");
    CHECK(p.text("localhost:53070") == "localhost:53070");
}

TEST_CASE("a host without a domain is learned, and remarks beside hosts stay") {
    pseudonyms p;
    CHECK(p.host("gate7:8080") == "host1:8080");
    CHECK(p.text("gate7:50443 and GATE7") == "host1:50443 and host1");
    CHECK(p.host("External sip.contoso.example:443") == "External sip.domain1.example:443");
    CHECK(p.host("this PC") == "this PC");
}

TEST_CASE("addresses keep their use: private, public, loopback") {
    pseudonyms p;
    CHECK(p.host("172.16.5.6") == "10.0.0.1");
    CHECK(p.host("192.168.5.6:5061") == "10.0.0.2:5061");
    CHECK(p.host("131.107.0.1") == "192.0.2.1");
    CHECK(p.host("127.0.0.1:53") == "127.0.0.1:53");
    CHECK(p.host("169.254.33.7") == "169.254.0.1");
    CHECK(p.host("[2a01:4f8::99]:443") == "[2001:db8::1]:443");
    CHECK(p.host("fe80::1234%eth0") == "fe80::1%***");
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
    CHECK(p.text("sip:alice@contoso.example") == "sip:user1@domain1.example");
    CHECK(
        p.text("sip:alice@contoso.example;opaque=user:epid:Xy7;gruu") ==
        "sip:user1@domain1.example;opaque=user:epid:***;gruu");
    CHECK(p.text("<sip:web7.contoso.example:5061;transport=tls>") == "<sip:host1.domain1.example:5061;transport=tls>");
    CHECK(p.login("CONTOSO\\alice") == "DOMAIN1\\user1");
    CHECK(p.login("bob@contoso.example") == "user2@domain1.example");
}

TEST_CASE("quotes and hyphens around a name are no part of it") {
    pseudonyms p;
    p.text("alice@contoso.example");
    CHECK(
        p.text("'alice@contoso.example' -alice@contoso.example, 'CONTOSO\\alice'") ==
        "'user1@domain1.example' -user1@domain1.example, 'DOMAIN1\\user1'");
    CHECK(p.text("'https://contoso.example/'") == "'https://domain1.example/'");
}

TEST_CASE("an adapter keeps the name of its kind, and any other is found in sentences") {
    pseudonyms p;
    for (const auto* kind : {"lo", "Wi-Fi", "Ethernet 2"}) CHECK(p.adapter(kind) == kind);
    CHECK(p.adapter("Contoso VPN") == "adapter1");
    CHECK(p.adapter("7") == "adapter2");
    CHECK(p.text("Contoso VPN and 7") == "adapter1 and 7");
    p.adapter("eth9");
    CHECK(p.text("fe80::99%eth9/64") == "fe80::1%adapter3/64");
    CHECK(p.text("fe80::1%adapter3/64") == "fe80::2%***/64");  // no such adapter is known here, and "%ad" is no escape
}

TEST_CASE("a pool's own address is a host on both sides") {
    pseudonyms p;
    CHECK(
        p.text("sip:pool01.contoso.example@contoso.example;gruu") == "sip:pool01.domain1.example@domain1.example;gruu");
}

TEST_CASE("a name that is a word of ours stays in sentences, and goes where it stands alone") {
    pseudonyms p;
    p.login("CONTOSO\\page");
    CHECK(p.name("page") == "user1");
    CHECK(p.text("the page of Page was answered") == "the page of *** was answered");
}

TEST_CASE("hidden words in a row are one") {
    pseudonyms p;
    CHECK(p.text("User Bob Brown of Berlin (Bob) is Bob's") == "User *** of *** (***) is ***");
    CHECK(p.text("*** *** is hidden") == "*** is hidden");
}

TEST_CASE("sentences lose known names and keep the rest") {
    pseudonyms p;
    p.host("fs.contoso.example");
    p.login("CONTOSO\\alice");
    CHECK(
        p.text("fs.contoso.example refuses CONTOSO\\Alice, see registration.web_ticket.") ==
        "host1.domain1.example refuses DOMAIN1\\user1, see registration.web_ticket.");
    CHECK(
        p.text("mail bob@fabrikam.example at 12:30:00 from 8.8.8.8") ==
        "mail user2@domain2.example at 12:30:00 from 192.0.2.1");
    CHECK(p.text("alicetown is no user") == "*** is no user");
}

TEST_CASE("a URL loses its host and what its query says about the user") {
    pseudonyms p;
    p.text("sip:alice@contoso.example");
    CHECK(
        p.text("https://web7.contoso.example:443/root/user?sipuri=alice@contoso.example") ==
        "https://host1.domain1.example:443/root/user?sipuri=user1@domain1.example");
    CHECK(p.text("https://web7/") == "https://host1/");
    CHECK(p.text("ftp://alice:secret@[2a01:4f8::99]:2121/alice") == "ftp://user1:***@[2001:db8::1]:2121/user1");
    CHECK(
        p.text("Internal/User https://web7.contoso.example/owa/bob") ==
        "Internal/User https://host1.domain1.example/owa/***");
}

TEST_CASE("distinguished names lose hosts, organizations and places; the country stays") {
    pseudonyms p;
    CHECK(p.dn("CN=web7.contoso.example, O=Contoso Ltd, C=DE") == "CN=host1.domain1.example, O=name1, C=DE");
    CHECK(
        p.dn("0 CN = web7.contoso.example <- O = Contoso Ltd, CN = Contoso Root CA") ==
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

TEST_CASE("however many addresses there are, each gets another that is one") {
    stand_ins names;
    std::set<std::string> given;
    for (int i = 0; i < 10050; ++i) {
        const auto masked = names.ipv6("2a00::" + std::to_string(i / 9000 + 1) + ":" + std::to_string(i % 9000));
        CHECK(ucsignin::trace::sort_of_ipv6(masked) == ucsignin::trace::address_sort::public_use);
        given.insert(masked);
    }
    for (int i = 0; i < 70000; ++i) {
        const auto masked = names.ipv4(
            "20." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256));
        if (!ucsignin::trace::sort_of_ipv4(masked)) FAIL(masked);
        given.insert(masked);
    }
    CHECK(given.size() == 80050);
}

TEST_CASE("a phrase that says one word over and over is not learned, another of the same length is") {
    phrase_book book;
    std::string repeats, differs;
    for (int i = 0; i < 20; ++i) {
        repeats += "so ";
        differs += "w" + std::to_string(i) + " ";
    }
    book.add(repeats + "x", "name1");
    book.add(differs + "x", "name2");
    CHECK(book.longest_at(repeats + "x", 0).length == 0);
    CHECK(book.longest_at(differs + "x", 0).stand_in == "name2");
}
