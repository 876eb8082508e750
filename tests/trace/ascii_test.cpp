#include <catch2/catch.hpp>

#include "trace/ascii.hpp"

using namespace ucsignin::trace;

TEST_CASE("letters are compared without case, and only those of ASCII") {
    CHECK(lower("SIP.Contoso.example@[`{") == "sip.contoso.example@[`{");
    CHECK(lower("\xc4\xd6") == "\xc4\xd6");
    CHECK(same_word("Proxy-Authenticate", "proxy-authenticatE"));
    CHECK_FALSE(same_word("Proxy", "Proxy-"));
    CHECK_FALSE(same_word("@", "`"));
    CHECK_FALSE(same_word("\xc4", "\xe4"));
    CHECK(starts_with_word("SIPS:alice", "sips:"));
    CHECK_FALSE(starts_with_word("sip", "sip:"));
}

TEST_CASE("blanks and line ends are cut off at both ends") {
    CHECK(trim(" \t\r\n a b \r\n") == "a b");
    CHECK(trim("a") == "a");
    CHECK(trim(" \t").empty());
    CHECK(trim("").empty());
}

TEST_CASE("a name is under a domain only at a label's edge") {
    CHECK(is_under("contoso.example", "contoso.example"));
    CHECK(is_under("sip.contoso.example", "contoso.example"));
    CHECK(is_under("Sip.Contoso.Example", "contoso.exAmple"));
    CHECK_FALSE(is_under("evilcontoso.example", "contoso.example"));
    CHECK_FALSE(is_under("contoso.example.evil.example", "contoso.example"));
    CHECK_FALSE(is_under("example", "contoso.example"));
    CHECK_FALSE(is_under("contoso.example", ""));
    CHECK_FALSE(is_under("contoso.example.", ""));
    CHECK_FALSE(is_under("", "contoso.example"));
}
