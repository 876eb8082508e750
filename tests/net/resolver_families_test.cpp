// A and AAAA together: an address that is there does not wait for one that is not.

#include <catch2/catch.hpp>

#include "fake_dns.hpp"
#include "net/resolver.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

constexpr int long_time = 30000;  // in ms: nothing below is to take as much

wire address_of(const dns::message& query, const std::string& address) {
    const auto& asked = query.questions.front();
    return dns::serialize(reply(query, {{asked.name, asked.type, 300, address, {}}}));
}

// One kind gets this, the other an address.
fake_dns::script all_but(dns::type kind, wire (*instead)(const dns::message&)) {
    return [kind, instead](const dns::message& query, bool) {
        const auto asked = query.questions.front().type;
        if (asked == kind) return instead(query);
        return address_of(query, asked == dns::type::a ? "192.0.2.1" : "2001:db8::1");
    };
}

wire nothing(const dns::message&) { return {}; }
wire no_such_name(const dns::message& query) { return dns::serialize(reply(query, {}, 3)); }

}  // namespace

TEST_CASE("both kinds of address come in one order", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        return address_of(query, query.questions.front().type == dns::type::a ? "192.0.2.1" : "2001:db8::1");
    });
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    auto const both = run(io, resolver->ask_addresses("SIP.contoso.com.", in_ms(long_time)));
    REQUIRE(both.size() == 2);
    CHECK(both[0].addresses().at(0).to_string() == "192.0.2.1");
    CHECK(both[1].addresses().at(0).to_string() == "2001:db8::1");
    CHECK(both[1].question.type == dns::type::aaaa);
    CHECK(
        run(io, resolver->ask({"sip.contoso.com", dns::type::aaaa}, in_ms(long_time))).state == answer_state::records);
}

TEST_CASE("a kind that is never answered costs a second once, whichever it is", "[net][resolver]") {
    for (auto const dropped : {dns::type::aaaa, dns::type::a}) {
        asio::io_context io;
        fake_dns const server(io, all_but(dropped, nothing));
        auto const resolver = make_resolver(io.get_executor(), {server.at()});
        auto const began = clock::now();
        for (auto const* name : {"one.contoso.com", "two.contoso.com", "three.contoso.com"}) {
            auto const both = run(io, resolver->ask_addresses(name, in_ms(long_time)));
            auto const& lost = both.at(dropped == dns::type::a ? 0 : 1);
            CHECK(lost.state == answer_state::timed_out);
            CHECK(lost.detail.find("no answer yet") == 0);
            CHECK(both.at(dropped == dns::type::a ? 1 : 0).state == answer_state::records);
        }
        CHECK(ms_since(began) < long_time / 2);
    }
}

TEST_CASE("a name that is not there has no addresses of the other kind either", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message& query, bool) {
        return query.questions.front().type == dns::type::a ? no_such_name(query) : wire{};
    });
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    auto const began = clock::now();
    auto const both = run(io, resolver->ask_addresses("nobody.contoso.com", in_ms(long_time)));
    CHECK(both.at(0).state == answer_state::nxdomain);
    CHECK(both.at(1).state == answer_state::timed_out);
    CHECK(ms_since(began) < long_time / 2);
}

TEST_CASE("where other names have that kind, one whose datagrams are lost is asked again", "[net][resolver]") {
    asio::io_context io;
    int asked = 0;
    fake_dns const server(io, [&asked](const dns::message& query, bool) {
        const auto& what = query.questions.front();
        const bool is_v6 = what.type == dns::type::aaaa;
        if (is_v6 && what.name.starts_with("lossy") && ++asked <= 2) return wire{};
        return address_of(query, is_v6 ? "2001:db8::1" : "192.0.2.1");
    });
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    CHECK(run(io, resolver->ask_addresses("sound.contoso.com", in_ms(5000))).at(1).state == answer_state::records);
    auto const both = run(io, resolver->ask_addresses("lossy.contoso.com", in_ms(5000)));
    CHECK(both.at(1).state == answer_state::records);
    CHECK(both.at(1).retransmissions == 2);
}

TEST_CASE("where nothing is answered, all the time that there is passes", "[net][resolver]") {
    asio::io_context io;
    fake_dns const server(io, [](const dns::message&, bool) { return wire{}; });
    auto const resolver = make_resolver(io.get_executor(), {server.at()});
    auto const both = run(io, resolver->ask_addresses("sip.contoso.com", in_ms(100)));
    CHECK(both.at(0).state == answer_state::timed_out);
    CHECK(both.at(1).state == answer_state::timed_out);
    CHECK(both.at(1).detail.find("no answer yet") == std::string::npos);
}

TEST_CASE("what is no name is asked nowhere", "[net][resolver]") {
    asio::io_context io;
    auto const resolver = make_resolver(io.get_executor(), {});
    auto const both = run(io, resolver->ask_addresses(std::string(300, 'a'), in_ms(long_time)));
    CHECK(both.at(0).state == answer_state::other);
    CHECK(both.at(1).state == answer_state::other);
}
