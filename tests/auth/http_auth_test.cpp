#include "auth/http_auth.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "auth/http_acceptor.hpp"
#include "sip/encoding.hpp"

using namespace ucsignin;
using namespace std::chrono_literals;

namespace {

const std::map<std::string, auth::secret> users = {
    {"alice", auth::secret("Pa$$word1")}, {"bob@contoso.example", auth::secret("hunter2")}};

// One step of the client, run to its end.
net::result<auth::secret> step(auth::http_authenticator& client, const std::string& challenge) {
    net::asio::io_context context;
    std::optional<net::result<auth::secret>> out;
    net::asio::co_spawn(
        context, client.step(challenge, net::clock::now() + 10s),
        [&](std::exception_ptr bug, net::result<auth::secret> got) {
            if (bug) std::rethrow_exception(bug);
            out = std::move(got);
        });
    context.run();
    return std::move(*out);
}

// The whole exchange, the way HTTP carries it. The user as the server sees it, or the refusal.
net::result<std::string> sign_in(const std::string& scheme, const std::string& name, const std::string& password) {
    auto server = auth::http_acceptor::make(users, "CONTOSO", "web.contoso.example");
    REQUIRE(server);
    auth::login who{name, auth::secret(password)};
    const auto client = auth::make_http_authenticator(scheme, "web.contoso.example", who);
    std::string challenge;
    for (int leg = 0; leg < 4; ++leg) {
        const auto token = step(*client, challenge);
        if (!token) return std::unexpected(token.error());
        const auto verdict = (*server)->step(token->reveal());
        if (!verdict) return std::unexpected(verdict.error());
        if (verdict->complete) return verdict->user;
        challenge = verdict->token;
    }
    return std::unexpected(net::error{net::fault::other, "too many legs", 0});
}

std::size_t user_files() {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path()))
        count += entry.path().filename().string().starts_with("ucsignin-users-") ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("a user with the right password signs in by NTLM under DOMAIN and name") {
    const auto user = sign_in("NTLM", "CONTOSO\\alice", "Pa$$word1");
    if (!user) FAIL(user.error().detail);
    REQUIRE(user);
    CHECK(*user == "alice");
}

TEST_CASE("a user principal name is sent whole and signs in by NTLM") {
    const auto user = sign_in("NTLM", "bob@contoso.example", "hunter2");
    if (!user) FAIL(user.error().detail);
    CHECK(*user == "bob@contoso.example");
}

TEST_CASE("Negotiate carries NTLM in SPNEGO where there is no Kerberos ticket") {
    const auto user = sign_in("Negotiate", "CONTOSO\\alice", "Pa$$word1");
    if (!user) FAIL(user.error().detail);
    CHECK(*user == "alice");
    CHECK_FALSE(sign_in("Negotiate", "CONTOSO\\alice", "wrong"));
}

TEST_CASE("a wrong password, an unknown user and another domain are refused") {
    CHECK_FALSE(sign_in("NTLM", "CONTOSO\\alice", "wrong"));
    CHECK_FALSE(sign_in("NTLM", "CONTOSO\\mallory", "Pa$$word1"));
    CHECK_FALSE(sign_in("NTLM", "FABRIKAM\\alice", "Pa$$word1"));
}

TEST_CASE("a login without a password is refused before anything is sent") {
    const auto client = auth::make_http_authenticator("NTLM", "web.contoso.example", {"CONTOSO\\alice", {}});
    const auto token = step(*client, "");
    REQUIRE_FALSE(token);
    CHECK(token.error().detail == "neither a password nor a Kerberos ticket");
    CHECK_FALSE(step(*client, ""));
}

TEST_CASE("the first NTLM token is a NEGOTIATE message without SPNEGO around it") {
    const auto client = auth::make_http_authenticator(
        "NTLM", "web.contoso.example", {"CONTOSO\\alice", auth::secret("x")});
    const auto token = step(*client, "");
    REQUIRE(token);
    const auto bytes = sip::from_base64(token->reveal());
    CHECK(bytes->substr(0, 12) == std::string("NTLMSSP\0\1\0\0\0", 12));
}

TEST_CASE("the first Negotiate token is SPNEGO that offers NTLM") {
    const auto client = auth::make_http_authenticator(
        "Negotiate", "web.contoso.example", {"CONTOSO\\alice", auth::secret("x")});
    const auto token = step(*client, "");
    if (!token) FAIL(token.error().detail);
    const auto bytes = sip::from_base64(token->reveal());
    CHECK(bytes->front() == '\x60');
    CHECK(bytes->find("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a") != std::string::npos);
}

TEST_CASE("a challenge that is not Base64, or not NTLM, ends the exchange") {
    const auto client = auth::make_http_authenticator(
        "NTLM", "web.contoso.example", {"CONTOSO\\alice", auth::secret("x")});
    REQUIRE(step(*client, ""));
    const auto garbled = step(*client, "***");
    REQUIRE_FALSE(garbled);
    CHECK(garbled.error().what == net::fault::protocol);
    CHECK_FALSE(step(*client, sip::base64("not an NTLM message")));
    CHECK_FALSE(step(*client, ""));
}

TEST_CASE("a step that finds its deadline gone is not waited for") {
    const auto client = auth::make_http_authenticator(
        "NTLM", "web.contoso.example", {"CONTOSO\\alice", auth::secret("x")});
    net::asio::io_context context;
    std::optional<net::result<auth::secret>> out;
    net::asio::co_spawn(
        context, client->step("", net::clock::now() - 1s),
        [&](std::exception_ptr, net::result<auth::secret> got) { out = std::move(got); });
    context.run();
    REQUIRE_FALSE(*out);
    CHECK(out->error().what == net::fault::timed_out);
}

TEST_CASE("the acceptor leaves no password file behind") {
    const auto before = user_files();
    { REQUIRE(auth::http_acceptor::make(users, "CONTOSO", "web.contoso.example")); }
    CHECK(user_files() == before);
}

TEST_CASE("the acceptor refuses tokens that are no NTLM messages") {
    auto server = auth::http_acceptor::make(users, "CONTOSO", "web.contoso.example");
    REQUIRE(server);
    CHECK_FALSE((*server)->step("%%%"));
    CHECK_FALSE((*server)->step(sip::base64("GET / HTTP/1.1")));
}

TEST_CASE("a password with a colon cannot be verified, and is refused at once") {
    CHECK_FALSE(auth::http_acceptor::make({{"alice", auth::secret("a:b")}}, "CONTOSO", "web.contoso.example"));
    CHECK_FALSE(auth::http_acceptor::make({{"alice", auth::secret("a\nX:y:z")}}, "CONTOSO", "web.contoso.example"));
}
