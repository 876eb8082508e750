#include "auth/tls_dsk.hpp"

#include <catch2/catch.hpp>

#include "auth/dsk_records.hpp"
#include "test_ca.hpp"

using namespace ucsignin;
using testing::issue;
using testing::key;

namespace {

const testing::issued& authority() {
    static const auto one = issue("Communications Server", nullptr, key(0));
    return one;
}

auth::dsk_server_options options(bool old_pool) {
    static const auto registrar = issue("FE01.contoso.example", nullptr, key(1));
    return {
        testing::pem_of(registrar.certificate.get()), testing::pem_of(registrar.key.get()),
        testing::pem_of(authority().certificate.get()), old_pool};
}

auth::user_certificate alice(long from = -60, long to = 86400) {
    return testing::credential(issue("alice@contoso.example", &authority(), key(2), from, to));
}

// Type and size of each record.
std::vector<std::pair<int, std::size_t>> records(const std::string& flight) {
    std::vector<std::pair<int, std::size_t>> out;
    for (std::size_t at = 0; at + 5 <= flight.size();) {
        const auto size = static_cast<unsigned char>(flight[at + 3]) * 256U +
                          static_cast<unsigned char>(flight[at + 4]);
        out.emplace_back(flight[at], size);
        at += 5 + size;
    }
    return out;
}

struct handshake {
    auth::dsk_client client;
    auth::dsk_server server;
    std::string client_1, server_1, client_2, server_2;

    handshake(const auth::user_certificate& with, const auth::dsk_server_options& pool) : client(with), server(pool) {}
    void run() {
        const auto hello = client.step("");
        REQUIRE(hello);
        client_1 = hello->token;
        const auto flight = server.step(client_1);
        REQUIRE(flight);
        server_1 = flight->token;
        const auto answer = client.step(server_1);
        REQUIRE(answer);
        CHECK_FALSE(answer->complete);
        client_2 = answer->token;
        const auto finish = server.step(client_2);
        REQUIRE(finish);
        CHECK(finish->complete);
        server_2 = finish->token;
        const auto end = client.step(server_2);
        REQUIRE(end);
        CHECK(end->complete);
        CHECK(end->token.empty());
    }
};

}  // namespace

TEST_CASE("client and server finish a handshake of TLS 1.2 in four tokens and hold the same keys") {
    handshake both(alice(), options(false));
    both.run();
    const auto client = both.client.keys(), server = both.server.keys();
    REQUIRE(client);
    REQUIRE(server);
    CHECK(client->client == server->client);
    CHECK(client->server == server->server);
    CHECK_FALSE(client->client == client->server);
    CHECK(client->client.reveal().size() == 32);
    CHECK(client->server.reveal().size() == 32);
    CHECK(client->tls_version == "TLSv1.2");
    CHECK(client->cipher == "ECDHE-RSA-AES256-GCM-SHA384");
    CHECK(client->hash == auth::hash::sha384);
    CHECK(server->hash == auth::hash::sha384);
}

TEST_CASE("client and server finish a handshake with an old pool in TLS 1.0 and sign with SHA-1") {
    handshake both(alice(), options(true));
    both.run();
    const auto client = both.client.keys(), server = both.server.keys();
    REQUIRE(client);
    REQUIRE(server);
    CHECK(client->client == server->client);
    CHECK(client->server == server->server);
    CHECK(client->tls_version == "TLSv1");
    CHECK(client->cipher == "AES256-SHA");
    CHECK(client->hash == auth::hash::sha1);
    CHECK(both.server_1.substr(0, 3) == std::string("\x16\x03\x01", 3));
}

TEST_CASE("the server's first flight is one handshake record") {
    for (const bool old_pool : {false, true}) {
        handshake both(alice(), options(old_pool));
        both.run();
        const auto first = records(both.server_1);
        REQUIRE(first.size() == 1);
        CHECK(first[0].first == 22);
        CHECK(first[0].second + 5 == both.server_1.size());
        CHECK(records(both.server_2).front().first == 20);  // ChangeCipherSpec
    }
}

TEST_CASE("the client tells the server's chain and the server the client's certificate") {
    handshake both(alice(), options(false));
    both.run();
    const auto chain = both.client.server_chain();
    REQUIRE(chain.size() == 1);
    CHECK(chain[0].common_name == "FE01.contoso.example");
    const auto user = both.server.client_certificate();
    REQUIRE(user);
    CHECK(user->common_name == "alice@contoso.example");
}

TEST_CASE("a user certificate of another issuer is refused with an alert") {
    const auto stranger = issue("Somebody Else", nullptr, key(1));
    handshake both(testing::credential(issue("alice@contoso.example", &stranger, key(2))), options(false));
    const auto flight = both.server.step(both.client.step("")->token);
    const auto refused = both.server.step(both.client.step(flight->token)->token);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().local);
    CHECK(records(refused.error().token).back().first == 21);
    CHECK_FALSE(both.server.keys());
    CHECK_FALSE(both.server.client_certificate());
    const auto told = both.client.step(refused.error().token);
    REQUIRE_FALSE(told);
    CHECK(told.error().alert == 48);  // unknown_ca
    CHECK_FALSE(told.error().local);
}

TEST_CASE("an expired user certificate is refused with its own alert") {
    handshake both(alice(-7200, -3600), options(false));
    const auto flight = both.server.step(both.client.step("")->token);
    const auto refused = both.server.step(both.client.step(flight->token)->token);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().what == "certificate verify failed");
    CHECK(both.client.step(refused.error().token).error().alert == 45);  // certificate_expired
}

TEST_CASE("the server judges validity by the clock it was given") {
    auto with = options(false);
    with.now = std::time(nullptr) + 10 * 86400;
    handshake both(alice(), with);
    const auto flight = both.server.step(both.client.step("")->token);
    CHECK_FALSE(both.server.step(both.client.step(flight->token)->token));
}

TEST_CASE("tokens that are cut, empty, or no TLS at all end the handshake") {
    auth::dsk_client client(alice());
    const auto hello = client.step("")->token;
    for (const auto& token :
         {std::string(), std::string("\x16\x03\x03", 3), hello.substr(0, hello.size() - 1),
          std::string("GET / HTTP/1.1\r\n\r\n"), std::string(6000, '\xff')}) {
        auth::dsk_server server(options(false));
        const auto refused = server.step(token);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().local);
        CHECK_FALSE(refused.error().what.empty());
    }
    const auto refused = client.step("nonsense");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().local);
    CHECK_FALSE(client.keys());
}

TEST_CASE("every cut of the server's flight is a failure of the client and never keys") {
    handshake model(alice(), options(false));
    const auto hello = model.client.step("");
    const auto flight = model.server.step(hello->token)->token;
    for (std::size_t size = 0; size < flight.size(); size += 37) {
        auth::dsk_client client(alice());
        REQUIRE(client.step(""));
        CHECK_FALSE(client.step(flight.substr(0, size)));
        CHECK_FALSE(client.keys());
    }
}

TEST_CASE("a token after the end is a failure") {
    handshake both(alice(), options(false));
    both.run();
    CHECK_FALSE(both.client.step(both.server_2));
    CHECK_FALSE(both.server.step("x"));
}

TEST_CASE("a server of TLS 1.2 refuses a client that speaks only TLS 1.0 with protocol_version") {
    // The ClientHello of an old client: TLS 1.0, AES128-SHA, no extensions.
    std::string hello("\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x01", 11);
    hello += std::string(32, '\x42') + std::string("\x00\x00\x02\x00\x2f\x01\x00", 7);
    auth::dsk_server modern(options(false)), old(options(true));
    const auto refused = modern.step(hello);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().token.substr(0, 1) == "\x15");
    CHECK(refused.error().token.back() == 70);  // protocol_version
    const auto taken = old.step(hello);
    REQUIRE(taken);
    CHECK(records(taken->token).size() == 1);
}

TEST_CASE("handshake records are merged, others kept, and what is no record comes back unchanged") {
    const std::string a("\x16\x03\x01\x00\x02xx", 7), b("\x16\x03\x01\x00\x01y", 6), c("\x14\x03\x01\x00\x01\x01", 6);
    CHECK(auth::merge_handshake_records(a + b) == std::string("\x16\x03\x01\x00\x03xxy", 8));
    CHECK(auth::merge_handshake_records(a + c + b) == a + c + b);
    CHECK(auth::merge_handshake_records("") == "");
    CHECK(auth::merge_handshake_records("hello") == "hello");
    CHECK(auth::merge_handshake_records(a.substr(0, 6)) == a.substr(0, 6));
    const std::string big = std::string("\x16\x03\x01\x30\x00", 5) + std::string(0x3000, 'z');
    CHECK(auth::merge_handshake_records(big + big) == big + big);
}

TEST_CASE("a registrar without a readable certificate, key or issuer cannot be made") {
    for (const int broken : {0, 1, 2}) {
        auto with = options(false);
        (broken == 0 ? with.certificate_pem : broken == 1 ? with.key_pem : with.client_ca_pem) = "nothing";
        CHECK_THROWS_AS(auth::dsk_server(with), std::invalid_argument);
    }
}
