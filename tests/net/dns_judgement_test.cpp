// What is kept of answers with more records than anybody can use.
#include <catch2/catch.hpp>

#include "net/dns_judgement.hpp"

using namespace ucsignin::net;

namespace {

dns::resource service(int priority, int weight, const std::string& target) {
    dns::resource one;
    one.name = "_sip._tls.contoso.example";
    one.type = dns::type::srv;
    one.service = {static_cast<std::uint16_t>(priority), static_cast<std::uint16_t>(weight), 443, target};
    return one;
}

dns::resource address(int i) {
    dns::resource one;
    one.name = "sip.contoso.example";
    one.type = dns::type::a;
    one.text = "10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256);
    return one;
}

dns_answer judged(dns::type wanted, std::vector<dns::resource> records) {
    dns::message message;
    message.answers = std::move(records);
    dns_answer answer;
    answer.question = {"sip.contoso.example", wanted};
    judge(answer, message);
    return answer;
}

}  // namespace

TEST_CASE("of eight hundred services the sixteen that come first are kept") {
    std::vector<dns::resource> all;
    for (int i = 799; i >= 0; --i) all.push_back(service(i, 0, "s" + std::to_string(i) + ".contoso.example"));
    const auto answer = judged(dns::type::srv, all);
    REQUIRE(answer.services().size() == most_services);
    CHECK(answer.services().front().target == "s0.contoso.example");
    CHECK(answer.services().back().target == "s15.contoso.example");
    CHECK(answer.left_out == 784);
}

TEST_CASE("among equals of many services the weight decides") {
    std::vector<dns::resource> all;
    for (int i = 0; i < 40; ++i) all.push_back(service(0, i, "s" + std::to_string(i) + ".contoso.example"));
    CHECK(judged(dns::type::srv, all).services().front().target == "s39.contoso.example");
    CHECK(judged(dns::type::srv, all).services().back().target == "s24.contoso.example");
}

TEST_CASE("of a thousand addresses the first are kept, and the aliases before them") {
    std::vector<dns::resource> all;
    for (int i = 0; i < 1000; ++i) all.push_back(address(i));
    dns::resource alias;
    alias.name = "sip.contoso.example";
    alias.type = dns::type::cname;
    alias.text = "edge.contoso.example";
    all.push_back(alias);
    const auto answer = judged(dns::type::a, all);
    REQUIRE(answer.addresses().size() == most_addresses);
    CHECK(answer.addresses().front().to_string() == "10.0.0.0");
    CHECK(answer.addresses().back().to_string() == "10.0.0.15");
    CHECK(answer.records.front().type == dns::type::cname);
    CHECK(answer.left_out == 984);
}

TEST_CASE("a short answer stays as it came") {
    const auto answer = judged(
        dns::type::srv, {service(10, 0, "b.contoso.example"), service(0, 0, "a.contoso.example")});
    CHECK(answer.left_out == 0);
    CHECK(answer.records.front().service.target == "b.contoso.example");
    CHECK(answer.services().front().target == "a.contoso.example");
}

TEST_CASE("aliases without end are followed so far and no further") {
    std::vector<dns::resource> all;
    for (int i = 0; i < 3000; ++i) {
        dns::resource alias;
        alias.name = i == 0 ? "sip.contoso.example" : "a" + std::to_string(i);
        alias.type = dns::type::cname;
        alias.text = "a" + std::to_string(i + 1);
        all.push_back(alias);
    }
    const auto answer = judged(dns::type::a, all);
    CHECK(answer.cname_chain.size() < 20);
    CHECK(answer.cname_loop);
}
