#include "lab/relay.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "auth/turn_allocation.hpp"
#include "lab/relay_credentials.hpp"
#include "net/stun.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using net::stun::dialect;
using state = auth::turn_allocation::state;

namespace {

std::shared_ptr<const scenario> read(const std::string& members) {
    const auto made = parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
    if (!made) FAIL(made.error().where << ": " << made.error().what);
    return *made;
}

bool is_refused(const std::string& members) {
    return !parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
}

struct relay_told {
    relay_udp how = relay_udp::answers;
    relay_allocate allocate = relay_allocate::grants;
    std::string user, password;
};

// A desk, and a client at one address that asks it.
struct relay {
    explicit relay(relay_told told = {}) : pool(pool_of(told)), desk(told.how, told.allocate, pool) {}

    static std::shared_ptr<const pool_state> pool_of(const relay_told& told) {
        pool_settings settings;
        settings.mras_user = told.user;
        settings.mras_password = told.password;
        return std::make_shared<pool_state>(settings, pool_credentials{}, [](const std::string&) {});
    }
    [[nodiscard]] auth::relay_credentials credentials(int minutes = 480) const {
        auto login = issue_relay_login(*pool, "sip:alice@contoso.example", minutes);
        return {auth::secret(login.user), auth::secret(login.password)};
    }
    std::optional<turn_desk::answer> take(const turn_desk::bytes& datagram) {
        auto said = desk.take(datagram, "192.0.2.200:50000");
        most_held = std::max(most_held, desk.allocations());
        return said;
    }
    auth::turn_allocation::result serve(dialect of, std::optional<auth::relay_credentials> by = {}) {
        auth::turn_allocation asked(by ? std::move(by) : credentials());
        for (auto forms = asked.request(); !forms.empty(); forms = asked.request()) {
            const auto said = take(forms.size() == 2 && of == dialect::microsoft ? forms[1] : forms[0]);
            if (!said || !asked.is_answer(said->datagram)) break;
            asked.take(said->datagram);
        }
        return asked.so_far();
    }

    std::shared_ptr<const pool_state> pool;
    turn_desk desk;
    std::size_t most_held = 0;
};

}  // namespace

TEST_CASE("the lab's relay answers an Allocate in its own dialect") {
    const auto id = net::stun::random_id();
    for (const auto of : {dialect::standard, dialect::microsoft}) {
        relay one;
        const auto answer = one.take(net::stun::allocate_request(of, id));
        REQUIRE(answer);
        const auto read = net::stun::parse(answer->datagram, of, id);
        REQUIRE(read);
        CHECK(read->error_code == 401);
        CHECK(read->realm == "av.example");
        CHECK(read->has_nonce);
        const auto strange = relay({.how = relay_udp::strange}).take(net::stun::allocate_request(of, id));
        REQUIRE(strange);
        CHECK_FALSE(net::stun::parse(strange->datagram, of, id));
        CHECK_FALSE(relay({.how = relay_udp::silent}).take(net::stun::allocate_request(of, id)));
    }
    CHECK_FALSE(relay({.how = relay_udp::microsoft}).take(net::stun::allocate_request(dialect::standard, id)));
    CHECK_FALSE(relay().take({}));
    auto cut = net::stun::allocate_request(dialect::microsoft, id);
    cut.pop_back();
    CHECK_FALSE(relay().take(cut));
}

TEST_CASE("whoever has the pool's credentials gets an allocation, and gives it back") {
    for (const auto of : {dialect::standard, dialect::microsoft}) {
        relay one;
        const auto told = one.serve(of);
        CHECK(told.allocation == state::granted);
        CHECK(told.released);
        CHECK(one.most_held == 1);
        CHECK(one.desk.allocations() == 0);
    }
}

TEST_CASE("other credentials get none: another password, a name that the pool never wrote, one whose time is over") {
    for (const auto of : {dialect::standard, dialect::microsoft}) {
        relay one;
        auto wrong = one.credentials();
        wrong.password = auth::secret("b3RoZXI=");
        CHECK(one.serve(of, wrong).allocation == state::refused);
        auto unknown = one.credentials();
        unknown.user = auth::secret("dXNlcg==");
        CHECK(one.serve(of, unknown).allocation == state::refused);
        CHECK(one.serve(of, one.credentials(-1)).allocation == state::refused);
        CHECK(one.serve(of, one.credentials(1)).allocation == state::granted);
        CHECK(one.most_held == 1);
    }
}

TEST_CASE("credentials that a scenario names are given out, and taken") {
    relay one({.user = "dXNlcg==", .password = "d29yZA=="});
    CHECK(one.credentials().user.reveal() == "dXNlcg==");
    CHECK(one.serve(dialect::standard).allocation == state::granted);
    CHECK(relay({.user = "dXNlcg==", .password = "d29yZA=="}).serve(dialect::microsoft).released);
}

TEST_CASE("what a relay is told to make of credentials") {
    const auto after = [](relay_allocate what, dialect of) { return relay({.allocate = what}).serve(of); };
    for (const auto of : {dialect::standard, dialect::microsoft}) {
        CHECK(after(relay_allocate::other_keys, of).allocation == state::refused);
        CHECK(after(relay_allocate::quota, of).code == 486);
        CHECK(after(relay_allocate::mismatch, of).allocation == state::mismatch);
        CHECK(after(relay_allocate::silent, of).allocation == state::asked);
        const auto stale = after(relay_allocate::stale, of);
        CHECK(stale.allocation == state::granted);
        CHECK(stale.stale_once);
        CHECK(stale.released);
        CHECK(after(relay_allocate::always_stale, of).code == 438);
        CHECK(after(relay_allocate::forged, of).allocation == state::unproven);
        const auto open = after(relay_allocate::open, of);
        CHECK(open.allocation == state::open);
        CHECK(open.released);
    }
}

TEST_CASE("an Allocate that comes twice is one, another from the same address is a mismatch") {
    relay one;
    auth::turn_allocation asked(one.credentials());
    asked.take(one.take(asked.request().at(0))->datagram);
    const auto request = asked.request().at(0);
    const auto first = one.take(request), again = one.take(request);
    REQUIRE(first);
    REQUIRE(again);
    CHECK(first->datagram == again->datagram);
    CHECK(first->words == "Allocate with credentials: granted");
    CHECK(one.serve(dialect::standard).allocation == state::mismatch);
    CHECK(one.desk.allocations() == 1);
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
    CHECK(read(R"("pool": {"mras": {"username": "dXNlcg==", "password": "d29yZA=="}})")->pool.mras_user == "dXNlcg==");
    CHECK(read(R"("pool": {"relays": [{"allocate": "quota"}]})")->pool.relays[0].allocate == relay_allocate::quota);
}

TEST_CASE("what a relay of a scenario must not say") {
    CHECK(is_refused(R"("pool": {"relays": [{"port": 1}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"udp": "lossy"}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"udp_port": 443}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"tcp_port": 0}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"host": "a b"}]})"));
    CHECK(is_refused(R"("pool": {"relays": [{"allocate": "maybe"}]})"));
    CHECK(is_refused(R"("pool": {"mras": {"status": 504}})"));
    CHECK(is_refused(R"("pool": {"mras": {"username": "dXNlcg=="}})"));
}
