#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

const std::string ticket_service = "https://web.contoso.example/WebTicket/WebTicketService.svc";

verdict ticket(std::string_view branch, std::initializer_list<noted> facts, const std::string& url = ticket_service) {
    return up_to_challenge().failed("registration.web_ticket", branch, url, facts).judge();
}

}  // namespace

TEST_CASE("a network that wants a log-on of its own is no fault of the web services") {
    const auto by_status = ticket(
        "unreachable",
        {{ev::candidate, edge}, {ev::http_url, ticket_service}, {ev::http_status, 511}, {ev::step, "ticket_metadata"}});
    CHECK(root_of(by_status) == "net-captive-portal");
    CHECK(by_status.root_causes.front().certainty == certainty::likely);
    const auto by_page = ticket(
        "unreachable", {{ev::candidate, edge},
                        {ev::http_url, ticket_service},
                        {ev::http_status, 302},
                        {ev::http_location, "http://gateway.zscloud.net/auD?origurl=http%3A%2F%2Fweb"},
                        {ev::step, "ticket_metadata"}});
    CHECK(root_of(by_page) == "net-captive-portal");
    const auto elsewhere = ticket(
        "unreachable", {{ev::candidate, edge},
                        {ev::http_url, ticket_service},
                        {ev::http_status, 302},
                        {ev::http_location, "https://www.contoso.example/"},
                        {ev::step, "ticket_metadata"}});
    CHECK(root_of(elsewhere) == "certprov-unreachable");
    const auto no_length = ticket(
        "refused",
        {{ev::candidate, edge}, {ev::http_url, ticket_service}, {ev::http_status, 411}, {ev::step, "ticket"}});
    CHECK(root_of(no_length) == "certprov-unreachable");
}

TEST_CASE("who asks for a log-in at a description is certain only where IIS would not ask so") {
    const auto asked = [](const char* offered, const char* server) {
        const auto v = ticket(
            "unreachable", {{ev::candidate, edge},
                            {ev::http_url, ticket_service},
                            {ev::http_status, 401},
                            {ev::http_type, "text/html"},
                            {ev::http_authenticate, offered},
                            {ev::http_server, server},
                            {ev::step, "ticket_metadata"}});
        CHECK(root_of(v) == "ad-preauth");
        return v;
    };
    CHECK(asked("Basic realm=\"gate\"", "nginx").root_causes.front().certainty == certainty::certain);
    const auto windows = asked("Negotiate", "Microsoft-IIS/10.0");
    CHECK(windows.root_causes.front().certainty == certainty::likely);
    CHECK(windows.findings.front().remedies.front().text.find("IIS") != std::string::npos);
    CHECK(asked("Basic realm=\"iis\"", "Microsoft-IIS/10.0").root_causes.front().certainty == certainty::likely);
}

TEST_CASE("a private address in a description is an address of the inside, whoever answers there") {
    for (const ev::http_fault_word fault : {ev::http_fault_word("certificate"), ev::http_fault_word("refused")}) {
        const auto v = ticket(
            "unreachable", {{ev::candidate, edge},
                            {ev::http_url, ticket_service},
                            {ev::ticket_endpoint, "https://10.20.30.40/WebTicket/WebTicketService.svc"},
                            {ev::step, "ticket"},
                            {ev::http_fault, fault},
                            {ev::http_error, "no way"}});
        CHECK(root_of(v) == "ad-host-header-rewritten");
        CHECK(v.root_causes.front().subject == "10.20.30.40");
    }
    const auto named = ticket(
        "unreachable",
        {{ev::candidate, edge},
         {ev::http_url, "https://10.20.30.40/WebTicket/WebTicketService.svc"},
         {ev::named_by, "web.contoso.example"},
         {ev::step, "ticket_metadata"},
         {ev::http_fault, "timed_out"},
         {ev::http_error, "no way"}},
        "https://10.20.30.40/WebTicket/WebTicketService.svc");
    CHECK(root_of(named) == "ad-host-header-rewritten");
}

TEST_CASE("plain HTTP in a description is what a service behind the end of TLS writes") {
    const auto v = ticket(
        "refused", {{ev::candidate, edge},
                    {ev::http_url, ticket_service},
                    {ev::ticket_endpoint, "http://web.contoso.example:8080/WebTicket/WebTicketService.svc"},
                    {ev::step, "ticket"}});
    CHECK(root_of(v) == "ad-host-header-rewritten");
    CHECK(rules_out(v, "ad-host-header-rewritten", "certprov-500"));
    const std::string by_registrar = "http://web.contoso.example:8080/CertProv/CertProvisioningService.svc";
    const auto sts = ticket(
        "unreachable",
        {{ev::candidate, edge},
         {ev::http_url, by_registrar},
         {ev::named_by, "sip.contoso.example"},
         {ev::step, "metadata"},
         {ev::http_fault, "protocol"},
         {ev::http_error, "not an https URL: " + by_registrar}},
        by_registrar);
    CHECK(root_of(sts) == "certprov-unreachable");
    CHECK(
        sts.findings.front().title == "sip.contoso.example sends clients to " + by_registrar + ", which is plain HTTP");
}
