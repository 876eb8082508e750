#include <catch2/catch.hpp>

#include "report/shapes.hpp"

using namespace ucsignin::report;

namespace {

using shape = std::size_t (*)(std::string_view, std::size_t);

// All of the text, and nothing of it when something is written to its end that makes it a longer word.
void check_whole(shape is, std::string_view text) {
    INFO(text);
    CHECK(is(text, 0) == text.size());
    CHECK(is(std::string(text) + ", and more", 0) == text.size());
}

void check_none(shape is, std::string_view text) {
    INFO(text);
    CHECK(is(text, 0) == 0);
}

}  // namespace

TEST_CASE("words go over what joins them, and end before a mark") {
    for (const auto* word :
         {"client's", "Get-CsUser", "sip.contoso.example", "_sip._tls", "x86_64", "4711", "J\xc3\xb6rg"})
        check_whole(word_at, word);
    CHECK(word_at("end. Next", 0) == 3);
    CHECK(word_at("a -- b", 0) == 1);
    CHECK(word_at("'quoted'", 1) == 6);
}

TEST_CASE("telephone numbers are known in the spellings of people") {
    for (const auto* number :
         {"+49 30 5550100", "+49 (30) 555-0100", "+49 (0) 30 / 5550 100", "0049 30 5550100", "030/5550100",
          "030 555 01 00", "(425) 555-0100", "425.555.0100", "425 555 1234", "425-555-1234", "49.30.5550.1234",
          "49 30 555 1234", "+14255550100"})
        check_whole(phone_at, number);
}

TEST_CASE("other numbers are no telephone numbers") {
    for (const auto* text :
         {"443, 5061, 8080", "16.0.4266.1001", "1.3.6.1.5.5.7.3.1", "300 0 0 443", "443", "5061", "+7199 s",
          "81.3 0.528", "2026", "9 10 11", "1.0 1.1 1.2 1.3", "7199.902", "7199.002 0.528", "(404) 12",
          "5061 2026-03-01T09:30:00Z", "300 192.168.100.20", "2026 20:48:17"})
        check_none(phone_at, text);
    CHECK(phone_at("SRV 3600 10 20 5061 ", 4) == 0);
    CHECK(phone_at("49 30 555 1234. 443 is open", 0) == 14);
    CHECK(phone_at("425.555.1234 49", 0) == 12);
    CHECK(phone_at("425-555-1234:1.1", 0) == 12);
}

TEST_CASE("dates and times are known, and only those") {
    for (const auto* time :
         {"2026-03-01", "2026-03-01T09:30:00Z", "2026-03-01T09:30:00.125Z", "2026-03-01T09:30:00+01:00",
          "Tue, 24 Nov 2026 20:48:17 GMT", "8 December 2026"})
        check_whole(timestamp_at, time);
    for (const auto* text :
         {"2026-13-01", "2026-03-011", "Zoe, 24 Nov 2026 20:48:17 GMT", "8 Bridget 2026", "12:30:00"})
        check_none(timestamp_at, text);
}

TEST_CASE("groups of hexadecimal digits are an identifier from the fourth on") {
    for (const auto* id : {"00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E", "16 03 01 02", "12:34:56:78"})
        check_whole(hex_groups_at, id);
    for (const auto* text : {"20:48:17", "12 34 56", "1:2:3:4", "abc:def:123:456"}) check_none(hex_groups_at, text);
}

TEST_CASE("paths are known by how they begin") {
    for (const auto* path :
         {"/home/alice/x.json", "~/x", "~alice/x", "./x", "../x/y", "C:\\Users\\alice", "c:/x/y", "\\\\host\\share",
          "%APPDATA%\\x", ".\\x"})
        check_whole(path_at, path);
    CHECK(path_at("C:\\Users\\Alice Adams\\x.json was read", 0) == 27);
    CHECK(path_at("cache FILE:/tmp/krb5cc_0)", 11) == 13);
    CHECK(path_at("RTC/7.0", 3) == 0);
    for (const auto* text : {"/ ", "//", "~", "a/b", "10:20", "\\", "%41lice"}) check_none(path_at, text);
}

TEST_CASE("addresses are whole, and end where a sentence does") {
    CHECK(ipv4_at("192.0.2.1.", 0) == 9);
    CHECK(ipv4_at("192.0.2.1:443", 0) == 9);
    CHECK(ipv4_at("192.0.2.1.in-addr.arpa", 0) == 0);
    CHECK(ipv6_at("2001:db8::1: refused", 0) == 11);
    CHECK(ipv6_at("fe80::", 0) == 6);
    CHECK(ipv6_at("std::expected", 3) == 0);
    CHECK(ipv6_at("12:30:00", 0) == 0);
}

TEST_CASE("GUIDs and characters in disguise are known") {
    check_whole(guid_at, "7e1da2b3-77AA-4bcd-9e0f-112233445566");
    check_none(guid_at, "7e1da2b3-77AA-4bcd-9e0f-1122334455667");
    for (const auto* text : {"%61lice", "alice%40contoso.example", "&#97;lice", "&#x61;"})
        check_whole(escaped_at, text);
    for (const auto* text : {"alice", "100%", "%zz", "&amp;", "&#;"}) check_none(escaped_at, text);
}

TEST_CASE("ports, versions and host names") {
    CHECK(port_at("a:50443", 1) == 6);
    CHECK(port_at("a:504430", 1) == 0);
    CHECK(port_at("a:443x", 1) == 0);
    CHECK(port_at("a:10.1.2.3", 1) == 0);
    CHECK(port_at("a:443.", 1) == 4);
    for (const auto* text : {"1.2", "16.0.13328.20000", "6.0.9319.516", "7199.902", "1.3.6.1.5.5.7.3.1"})
        CHECK(is_version(text));
    for (const auto* text : {"49.30.55501.12", "12345.6", "1..2", "", "1.2x", "1.2.3.4.5"})
        CHECK_FALSE(is_version(text));
    for (const auto* text : {"contoso.example", "*.contoso.example", "a.xn--p1ai"}) CHECK(is_host_name(text));
    for (const auto* text : {"contoso", "contoso.7", "a..b", ".b", "a._tls"}) CHECK_FALSE(is_host_name(text));
}

TEST_CASE("a number with a unit is a quantity, and so is the life of a record") {
    CHECK(is_quantity_at("57600 minutes behind", 0));
    CHECK(is_quantity_at("A 86400 192.0.2.1", 2));
    CHECK_FALSE(is_quantity_at("57600 people", 0));
    CHECK_FALSE(is_quantity_at("NASA 86400 x", 5));
    CHECK_FALSE(is_quantity_at("4930555010 s", 0));
}
