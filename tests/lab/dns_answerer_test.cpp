#include <catch2/catch.hpp>

#include "lab/dns_answerer.hpp"

using namespace ucsignin::lab;
namespace dns = ucsignin::net::dns;

namespace {

dns_answerer answerer(const std::string& section, resolver_kind kind = resolver_kind::good) {
    const auto read = parse_scenario(R"({"format": "ucsignin-scenario/1", "dns": )" + section + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    return {std::make_shared<zone>(**read, documentation_hosts(**read)), (*read)->dns.faults, kind};
}

// Written by hand, so that no code of ours stands on both sides.
std::vector<unsigned char> query(
    const std::string& name, unsigned char type, bool with_opt = true, bool checking_disabled = false) {
    std::vector<unsigned char> out = {0x12, 0x34, 0x01, static_cast<unsigned char>(checking_disabled ? 0x10 : 0),
                                      0,    1,    0,    0,
                                      0,    0,    0,    static_cast<unsigned char>(with_opt)};
    std::size_t at = 0;
    while (at < name.size()) {
        const auto end = std::min(name.find('.', at), name.size());
        out.push_back(static_cast<unsigned char>(end - at));
        out.insert(out.end(), name.begin() + static_cast<long>(at), name.begin() + static_cast<long>(end));
        at = end + 1;
    }
    out.insert(out.end(), {0, 0, type, 0, 1});
    if (with_opt) out.insert(out.end(), {0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0});
    return out;
}

unsigned rcode_of(const dns_reply& reply) { return reply.wire.at(3) & 15u; }
bool is_truncated(const dns_reply& reply) { return (reply.wire.at(2) & 2u) != 0; }
unsigned answers_of(const dns_reply& reply) { return reply.wire.at(6) * 256u + reply.wire.at(7); }

}  // namespace

TEST_CASE("an answer has the query's identifier and question and is marked as an answer") {
    auto made = answerer("{}");
    const auto reply = made.answer(query("sip.contoso.example", 1), false);
    REQUIRE(reply.what == dns_reply::act::send);
    CHECK(reply.wire[0] == 0x12);
    CHECK(reply.wire[1] == 0x34);
    CHECK((reply.wire[2] & 0x80) != 0);
    CHECK((reply.wire[2] & 0x01) != 0);
    CHECK(answers_of(reply) == 1);
    const std::vector<unsigned char> address = {192, 0, 2, 10};
    CHECK(std::search(reply.wire.begin(), reply.wire.end(), address.begin(), address.end()) != reply.wire.end());
    CHECK(reply.wire[11] == 1);  // EDNS was asked with, and is answered with
    CHECK(made.answer(query("sip.contoso.example", 1, false), false).wire[11] == 0);
}

TEST_CASE("a query that cannot be read gets FORMERR, one that is no query gets nothing") {
    auto made = answerer("{}");
    auto cut = query("sip.contoso.example", 1);
    cut.resize(20);
    CHECK(rcode_of(made.answer(cut, false)) == 1);
    auto answer = query("sip.contoso.example", 1);
    answer[2] |= 0x80;
    CHECK(made.answer(answer, false).what == dns_reply::act::nothing);
    CHECK(made.answer(std::vector<unsigned char>{1, 2, 3}, false).what == dns_reply::act::nothing);
}

TEST_CASE("a response code replaces the answer for the names and types it is for") {
    auto made = answerer(R"({"faults": [{"name": "_sip*", "type": "SRV", "rcode": "SERVFAIL"}]})");
    const auto failed = made.answer(query("_sip._tls.contoso.example", 33), false);
    CHECK(rcode_of(failed) == 2);
    CHECK(answers_of(failed) == 0);
    CHECK(rcode_of(made.answer(query("_sip._tls.contoso.example", 1), false)) == 0);
    CHECK(rcode_of(made.answer(query("sip.contoso.example", 1), false)) == 0);
}

TEST_CASE("a dropped question gets no answer, now and then only") {
    auto made = answerer(R"({"faults": [{"name": "sip", "drop": true, "nth": 2, "times": 1}]})");
    CHECK(made.answer(query("sip.contoso.example", 1), false).what == dns_reply::act::send);
    CHECK(made.answer(query("sip.contoso.example", 1), false).what == dns_reply::act::nothing);
    CHECK(made.answer(query("sip.contoso.example", 1), false).what == dns_reply::act::send);
}

TEST_CASE("a truncated answer says so over UDP and is whole over TCP") {
    auto made = answerer(R"({"faults": [{"truncate": true, "tcp": "close", "name": "a"}, {"truncate": true}]})");
    const auto cut = made.answer(query("sip.contoso.example", 1), false);
    CHECK(is_truncated(cut));
    CHECK(answers_of(cut) == 0);
    CHECK_FALSE(is_truncated(made.answer(query("sip.contoso.example", 1), true)));
    CHECK(made.answer(query("a.contoso.example", 1), true).what == dns_reply::act::close);
    CHECK_FALSE(made.refuses_tcp());
    CHECK(answerer(R"({"faults": [{"tcp": "refuse"}]})").refuses_tcp());
}

TEST_CASE("an answer that is too long for the asker is truncated without any fault") {
    std::string records;
    for (int i = 0; i < 40; ++i)
        records += (i ? "," : "") + std::string(R"({"name": "many", "data": "192.0.2.)") + std::to_string(i + 1) +
                   "\"}";
    auto made = answerer(R"({"add": [)" + records + "]}");
    CHECK(is_truncated(made.answer(query("many.contoso.example", 1, false), false)));
    CHECK(answers_of(made.answer(query("many.contoso.example", 1, false), true)) == 40);
}

TEST_CASE("a broken signature fails only those who check it") {
    auto made = answerer(R"({"faults": [{"rcode": "SERVFAIL", "only_when_checking": true}]})");
    CHECK(rcode_of(made.answer(query("sip.contoso.example", 1), false)) == 2);
    CHECK(rcode_of(made.answer(query("sip.contoso.example", 1, true, true), false)) == 0);
}

TEST_CASE("garbage has the right identifier and cannot be parsed") {
    auto made = answerer(R"({"faults": [{"garbage": true}]})");
    const auto reply = made.answer(query("sip.contoso.example", 1), false);
    CHECK(reply.wire[0] == 0x12);
    CHECK_FALSE(dns::parse(reply.wire));
}

TEST_CASE("a silent resolver says nothing, a refusing one refuses everything") {
    auto silent = answerer("{}", resolver_kind::silent);
    CHECK(silent.answer(query("sip.contoso.example", 1), false).what == dns_reply::act::nothing);
    auto refusing = answerer("{}", resolver_kind::refusing);
    CHECK(rcode_of(refusing.answer(query("sip.contoso.example", 1), false)) == 5);
}

TEST_CASE("a delay is part of the reply") {
    auto made = answerer(R"({"faults": [{"delay_ms": 250}]})");
    CHECK(made.answer(query("sip.contoso.example", 1), false).delay_ms == 250);
}
