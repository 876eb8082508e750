// The Windows log-in at the web ticket service over scripted connections: its legs are kept together, each operation
// is cut, and it is cancelled at each.

#include <algorithm>
#include <catch2/catch.hpp>

#include "scripted_ntlm.hpp"
#include "signin/base/obtain_ticket.hpp"
#include "signin/base/ticket_login.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using auth::use_end;
using net::test::harm_kind;
using net::test::in_ms;

namespace {

const auto service = net::http::parse_url("https://web.contoso.example/WebTicket/WebTicketService.svc").value();

struct ticket_service : scripted_http {
    ticket_service() {
        names->addresses = {{"web.contoso.example", "192.0.2.1"}};
        wanted.password = auth::secret("Pa$$word1");
        answer = [this](const std::string& head, int connection) { return ntlm.answer(head, connection); };
    }
    [[nodiscard]] credential_target target() const {
        return trusted_names.covers("web.contoso.example", naming::by_user()).value();
    }
    static auth::ticket_request request() {
        auth::ticket_request r;
        r.applies_to = "https://web.contoso.example/CertProv/CertProvisioningService.svc";
        r.sip_uri = "sip:alice@contoso.example";
        r.context = "test";
        r.entropy = auth::secret(std::string(32, 'e'));
        return r;
    }
    login_outcome log_in() { return net::test::run(io, log_in_by_windows(c, target(), service, request())); }
    login_outcome say(token_form form) {
        return net::test::run(io, log_in_by_token(c, target(), service, request(), form));
    }

    scripted_ntlm ntlm{"web.contoso.example", 401};
};

net::awaitable<void> log_in_once(ticket_service& f) {
    auto to = f.target();
    auto request = ticket_service::request();
    const auto done = co_await log_in_by_windows(f.c, std::move(to), service, std::move(request));
    (void)done;
}

}  // namespace

TEST_CASE("the legs of NTLM go over one connection", "[signin][sequence][login]") {
    ticket_service f;
    const auto done = f.log_in();
    REQUIRE(done.answer.response);
    CHECK(done.answer.response->status == 200);
    CHECK(done.end == use_end::accepted);
    CHECK(done.password_used);
    CHECK(f.connections == 1);
    CHECK(f.with_header("Authorization") == 2);
    CHECK(f.passwords.uses() == 1);
    CHECK(f.passwords.accepted(auth::password_way::web_ntlm));
}

TEST_CASE("401 to the password refuses it, once and for all", "[signin][sequence][login]") {
    ticket_service f;
    f.ntlm.takes_it = false;
    const auto done = f.log_in();
    CHECK(done.end == use_end::refused);
    CHECK(f.passwords.refused() == 1);
    const auto asked = f.heads.size();
    const auto again = f.log_in();
    CHECK(again.not_sent != "");
    CHECK(f.heads.size() == asked);
    CHECK(f.passwords.uses() == 1);
}

TEST_CASE("a challenge that follows the password is not answered", "[signin][sequence][login]") {
    ticket_service f;
    std::string challenge;
    f.answer = [&](const std::string& head, int connection) {
        if (f.with_header("Authorization") == 1) challenge = f.ntlm.answer(head, connection).bytes;
        return http_reply{challenge, false};
    };
    CHECK(f.log_in().end == use_end::refused);
    CHECK(f.with_header("Authorization") == 2);
}

TEST_CASE("credentials for one server that are on their way to another are a bug", "[signin][sequence][login]") {
    ticket_service f;
    f.answer = [](const std::string&, int) { return reply_with(200); };
    for (const auto* elsewhere : {"https://other.contoso.example/", "http://web.contoso.example/"}) {
        INFO(elsewhere);
        const auto url = net::http::parse_url(elsewhere).value();
        const auto target = f.target();
        auto send = [&] { return f.c.web.send(f.c, target, url, net::http::request{}, credentials{}, in_ms(100)); };
        CHECK_THROWS_AS(net::test::run(f.io, send()), std::logic_error);
    }
    CHECK(f.heads.empty());
}

TEST_CASE("a connection that is closed between the legs takes no password with it", "[signin][sequence][login]") {
    ticket_service f;
    f.ntlm.closes_between_legs = true;
    const auto done = f.log_in();
    REQUIRE_FALSE(done.answer.response);
    CHECK(done.answer.response.error().kind.word() == "closed");
    CHECK_FALSE(done.password_used);
    CHECK(done.end == use_end::unjudged);
    CHECK(f.passwords.uses() == 0);
    CHECK(f.connections == 1);
}

TEST_CASE("a service that wants Negotiate alone gets it, also when it hangs up first", "[signin][sequence][login]") {
    ticket_service f;
    const bool hangs_up = GENERATE(false, true);
    f.answer = [&f, hangs_up](const std::string& head, int connection) {
        if (!header_in(head, "Authorization").starts_with("Negotiate "))
            return reply_with(401, "WWW-Authenticate: Negotiate", hangs_up);
        return f.ntlm.answer(head, connection);
    };
    const auto done = f.log_in();
    REQUIRE(done.answer.response);
    CHECK(done.answer.response->status == 200);
    CHECK(done.end == use_end::accepted);
    CHECK(f.passwords.uses() == 1);
    CHECK(f.connections == (hangs_up ? 2 : 1));
}

TEST_CASE("an answer that asks for no log-in is no word on the password", "[signin][sequence][login]") {
    ticket_service f;
    f.answer = [](const std::string&, int) { return reply_with(503); };
    const auto done = f.log_in();
    REQUIRE(done.answer.response);
    CHECK(done.answer.response->status == 503);
    CHECK_FALSE(done.password_used);
    CHECK(f.passwords.uses() == 0);
}

TEST_CASE("the password itself goes in the form that was asked for, and is judged", "[signin][sequence][login]") {
    const auto form = GENERATE(token_form::base64, token_form::clear);
    ticket_service f;
    f.answer = [](const std::string&, int) { return reply_with(200); };
    CHECK(f.say(form).end == use_end::accepted);
    f.answer = [](const std::string&, int) { return reply_with(502); };
    CHECK(f.say(form).end == use_end::unjudged);
    CHECK(f.passwords.uses() == 2);
    CHECK(f.passwords.unjudged() == 1);
}

TEST_CASE("a ticket is asked for once, as long as it is good", "[signin][sequence][login]") {
    ticket_service f;
    f.answer = [](const std::string& head, int) {
        const std::string metadata =
            R"(<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="s"><d:service name="W">)"
            R"(<d:port name="WebTicketServiceAuth"><soap:address location="https://web.contoso.example/Auth"/>)"
            R"(</d:port>)"
            R"(</d:service></d:definitions>)";
        const std::string ticket =
            R"(<t:RequestSecurityTokenResponse xmlns:t="urn:x"><t:Lifetime><t:Expires>2026-03-01T16:00:00Z</t:Expires>)"
            R"(</t:Lifetime><t:RequestedSecurityToken><s:Assertion xmlns:s="urn:y" ID="a"/></t:RequestedSecurityToken>)"
            R"(</t:RequestSecurityTokenResponse>)";
        const auto& body = head.starts_with("GET") ? metadata : ticket;
        return http_reply{
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body, false};
    };
    const ticket_wish wish{service.text(), naming::by_user(), "https://web.contoso.example/Certificates", {}, {}};
    CHECK(net::test::run(f.io, obtain_ticket(f.c, wish)).has_value());
    const auto asked = f.heads.size();
    CHECK(net::test::run(f.io, obtain_ticket(f.c, wish)).has_value());
    CHECK(f.heads.size() == asked);
    CHECK(f.passwords.uses() == 1);
}

TEST_CASE("a log-in that breaks anywhere uses the password once at most", "[signin][sequence][login]") {
    std::size_t operations = 0;
    {
        ticket_service f;
        CHECK(f.log_in().end == use_end::accepted);
        operations = f.harmed->seen;
    }
    REQUIRE(operations >= 4);
    for (std::size_t nth = 1; nth <= operations; ++nth) {
        INFO("at " << nth << " of " << operations);
        ticket_service cut;
        cut.harmed->kind = harm_kind::cut;
        cut.harmed->nth = nth;
        const auto done = cut.log_in();
        CHECK(done.end == use_end::unjudged);
        CHECK(cut.passwords.uses() == (done.password_used ? 1 : 0));
        CHECK(cut.passwords.refused() == 0);

        ticket_service stopped;
        CHECK(cancelled_at(stopped.io, stopped.harmed, nth, log_in_once(stopped)));
        CHECK(std::ranges::count(stopped.harmed->noted, "write web") == 0);
        CHECK(stopped.passwords.uses() <= 1);
    }
}
