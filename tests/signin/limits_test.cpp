// How much of what others say a sign-in takes, and that it says so.
#include <catch2/catch.hpp>

#include "signin/base/dial.hpp"
#include "signin/discovery/autodiscover_document.hpp"
#include "signin/discovery/candidates.hpp"
#include "signin/base/limits.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;

namespace {

std::vector<net::dial_target> targets(int v4, int v6) {
    std::vector<net::dial_target> all;
    const auto add = [&](const std::string& text) {
        const net::endpoint at{net::asio::ip::make_address(text), 5061};
        all.push_back({at, at});
    };
    for (int i = 0; i < v4; ++i) add("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
    for (int i = 0; i < v6; ++i) add("2001:db8::" + std::to_string(i + 1));
    return all;
}

std::pair<int, int> families(const std::vector<net::dial_target>& some) {
    std::pair<int, int> count;
    for (const auto& t : some) ++(t.actual.address.is_v6() ? count.second : count.first);
    return count;
}

}  // namespace

TEST_CASE("of many addresses the first are tried, of both families") {
    CHECK(families(first_of_both_families(targets(500, 500), 16)) == std::pair(8, 8));
    CHECK(families(first_of_both_families(targets(1000, 0), 16)) == std::pair(16, 0));
    CHECK(families(first_of_both_families(targets(0, 1000), 16)) == std::pair(0, 16));
    CHECK(families(first_of_both_families(targets(1000, 3), 16)) == std::pair(13, 3));
    CHECK(families(first_of_both_families(targets(3, 1000), 16)) == std::pair(3, 13));
    CHECK(families(first_of_both_families(targets(20, 20), 2)) == std::pair(1, 1));
    CHECK(families(first_of_both_families(targets(8, 8), 16)) == std::pair(8, 8));
    CHECK(first_of_both_families(targets(1000, 0), 16).front().actual.address.to_string() == "10.0.0.0");
    CHECK(first_of_both_families({}, 16).empty());
}

TEST_CASE("the list of servers ends, and says how many stand behind it") {
    discovery::found f;
    f.sip_domain = "contoso.example";
    for (std::uint16_t i = 0; i < 800; ++i)
        f.srv_external.push_back({i, 0, 443, "s" + std::to_string(i) + ".contoso.example"});
    const auto list = discovery::order_candidates(f);
    REQUIRE(list.candidates.size() == limits::candidates);
    CHECK(list.candidates.front().name() == "s0.contoso.example:443");
    CHECK(list.left_out == 800 - limits::candidates);
    CHECK(list.decision.considered.size() == limits::candidates + 1);
    CHECK(list.decision.considered.back().option == "768 more");
}

TEST_CASE("a document names as many servers and links as are of use") {
    std::string body = R"(<AutodiscoverResponse AccessLocation="External"><User>)";
    for (int i = 0; i < 500; ++i)
        body += "<SipClientExternalAccess fqdn=\"s" + std::to_string(i) +
                ".contoso.example\" port=\"443\"/><Link token=\"t" + std::to_string(i) +
                "\" href=\"https://a.example/\"/>";
    const auto read = discovery::parse_autodiscover("application/xml", body + "</User></AutodiscoverResponse>");
    REQUIRE(read);
    REQUIRE(read->external_access.size() == limits::servers_per_document);
    CHECK(read->external_access.front().host == "s0.contoso.example");
    CHECK(read->servers_left_out == 500 - limits::servers_per_document);
    CHECK(read->links.size() == limits::links_per_document);
}
