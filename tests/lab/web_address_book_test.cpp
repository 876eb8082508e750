// The lab's address book, and its group expansion (protocol 02, section 8.7).

#include <catch2/catch.hpp>

#include "auth/web_ticket.hpp"
#include "lab/web_services.hpp"
#include "sip_test_pool.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace ucsignin::lab::test;

namespace {

net::http::response ask_web(test_pool& pool, const net::http::request& request) {
    web_session session;
    return answer_web(*pool.pool, session, request, "webext.contoso.example", true);
}

net::http::response get(test_pool& pool, std::string target, net::http::fields headers) {
    return ask_web(pool, {"GET", std::move(target), std::move(headers), {}});
}

net::http::response post(test_pool& pool, std::string target, const auth::secret& body) {
    return ask_web(pool, {"POST", std::move(target), {}, body.reveal()});
}

auth::web_ticket fetch_ticket(
    test_pool& pool, std::string applies_to = "https://webext.contoso.example/CertProv/CertProvisioningService.svc") {
    const auth::secret entropy(std::string(32, 'e'));
    const auth::ticket_request wanted{std::move(applies_to), "sip:alice@contoso.example",  "context", entropy,
                                      "CONTOSO\\alice",      auth::secret("correct horse")};
    const auto answer = post(pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(wanted));
    REQUIRE(answer.status == 200);
    auto parsed = auth::parse_ticket_response(answer.body, entropy);
    REQUIRE(parsed);
    return *parsed;
}

}  // namespace

TEST_CASE("the address book takes a ticket for any address of its server, and no other") {
    test_pool pool;
    const auto ask = [&](const auth::web_ticket& by, const std::string& path = "/abs/handler") {
        return get(pool, path, {{"X-MS-WebTicket", std::string(by.header_value().reveal())}});
    };
    const auto none = get(pool, "/abs/handler", {});
    CHECK(none.status == 401);
    CHECK(none.header("X-MS-WebTicketURL") == "https://webext.contoso.example/WebTicket/WebTicketService.svc");
    CHECK(none.header("WWW-Authenticate").empty());
    CHECK(none.header("X-MS-diagnostics").empty());
    const auto ticket = fetch_ticket(pool);
    CHECK(ask(ticket).status == 200);
    CHECK(ask(ticket, "/abs/handler/F-1e3a.lsabs").status == 404);
    auto spoilt_ticket = ticket;
    auto text = std::string(ticket.assertion.reveal());
    spoilt_ticket.assertion = auth::secret(text.replace(text.find("alice@"), 6, "cindy@"));
    const auto spoilt = ask(spoilt_ticket);
    CHECK(spoilt.status == 401);
    CHECK(spoilt.header("X-MS-diagnostics").starts_with("28032;"));
    const auto strange = ask(fetch_ticket(pool, "https://webint.contoso.example/CertProv/x"));
    CHECK(strange.status == 401);
    CHECK(strange.header("X-MS-diagnostics").starts_with("28077;"));
}

TEST_CASE("group expansion describes itself, and looks at the ticket of a search") {
    test_pool pool;
    const auto described = get(pool, "/groupexpansion/service.svc/mex", {});
    CHECK(described.status == 200);
    const auto read = auth::parse_metadata(described.body);
    REQUIRE(read);
    REQUIRE(read->find("AddressBookWebTicketBearer"));
    CHECK(read->find("AddressBookWebTicketBearer")->wants == auth::service_port::ticket::bearer);
    const auto search = [&](const std::string& assertion) {
        return post(
            pool, "/groupexpansion/service.svc/WebTicket_Bearer",
            auth::secret(
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header><Security>" + assertion +
                "</Security></s:Header><s:Body/></s:Envelope>"));
    };
    CHECK(search(std::string(fetch_ticket(pool).assertion.reveal())).status == 200);
    const auto none = auth::parse_fault(search("").body);
    REQUIRE(none);
    CHECK(none->error_id == 28032);
}
