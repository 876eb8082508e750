#include "lab/relay.hpp"

#include <catch2/catch.hpp>

#include "net/stun.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using net::stun::dialect;

namespace {

std::shared_ptr<const scenario> read(const std::string& members) {
    const auto made = parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
    if (!made) FAIL(made.error().where << ": " << made.error().what);
    return *made;
}

bool is_refused(const std::string& members) {
    return !parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
}

}  // namespace

TEST_CASE("the lab's relay answers an Allocate in its own dialect") {
    const auto id = net::stun::random_id();
    for (const auto of : {dialect::standard, dialect::microsoft}) {
        const auto answer = answer_allocate(net::stun::allocate_request(of, id), relay_udp::answers);
        REQUIRE(answer);
        const auto read = net::stun::parse(*answer, of, id);
        REQUIRE(read);
        CHECK(read->error_code == 401);
        CHECK(read->realm == "av.example");
        CHECK(read->has_nonce);
        const auto strange = answer_allocate(net::stun::allocate_request(of, id), relay_udp::strange);
        REQUIRE(strange);
        CHECK_FALSE(net::stun::parse(*strange, of, id));
        CHECK_FALSE(answer_allocate(net::stun::allocate_request(of, id), relay_udp::silent));
    }
    CHECK_FALSE(answer_allocate(net::stun::allocate_request(dialect::standard, id), relay_udp::microsoft));
    CHECK_FALSE(answer_allocate({}, relay_udp::answers));
    auto cut = net::stun::allocate_request(dialect::microsoft, id);
    cut.pop_back();
    CHECK_FALSE(answer_allocate(cut, relay_udp::answers));
}

TEST_CASE("relays of a scenario: one by default, each at an address of its own") {
    const auto one = read(R"("name": "x")");
    CHECK(one->pool.relays.front().host == "av.contoso.example");
    const auto two = read(
        R"("pool": {"sip_domain": "fabrikam.example", "relays": [{}, {"host": "av2.other.example", "udp_port": 3479, "udp": "silent"}]})");
    CHECK(two->pool.relays[0].host == "av.fabrikam.example");
    const auto places = list_relays(*two, documentation_hosts(*two), {net::asio::ip::make_address("192.0.2.10")});
    REQUIRE(places.size() == 4);
    CHECK(net::to_string(places[0].meant) == "192.0.2.30:3478");
    CHECK(net::to_string(places[1].meant) == "192.0.2.31:3479");
    CHECK(places[1].how == relay_udp::silent);
    CHECK(net::to_string(places[2].meant) == "192.0.2.10:3478");
    CHECK(places[2].how == relay_udp::refused);
    CHECK(read(R"("pool": {"sip_domain": "fabrikam.example"})")->pool.relays[0].host == "av.fabrikam.example");
    CHECK(read(R"("pool": {"relays": []})")->pool.relays.empty());
    CHECK(read(R"("pool": {"mras": {"reason": "Server Busy"}})")->pool.mras_reason == "Server Busy");
}

TEST_CASE("what a relay of a scenario must not say") {
    CHECK(is_refused(R"("pool": {"relays": [{"port": 1}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"udp": "lossy"}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"udp_port": 443}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"tcp_port": 0}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"host": "a b"}]})"));
    CHECK(is_refused(R"("pool": {"mras": {"status": 504}})"));
}
