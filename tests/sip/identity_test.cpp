#include "sip/identity.hpp"

#include <catch2/catch.hpp>

#include "sip/encoding.hpp"

using namespace ucsignin::sip;

TEST_CASE("the instance follows from the epid as in published conversations") {
    CHECK(instance_from_epid("8248ca9ebb") == "4233fd41-093b-5fd6-b5d2-651ed55969e6");
    CHECK(instance_from_epid("2ebb6f264f") == "124841e4-264d-52e8-96c5-d22aa8cdc316");
    CHECK(instance_from_epid("c8ca638a15") == "34d859db-6585-5f91-a3b4-de853c15347d");
    CHECK(instance_from_epid("a0ae9e6cb0") == "c1589240-e660-594f-a8b3-4b55f358cbc1");
    CHECK(instance_from_epid("451e9252b6") == "e0de506b-a705-59cc-9bfa-d37593141231");
}

TEST_CASE("the GRUU's value follows from the instance as in published conversations") {
    CHECK(gruu_opaque("34d859db-6585-5f91-a3b4-de853c15347d") == "21nYNIVlkV-jtN6FPBU0fQAA");
    CHECK(gruu_opaque("c1589240-e660-594f-a8b3-4b55f358cbc1") == "QJJYwWDmT1mos0tV81jLwQAA");
    CHECK(gruu_opaque("E0DE506B-A705-59CC-9BFA-D37593141231") == "a1De4AWnzFmb-tN1kxQSMQAA");
    CHECK(gruu_opaque("not a uuid").empty());
    CHECK(gruu_opaque("").empty());
}

TEST_CASE("the epid is 12 hex digits, stable, and another for each user and machine") {
    const auto one = epid_for("sip:alice@contoso.example", "machine-1");
    CHECK(one.size() == 12);
    CHECK(one.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(one == epid_for("sip:Alice@Contoso.example", "machine-1"));
    CHECK(one != epid_for("sip:bob@contoso.example", "machine-1"));
    CHECK(one != epid_for("sip:alice@contoso.example", "machine-2"));
}

TEST_CASE("Base64 goes both ways and refuses what it is not") {
    const std::pair<const char*, const char*> vectors[] = {// RFC 4648 10
                                                           {"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : vectors) {
        CHECK(base64(plain) == coded);
        CHECK(from_base64(coded) == plain);
    }
    CHECK(base64url("\xfb\xff") == "-_8=");
    CHECK(from_base64(" Zm 9v\r\nYg ") == "foob");
    for (const char* bad : {"Z", "Zm9v!", "Zg==Zg", "*"}) CHECK_FALSE(from_base64(bad));
}

TEST_CASE("hexadecimal text goes both ways and refuses what it is not") {
    CHECK(hex(std::string("\0\xff\x1a", 3)) == "00ff1a");
    CHECK(from_hex("00FF1a") == std::string("\0\xff\x1a", 3));
    CHECK_FALSE(from_hex("0"));
    CHECK_FALSE(from_hex("0g"));
    CHECK(random_hex(4).size() == 8);
    CHECK(random_hex(4) != random_hex(4));
    CHECK(hex(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
}
