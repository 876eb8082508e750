// The client's NTLM (gss-ntlmssp by way of GSSAPI) against the lab's own acceptor.

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "auth/http_auth.hpp"
#include "auth/web_ticket.hpp"
#include "lab/web_services.hpp"
#include "sip_test_pool.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace ucsignin::lab::test;

namespace {

auth::secret request_body() {
    return auth::ticket_request_xml(
        {"https://webext.contoso.example/CertProv/x",
         "sip:alice@contoso.example",
         "c",
         auth::secret(std::string(32, 'e')),
         "",
         {}});
}

// The whole exchange as an HTTP client does it; the last answer, or one of status 0 when the client could not go on.
net::http::response log_in(test_pool& pool, std::string scheme, std::string name, std::string password) {
    const auto client = auth::make_http_authenticator(
        scheme, "webext.contoso.example", {std::move(name), auth::secret(std::move(password))});
    net::http::response answer;
    bool done = false;
    const auto work = [&]() -> net::awaitable<void> {
        web_session session;
        std::string challenge;
        for (int leg = 0; leg < 3; ++leg) {
            const auto token = co_await client->step(challenge, net::clock::now() + std::chrono::seconds(10));
            answer = {};
            if (!token) FAIL_CHECK("leg " << leg << ": " << token.error().detail);
            if (!token) break;
            const net::http::request request{
                "POST",
                "/WebTicket/WebTicketService.svc/NegotiateAuth",
                {{"Authorization", scheme + " " + token->reveal()}},
                request_body().reveal()};
            answer = answer_web(*pool.pool, session, request, "webext.contoso.example", true);
            const std::string asked = answer.header("WWW-Authenticate");
            if (answer.status != 401 || !asked.starts_with(scheme + " ")) break;
            challenge = asked.substr(scheme.size() + 1);
        }
        done = true;
    };
    boost::asio::co_spawn(pool.io, work(), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
    while (!done) REQUIRE(pool.io.run_one() > 0);
    return answer;
}

}  // namespace

TEST_CASE("a real NTLM client with the right password gets a ticket, by either form of its name") {
    for (const char* name : {"CONTOSO\\alice", "alice@contoso.example"}) {
        test_pool pool;
        const auto answer = log_in(pool, "NTLM", name, "correct horse");
        CHECK(answer.status == 200);
        CHECK(auth::parse_ticket_response(answer.body, auth::secret(std::string(32, 'e'))));
    }
}

TEST_CASE("Negotiate works like NTLM") {
    test_pool pool;
    CHECK(log_in(pool, "Negotiate", "CONTOSO\\alice", "correct horse").status == 200);
}

TEST_CASE("a real NTLM client with a wrong password is asked again") {
    test_pool pool;
    const auto answer = log_in(pool, "NTLM", "CONTOSO\\alice", "wrong");
    CHECK(answer.status == 401);
    CHECK(answer.all("WWW-Authenticate") == std::vector<std::string>{"Negotiate", "NTLM"});
}

TEST_CASE("whoever proves to be another user gets no ticket for this one") {
    test_pool pool;
    CHECK(log_in(pool, "NTLM", "bob@contoso.example", "battery staple").status == 500);
}
