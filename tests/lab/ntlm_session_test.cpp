#include <catch2/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <ctime>

#include "auth/sip_gss.hpp"
#include "lab/ntlm_acceptor.hpp"
#include "sip/encoding.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace std::chrono_literals;

namespace {

using token = std::expected<std::string, auth::gss_failure>;

token step(auth::sip_authenticator& client, std::string from_server) {
    net::asio::io_context io;
    std::optional<token> out;
    net::asio::co_spawn(
        io, client.step(std::move(from_server), net::clock::now() + 10s), [&](std::exception_ptr bug, token got) {
            if (bug) std::rethrow_exception(bug);
            out = std::move(got);
        });
    io.run();
    return std::move(*out);
}

std::optional<std::string> alices(const std::string&, const std::string& user) {
    return user == "alice" || user == "alice@contoso.example" ? std::optional<std::string>("Pa$$word1") : std::nullopt;
}

struct exchange {
    std::shared_ptr<auth::sip_authenticator> client;
    std::optional<ntlm_session> session;
};

// An empty token, the challenge, the log-in: as SIP carries it.
exchange log_in(const std::string& name, const std::string& password, bool spoilt = false) {
    ntlm_acceptor server("contoso.example", "fe01.contoso.example");
    exchange out{
        auth::make_ntlm_authenticator("fe01.contoso.example", auth::login{name, auth::secret(password)}), std::nullopt};
    const auto first = step(*out.client, {});
    REQUIRE(first);
    CHECK(first->empty());
    auto login = step(*out.client, server.datagram_challenge(std::time(nullptr)));
    REQUIRE(login);
    if (spoilt) login->back() = static_cast<char>(login->back() ^ 1);
    out.session = server.accept(*login, alices);
    return out;
}

}  // namespace

// Vector (a) of protocol section 5.5: a published conversation.
TEST_CASE("an NTLM session in datagram mode signs as published") {
    const ntlm_session session({"COSMO", "User"}, auth::secret(*sip::from_hex("6742fbe37bb1946b49d86a525bd29a9b")));
    CHECK(
        sip::hex(
            session.client_signature("<NTLM><13317733><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local>"
                                     "<4037df9284354df39065195bd57a4b14><3><REGISTER><sip:user@cosmo.local><3e49177a52>"
                                     "<sip:user@cosmo.local><><><><>")) == "0100000029618e9651b65a7764000000");
    CHECK(
        sip::hex(
            session.server_signature("<NTLM><9616454F><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local>"
                                     "<4037df9284354df39065195bd57a4b14><3><REGISTER><sip:user@cosmo.local><3e49177a52>"
                                     "<sip:user@cosmo.local><5E61CCD925D17E043D9A74835A88F664><><><7200><200>")) ==
        "01000000e615438a917661be64000000");
}

TEST_CASE("client and pool come to the same keys, for every message anew") {
    for (const std::string name : {"CONTOSO\\alice", "alice@contoso.example"}) {
        CAPTURE(name);
        auto done = log_in(name, "Pa$$word1");
        REQUIRE(done.session);
        for (int i = 0; i < 3; ++i) {
            const std::string text = "<NTLM><" + std::to_string(i) + ">";
            CHECK(done.client->mic(text).value() == done.session->client_signature(text));
            CHECK(done.client->verify(text, done.session->server_signature(text)));
            CHECK_FALSE(done.client->verify(text + "x", done.session->server_signature(text)));
            CHECK_FALSE(done.client->verify(text, done.session->client_signature(text)));
        }
    }
}

TEST_CASE("a wrong password and an unknown user open no session, and a log-in changed on its way none that is of use") {
    CHECK_FALSE(log_in("CONTOSO\\alice", "wrong").session);
    CHECK_FALSE(log_in("CONTOSO\\mallory", "Pa$$word1").session);
    const auto changed = log_in("CONTOSO\\alice", "Pa$$word1", true);
    CHECK((!changed.session || changed.client->mic("text").value() != changed.session->client_signature("text")));
}

TEST_CASE("a Kerberos exchange without a ticket says so") {
    setenv("KRB5CCNAME", "FILE:/nonexistent/ccache", 1);
    const auto client = auth::make_kerberos_authenticator("fe01.contoso.example", "", std::nullopt);
    const auto first = step(*client, {});
    REQUIRE_FALSE(first);
    CHECK(auth::word_of(first.error().what).word() == "no_ticket");
}
