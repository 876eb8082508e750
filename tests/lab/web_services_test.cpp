#include <catch2/catch.hpp>

#include <algorithm>

#include "auth/web_ticket.hpp"
#include "lab/web_services.hpp"
#include "lab/web_services_ticket.hpp"
#include "sip/encoding.hpp"
#include "sip_test_pool.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace ucsignin::lab::test;

namespace {

constexpr const char* web = "webext.contoso.example";
const std::string service = "https://webext.contoso.example/CertProv/CertProvisioningService.svc/WebTicket_Proof_SHA1";
const std::string user_document = "https://webext.contoso.example/Autodiscover/AutodiscoverService.svc/root/user";

net::http::response get(
    test_pool& pool, std::string target,
    net::http::fields headers = {{"Accept", "application/vnd.microsoft.rtc.autodiscover+xml;v=1"}},
    bool secure = true) {
    web_session session;
    const net::http::request request{"GET", std::move(target), std::move(headers), {}};
    return answer_web(*pool.pool, session, request, web, secure);
}

net::http::response post(test_pool& pool, std::string target, const auth::secret& body) {
    web_session session;
    const net::http::request request{"POST", std::move(target), {}, body.reveal()};
    return answer_web(*pool.pool, session, request, web, true);
}

auth::ticket_request ticket_request(std::string password = "correct horse", std::string applies_to = service) {
    return {std::move(applies_to), "sip:alice@contoso.example",      "context", auth::secret(std::string(32, 'e')),
            "CONTOSO\\alice",      auth::secret(std::move(password))};
}

auth::web_ticket fetch_ticket(test_pool& pool, std::string applies_to = service) {
    const auto answer = post(
        pool, "/WebTicket/WebTicketService.svc/Auth",
        auth::ticket_request_xml(ticket_request("correct horse", std::move(applies_to))));
    REQUIRE(answer.status == 200);
    auto parsed = auth::parse_ticket_response(answer.body, auth::secret(std::string(32, 'e')));
    REQUIRE(parsed);
    return *parsed;
}

auth::certificate_order order(std::string user = "alice@contoso.example") {
    return {service,     "34d859db-6585-5f91-a3b4-de853c15347d",
            user,        *auth::certificate_request(a_key(), user),
            "request-1", true};
}

net::http::response ask_certificate(test_pool& pool, const std::string& body) {
    return post(pool, "/CertProv/CertProvisioningService.svc/WebTicket_Proof_SHA1", auth::secret(body));
}

int fault_of(const net::http::response& answer) {
    const auto fault = auth::parse_fault(answer.body);
    return answer.status == 500 && fault ? fault->error_id : 0;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

// The same order with the ticket's own fields spoiled before it is written.
auth::web_ticket with_assertion(auth::web_ticket by, const std::string& what, const std::string& with) {
    by.assertion = auth::secret(replaced(by.assertion.reveal(), what, with));
    return by;
}

}  // namespace

TEST_CASE("port 80 shows the way to the secure site, which names User and Domain") {
    test_pool pool;
    const auto redirect = get(
        pool, "/?sipuri=alice@contoso.example", {{"Accept", "application/vnd.microsoft.rtc.autodiscover+xml;v=1"}},
        false);
    CHECK(redirect.status == 200);
    CHECK(redirect.header("Content-Type").starts_with("application/vnd.microsoft.rtc.autodiscover+xml"));
    CHECK(
        redirect.body.find(
            R"(<Link token="Redirect" href="https://webext.contoso.example/Autodiscover/AutodiscoverService.svc/root?sipuri=alice@contoso.example"/>)") !=
        std::string::npos);
    const auto root = get(pool, "/Autodiscover/AutodiscoverService.svc/root?sipuri=alice@contoso.example");
    CHECK(root.body.find(R"(AccessLocation="External")") != std::string::npos);
    CHECK(root.body.find("<Link token=\"User\" href=\"" + user_document + "\"/>") != std::string::npos);
    CHECK(root.header("Date").ends_with(" GMT"));
}

TEST_CASE("without the XML type the root is JSON") {
    test_pool pool;
    CHECK(get(pool, "/", {}).body.starts_with(R"({"_links":{)"));
    CHECK(get(pool, "/", {{"Accept", "application/vnd.microsoft.rtc.autodiscover+json;v=1"}})
              .body.starts_with(R"({"AccessLocation":"External","Root":{"Link":[)"));
}

TEST_CASE("the domain document needs no ticket, the user document does and says where to get it") {
    test_pool pool;
    CHECK(
        get(pool, "/Autodiscover/AutodiscoverService.svc/root/domain")
            .body.find(R"(<SipClientExternalAccess fqdn="sip.contoso.example" port="443"/>)") != std::string::npos);
    const auto refused = get(pool, "/Autodiscover/AutodiscoverService.svc/root/user");
    CHECK(refused.status == 401);
    CHECK(refused.header("X-MS-WebTicketURL") == "https://webext.contoso.example/WebTicket/WebTicketService.svc");
    CHECK(refused.header("WWW-Authenticate").empty());

    const auto by = fetch_ticket(pool, user_document);
    const auto given = get(
        pool, "/Autodiscover/AutodiscoverService.svc/root/user",
        {{"Accept", "application/vnd.microsoft.rtc.autodiscover+xml;v=1"},
         {"X-MS-WebTicket", by.header_value().reveal()}});
    CHECK(given.status == 200);
    CHECK(given.body.find("<User>") != std::string::npos);

    auth::web_ticket forged = with_assertion(by, "sip:alice@", "sip:bobby@");
    const auto caught = get(
        pool, "/Autodiscover/AutodiscoverService.svc/root/user", {{"X-MS-WebTicket", forged.header_value().reveal()}});
    CHECK(caught.status == 401);
    CHECK(caught.header("X-MS-diagnostics").starts_with("28032;"));
}

TEST_CASE("both metadata documents have what clients look for") {
    test_pool pool;
    const auto provisioning = auth::parse_metadata(get(pool, "/CertProv/CertProvisioningService.svc/mex").body);
    REQUIRE(provisioning);
    const auto* proof = provisioning->find("CertProvisioningServiceWebTicketProof_SHA1");
    REQUIRE(proof);
    CHECK(proof->location == service);
    CHECK(proof->wants == auth::service_port::ticket::proof);
    CHECK(proof->issuer == "https://webext.contoso.example/WebTicket/WebTicketService.svc");
    const auto tickets = auth::parse_metadata(get(pool, "/WebTicket/WebTicketService.svc/mex").body);
    REQUIRE(tickets);
    REQUIRE(tickets->find("WebTicketServiceWinNegotiate"));
    CHECK(
        tickets->find("WebTicketServiceAuth")->location ==
        "https://webext.contoso.example/WebTicket/WebTicketService.svc/Auth");
}

TEST_CASE("a name and a password get a ticket; a wrong password gets fault 28020") {
    test_pool pool;
    const auto by = fetch_ticket(pool);
    CHECK(by.assertion_id.starts_with("SamlSecurityToken-"));
    CHECK(by.expires - by.created == 8 * 3600);
    REQUIRE(pool.pool->find_ticket(by.assertion_id));
    CHECK(pool.pool->find_ticket(by.assertion_id)->proof_key == by.proof_key);
    const auto refused = post(
        pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(ticket_request("wrong")));
    CHECK(fault_of(refused) == 28020);
    CHECK(refused.header("X-MS-diagnostics").starts_with("28020;"));
}

TEST_CASE("a name and a password are taken in clear, in Base64, or in both forms, as the pool is set") {
    const auto coded = [](std::string name, std::string password) {
        auto out = ticket_request(sip::base64(password));
        out.username = sip::base64(name);
        return auth::ticket_request_xml(out);
    };
    const std::string place = "/WebTicket/WebTicketService.svc/Auth";
    for (const auto form : {username_form::both, username_form::clear, username_form::base64}) {
        pool_settings settings = usual_settings();
        settings.username_token = form;
        test_pool pool(settings);
        CAPTURE(static_cast<int>(form));
        CHECK(
            (post(pool, place, auth::ticket_request_xml(ticket_request())).status == 200) ==
            (form != username_form::base64));
        CHECK(
            (post(pool, place, coded("CONTOSO\\alice", "correct horse")).status == 200) ==
            (form != username_form::clear));
        for (const auto& wrong :
             {coded("CONTOSO\\alice", "wrong"), coded("alice", "correct horse"), coded("", ""), auth::secret("<a/>"),
              auth::secret("no XML")}) {
            const auto refused = post(pool, place, wrong);
            CHECK(fault_of(refused) == 28020);
            CHECK(auth::parse_fault(refused.body)->code == "FailedAuthentication");
            CHECK(auth::parse_fault(refused.body)->reason == "No valid security token.");
        }
    }
}

TEST_CASE("half a UsernameToken in Base64 is none") {
    test_pool pool;
    auto half = ticket_request(sip::base64("correct horse"));
    CHECK(fault_of(post(pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(half))) == 28020);
    half = ticket_request();
    half.username = sip::base64("CONTOSO\\alice");
    CHECK(fault_of(post(pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(half))) == 28020);
}

TEST_CASE("the ticket service's metadata has the ports that the pool is set to offer") {
    const auto ports = [](std::vector<std::string> ways) {
        pool_settings settings = usual_settings();
        settings.ticket_ways = std::move(ways);
        test_pool pool(settings);
        std::vector<std::string> out;
        const auto metadata = auth::parse_metadata(get(pool, "/WebTicket/WebTicketService.svc/mex").body);
        for (const auto& port : metadata.value().ports)
            out.push_back(port.name + port.location.substr(port.location.rfind('/')));
        return out;
    };
    CHECK(ports({"Auth"}) == std::vector<std::string>{"WebTicketServiceAuth/Auth"});
    CHECK(
        ports({"OAuth", "WsFedBearer", "Cert", "WinNtlm"}) == std::vector<std::string>{
                                                                  "WebTicketServiceWinNtlm/NtlmAuth",
                                                                  "WebTicketServiceCert/Cert",
                                                                  "WsFedBearer/WsFed_bearer", "OAuth/OAuth"});
    CHECK(ports({}).empty());
}

TEST_CASE("times in a fault of the scenario are filled in") {
    pool_settings settings = usual_settings();
    soap_rule fault{"web_ticket", "RST"};
    fault.fault_text = "Locked until {iso+3600}";
    fault.reason = "{date}";
    settings.soap = {fault};
    test_pool pool(settings);
    const auto answer = post(pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(ticket_request()));
    CHECK(auth::parse_fault(answer.body)->text.ends_with("Z"));
    CHECK(answer.body.find("{") == std::string::npos);
}

TEST_CASE("the Windows port asks for Negotiate or NTLM, and asks again after nonsense") {
    test_pool pool;
    const auto asked = post(
        pool, "/WebTicket/WebTicketService.svc/NegotiateAuth", auth::ticket_request_xml(ticket_request()));
    CHECK(asked.status == 401);
    CHECK(asked.all("WWW-Authenticate") == std::vector<std::string>{"Negotiate", "NTLM"});
    web_session session;
    const auto with = [&](const std::string& credentials) {
        const net::http::request request{
            "POST",
            "/WebTicket/WebTicketService.svc/NegotiateAuth",
            {{"Authorization", credentials}},
            auth::ticket_request_xml(ticket_request()).reveal()};
        return answer_web(*pool.pool, session, request, web, true);
    };
    const auto challenge = with(
        "NTLM " + sip::base64(std::string("NTLMSSP\0\1\0\0\0\7\x82\x08\xa2", 16) + std::string(16, '\0')));
    CHECK(challenge.status == 401);
    CHECK(challenge.header("WWW-Authenticate").starts_with("NTLM TlRMTVNTUAACAAAA"));
    CHECK(
        with("NTLM " + sip::base64(std::string("NTLMSSP\0\3\0\0\0", 12) + std::string(60, '\0')))
            .all("WWW-Authenticate")
            .size() == 2);
    CHECK(with("Basic YTpi").status == 401);
}

TEST_CASE("a ticket isn't issued for another user than the one who logs in") {
    test_pool pool;
    auto request = ticket_request();
    request.sip_uri = "sip:bob@contoso.example";
    const auto answer = post(pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(request));
    CHECK(fault_of(answer) == 28020);
    CHECK(answer.body.find("SIP URI differs") != std::string::npos);
}

TEST_CASE("a signed order gets a certificate that is published for its user") {
    test_pool pool;
    const auto answer = ask_certificate(pool, auth::certificate_order_xml(order(), fetch_ticket(pool)).reveal());
    REQUIRE(answer.status == 200);
    const auto der = auth::parse_certificate_response(answer.body);
    REQUIRE(der);
    const auto taken = auth::accept_certificate(*der, a_key(), "alice@contoso.example", pool.pool->now());
    REQUIRE(taken);
    CHECK(pool.pool->certificate_owner(taken->facts.sha256) == "alice@contoso.example");
    CHECK(answer.body.find("request-1") != std::string::npos);
}

TEST_CASE("an altered assertion is refused, whatever was altered") {
    test_pool pool;
    const auto by = fetch_ticket(pool);
    for (const auto& [what, with] :
         {std::pair<std::string, std::string>{"sip:alice@", "sip:bobby@"},
          {"NotOnOrAfter=\"20", "NotOnOrAfter=\"21"},
          {by.assertion_id, "SamlSecurityToken-0"},
          {"<SignatureValue>", "<SignatureValue>A"}})
        CHECK(
            fault_of(ask_certificate(
                pool, auth::certificate_order_xml(order(), with_assertion(by, what, with)).reveal())) == 28032);
}

TEST_CASE("an expired ticket and one for another place are refused by number") {
    pool_settings settings = usual_settings();
    soap_rule stale{"web_ticket", "RST"};
    stale.ticket = "expired";
    settings.soap = {stale};
    test_pool pool(settings);
    CHECK(fault_of(ask_certificate(pool, auth::certificate_order_xml(order(), fetch_ticket(pool)).reveal())) == 28033);

    test_pool other;
    CHECK(
        fault_of(ask_certificate(
            other, auth::certificate_order_xml(order(), fetch_ticket(other, user_document)).reveal())) == 28077);
}

TEST_CASE("a wrong digest, a wrong key and a missing signature are refused") {
    test_pool pool;
    const auto by = fetch_ticket(pool);
    const std::string good = auth::certificate_order_xml(order(), by).reveal();
    CHECK(fault_of(ask_certificate(pool, replaced(good, "<DigestValue>", "<DigestValue>A"))) == 28020);
    CHECK(fault_of(ask_certificate(pool, replaced(good, "#timestamp", "#another"))) == 28020);
    auto wrong_key = by;
    wrong_key.proof_key = auth::secret(std::string(32, 'x'));
    const auto refused = ask_certificate(pool, auth::certificate_order_xml(order(), wrong_key).reveal());
    CHECK(fault_of(refused) == 28020);
    CHECK(auth::parse_fault(refused.body)->code == "FailedCheck");
    auto unsigned_order = order();
    unsigned_order.sign = false;
    CHECK(fault_of(ask_certificate(pool, auth::certificate_order_xml(unsigned_order, by).reveal())) == 28020);
}

TEST_CASE("a certificate for another user, or for somebody else's key, isn't issued") {
    test_pool pool;
    const auto by = fetch_ticket(pool);
    CHECK(
        fault_of(ask_certificate(pool, auth::certificate_order_xml(order("bob@contoso.example"), by).reveal())) ==
        28020);
    auto stolen = order();
    stolen.csr_der[stolen.csr_der.size() - 1] ^= 1;
    const auto refused = ask_certificate(pool, auth::certificate_order_xml(stolen, by).reveal());
    CHECK(auth::parse_fault(refused.body)->code == "InvalidRequest");
    stolen.csr_der = "not a request";
    CHECK(ask_certificate(pool, auth::certificate_order_xml(stolen, by).reveal()).status == 500);
}

TEST_CASE("bad certificates come as the scenario wants them") {
    using auth::certificate_fault;
    for (const auto& [kind, fault] :
         {std::pair("wrong_subject", certificate_fault::wrong_subject),
          std::pair("expired", certificate_fault::expired),
          std::pair("not_yet_valid", certificate_fault::not_yet_valid),
          std::pair("wrong_key", certificate_fault::wrong_key), std::pair("garbage", certificate_fault::unreadable)}) {
        pool_settings settings = usual_settings();
        soap_rule rule{"cert_prov", "GetAndPublishCert"};
        rule.certificate = kind;
        settings.soap = {rule};
        test_pool pool(settings);
        const auto der = auth::parse_certificate_response(
            ask_certificate(pool, auth::certificate_order_xml(order(), fetch_ticket(pool)).reveal()).body);
        REQUIRE(der);
        const auto taken = auth::accept_certificate(*der, a_key(), "alice@contoso.example", pool.pool->now());
        REQUIRE_FALSE(taken);
        CHECK(taken.error().what == fault);
    }
}

TEST_CASE("a fault or a status of the scenario comes instead of an answer") {
    pool_settings settings = usual_settings();
    soap_rule fault{"web_ticket", "RST"}, broken{"cert_prov", "mex"};
    fault.fault_text = "The account is disabled.";
    fault.error_id = 28000;
    broken.status = 503;
    settings.soap = {fault, broken};
    test_pool pool(settings);
    CHECK(
        fault_of(post(pool, "/WebTicket/WebTicketService.svc/Auth", auth::ticket_request_xml(ticket_request()))) ==
        28000);
    CHECK(get(pool, "/CertProv/CertProvisioningService.svc/mex").status == 503);
    CHECK(get(pool, "/WebTicket/WebTicketService.svc/mex").status == 200);
}

TEST_CASE("places that are no service are not found, and services want POST over TLS") {
    test_pool pool;
    CHECK(get(pool, "/nowhere/handler").status == 404);
    CHECK(get(pool, "/WebTicket/WebTicketService.svc/Auth").status == 405);
    CHECK(get(pool, "/WebTicket/WebTicketService.svc/mex", {}, false).status == 404);
}

TEST_CASE("nothing secret is in the log") {
    test_pool pool;
    const auto by = fetch_ticket(pool);
    CHECK(ask_certificate(pool, auth::certificate_order_xml(order(), by).reveal()).status == 200);
    for (const auto& line : pool.log) {
        CHECK(line.find("correct horse") == std::string::npos);
        CHECK(line.find(by.assertion_id) == std::string::npos);
    }
    CHECK(pool.log.size() >= 4);
}

TEST_CASE("the proof key is that of the published vector") {
    std::string client_entropy, server_entropy;
    for (char i = 0; i < 32; ++i) client_entropy += i;
    for (char i = 32; i < 64; ++i) server_entropy += i;
    CHECK(
        sip::hex(proof_key(client_entropy, server_entropy)) ==
        "df59132c2af6d230e4337732076a14561694be12838cc00203d63c816653d75b");
}
