// Lists of challenges as real servers and gateways write them.
#include "net/challenges.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::net;

namespace {

std::vector<std::string> schemes(const std::vector<std::string>& lines) {
    std::vector<std::string> all;
    for (const auto& c : read_challenges(lines)) all.emplace_back(c.scheme);
    return all;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("several challenges in one line, in several, and in any case", "[net][challenges]") {
    CHECK(schemes({"Negotiate", "NTLM"}) == names{"Negotiate", "NTLM"});
    CHECK(schemes({"Negotiate, NTLM"}) == names{"Negotiate", "NTLM"});
    CHECK(schemes({"Basic realm=\"proxy\", NTLM"}) == names{"Basic", "NTLM"});
    CHECK(
        schemes({"NTLM,Negotiate,Basic realm=\"a, b\", charset=\"UTF-8\" , digest x=1"}) ==
        names{"NTLM", "Negotiate", "Basic", "digest"});
    CHECK(schemes({", ,NTLM,,"}) == names{"NTLM"});
    CHECK(schemes({"", "  "}).empty());
    const std::vector<std::string> lines{"negotiate", "nTlM"};
    const auto all = read_challenges(lines);
    CHECK(find_scheme(all, "NTLM") == &all[1]);
    CHECK(find_scheme(all, "Basic") == nullptr);
}

TEST_CASE("a token ends where its challenge does", "[net][challenges]") {
    const std::vector<std::string> lines{"NTLM TlRMTVNTUAACAAAA==, Basic realm=\"contoso.example\""};
    const auto all = read_challenges(lines);
    REQUIRE(all.size() == 2);
    CHECK(all[0].rest == "TlRMTVNTUAACAAAA==");
    CHECK(all[1].rest == "realm=\"contoso.example\"");
}

TEST_CASE("parameters stay with their scheme, whatever stands between quotes", "[net][challenges]") {
    const std::vector<std::string> lines{
        R"(TLS-DSK realm="SIP, Kerberos", targetname="fe \"01\", NTLM", version=4, Kerberos realm=x , version = 4)"};
    const auto all = read_challenges(lines);
    REQUIRE(all.size() == 2);
    CHECK(all[0].rest == R"(realm="SIP, Kerberos", targetname="fe \"01\", NTLM", version=4)");
    CHECK(all[1].scheme == "Kerberos");
    CHECK(all[1].rest == "realm=x , version = 4");
}

TEST_CASE("a quote that never ends, and lists without end, are bounded", "[net][challenges]") {
    CHECK(schemes({"Basic realm=\"open, NTLM"}) == names{"Basic"});
    std::string many;
    for (int i = 0; i < 10000; ++i) many += "S" + std::to_string(i) + ", ";
    CHECK(split_challenges(many).size() == 64);
}
