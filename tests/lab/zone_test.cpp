#include <catch2/catch.hpp>

#include "lab/zone.hpp"

using namespace ucsignin::lab;
namespace dns = ucsignin::net::dns;

namespace {

zone zone_of(const std::string& members) {
    const auto read = parse_scenario(
        R"({"format": "ucsignin-scenario/1")" + (members.empty() ? "" : ", " + members) + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    return {**read, documentation_hosts(**read)};
}

std::vector<std::string> texts(const dns::message& answer) {
    std::vector<std::string> out;
    for (const auto& one : answer.answers) out.push_back(std::string(dns::to_string(one.type)) + " " + one.text);
    return out;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("outside, DNS shows the Edge and the reverse proxy and nothing internal") {
    const auto made = zone_of("");
    CHECK(texts(made.answer({"lyncdiscover.contoso.example", dns::type::a})) == list{"A 192.0.2.20"});
    CHECK(texts(made.answer({"_sip._tls.contoso.example", dns::type::srv})) == list{"SRV 0 0 443 sip.contoso.example"});
    CHECK(texts(made.answer({"SIP.contoso.example", dns::type::a})) == list{"A 192.0.2.10"});
    for (const auto* name : {"lyncdiscoverinternal", "_sipinternaltls._tcp", "sipinternal", "pool01", "fe01"})
        CHECK(made.answer({std::string(name) + ".contoso.example", dns::type::a}).rcode == 3);
}

TEST_CASE("inside, DNS shows the pool") {
    const auto made = zone_of(R"("pool": {"edge": false})");
    CHECK(
        texts(made.answer({"_sipinternaltls._tcp.contoso.example", dns::type::srv})) ==
        list{"SRV 0 0 5061 pool01.contoso.example"});
    CHECK(texts(made.answer({"pool01.contoso.example", dns::type::a})) == list{"A 192.0.2.11"});
    CHECK(made.answer({"_sip._tls.contoso.example", dns::type::srv}).rcode == 3);
}

TEST_CASE("a negative answer carries the SOA of its zone") {
    const auto made = zone_of("");
    const auto no_data = made.answer({"sip.contoso.example", dns::type::aaaa});
    CHECK(no_data.rcode == 0);
    REQUIRE(no_data.authority.size() == 1);
    CHECK(no_data.authority[0].name == "contoso.example");
    const auto no_name = made.answer({"nothing.contoso.example", dns::type::a});
    CHECK(no_name.rcode == 3);
    CHECK(no_name.authority.at(0).name == "contoso.example");
    CHECK(made.answer({"contso.example", dns::type::a}).authority.at(0).name == "example");
    CHECK(made.answer({"", dns::type::a}).authority.at(0).name.empty());
    CHECK(
        zone_of(R"("dns": {"zone_exists": false})")
            .answer({"sip.contoso.example", dns::type::a})
            .authority.at(0)
            .name == "example");
}

TEST_CASE("a name between two that exist has no data, but is there") {
    const auto answer = zone_of("").answer({"_tls.contoso.example", dns::type::a});
    CHECK(answer.rcode == 0);
    CHECK(answer.answers.empty());
}

TEST_CASE("both families are answered when the scenario has both") {
    const auto made = zone_of(R"("pool": {"address_families": ["ipv4", "ipv6"]})");
    CHECK(texts(made.answer({"sip.contoso.example", dns::type::aaaa})) == list{"AAAA 2001:db8::10"});
    CHECK(made.addresses_of("sip.contoso.example").size() == 2);
}

TEST_CASE("records can be removed, set and added") {
    const auto made = zone_of(R"("dns": {"remove": [{"name": "lyncdiscover"}, {"name": "_sip._tls", "type": "SRV"}],
        "set": [{"name": "sip", "data": "192.0.2.77"}], "add": [{"name": "sip", "data": "192.0.2.78", "ttl": 7}]})");
    CHECK(made.answer({"lyncdiscover.contoso.example", dns::type::a}).rcode == 3);
    CHECK(texts(made.answer({"sip.contoso.example", dns::type::a})) == list{"A 192.0.2.77", "A 192.0.2.78"});
    CHECK(made.answer({"sip.contoso.example", dns::type::a}).answers[1].ttl == 7);
    CHECK(zone_of(R"("dns": {"empty": true})").records().empty());
}

TEST_CASE("chains of aliases are followed, loops are not followed for ever") {
    const auto made = zone_of(R"("dns": {"add": [
        {"name": "a", "type": "CNAME", "data": "b"}, {"name": "b", "type": "CNAME", "data": "sip"},
        {"name": "x", "type": "CNAME", "data": "y"}, {"name": "y", "type": "CNAME", "data": "x"},
        {"name": "dangling", "type": "CNAME", "data": "ghost"}]})");
    CHECK(
        texts(made.answer({"a.contoso.example", dns::type::a})) ==
        list{"CNAME b.contoso.example", "CNAME sip.contoso.example", "A 192.0.2.10"});
    CHECK(made.answer({"x.contoso.example", dns::type::a}).answers.size() == 16);
    const auto dangling = made.answer({"dangling.contoso.example", dns::type::a});
    CHECK(dangling.rcode == 3);
    CHECK(texts(dangling) == list{"CNAME ghost.contoso.example"});
}

TEST_CASE("a wildcard stands for names that do not exist") {
    const auto made = zone_of(R"("dns": {"add": [{"name": "*", "data": "192.0.2.99"}]})");
    CHECK(texts(made.answer({"whatever.contoso.example", dns::type::a})) == list{"A 192.0.2.99"});
    CHECK(made.answer({"whatever.contoso.example", dns::type::a}).answers[0].name == "whatever.contoso.example");
    CHECK(texts(made.answer({"sip.contoso.example", dns::type::a})) == list{"A 192.0.2.10"});
    CHECK(made.answer({"_x._tls.contoso.example", dns::type::a}).rcode == 3);
}

TEST_CASE("the zone can be printed as a zone file") {
    const auto lines = zone_of(
                           R"("dns": {"empty": true, "add": [{"name": "_sip._tls", "type": "SRV", "data": "0 0 443 ."},
        {"name": "a", "type": "CNAME", "data": "b"}, {"name": "b", "data": "192.0.2.1"}]})")
                           .lines();
    CHECK(
        lines == list{
                     "_sip._tls.contoso.example. 300 IN SRV 0 0 443 .",
                     "a.contoso.example. 300 IN CNAME b.contoso.example.", "b.contoso.example. 300 IN A 192.0.2.1"});
}

TEST_CASE("names that lead to an address are known, aliases too") {
    const auto made = zone_of(R"("dns": {"add": [{"name": "alias", "type": "CNAME", "data": "sip"}]})");
    const auto names = made.names_of(boost::asio::ip::make_address("192.0.2.10"));
    CHECK(names == list{"alias.contoso.example", "sip.contoso.example", "sipexternal.contoso.example"});
}
