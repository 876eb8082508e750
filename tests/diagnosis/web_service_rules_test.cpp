#include <catch2/catch.hpp>

#include "trace/evidence_local.hpp"
#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

const std::string ticket_service = "https://web.contoso.example/WebTicket/WebTicketService.svc";
const std::string issuing_service = "https://web.contoso.example/CertProv/CertProvisioningService.svc";

verdict ticket(std::string_view branch, std::initializer_list<noted> facts, const std::string& url = ticket_service) {
    return up_to_challenge().failed("registration.web_ticket", branch, url, facts).judge();
}

verdict numbered(int id, const char* reason = "") {
    return ticket(
        "refused", {{ev::candidate, edge},
                    {ev::http_status, 500},
                    {ev::diagnostics_id, id},
                    {ev::diagnostics_header, "X-MS-diagnostics"},
                    {ev::diagnostics_reason, reason}});
}

verdict certificate(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = up_to_challenge();
    t.ok("registration.web_ticket", "ticket", ticket_service, {{ev::candidate, edge}, {ev::http_status, 200}});
    return t.failed("registration.user_certificate", branch, issuing_service, facts).judge();
}

}  // namespace

TEST_CASE("an answer that is not the service's is told from none") {
    const auto page = ticket(
        "unreachable", {{ev::candidate, edge}, {ev::http_status, 200}, {ev::step, "ticket_metadata"}});
    CHECK(root_of(page) == "certprov-unreachable");
    CHECK(page.root_causes.front().certainty == certainty::likely);
    CHECK(page.findings.front().title == "web.contoso.example answers, but does not offer the service for web tickets");
    const auto no_https = ticket("unreachable", {{ev::candidate, edge}});
    CHECK(root_of(no_https) == "certprov-unreachable");
    CHECK(no_https.findings.front().title.find("cannot be reached") != std::string::npos);
}

TEST_CASE("numbers of the web ticket service name the cause") {
    CHECK(root_of(numbered(28020, "No valid security token.")) == "wt-bad-credentials-fault");
    CHECK(root_of(numbered(28000)) == "wt-not-sip-enabled");
    CHECK(root_of(numbered(28029)) == "wt-auth-type-not-allowed");
    CHECK(root_of(numbered(28032)) == "wt-ticket-invalid");
    CHECK(root_of(numbered(28072)) == "wt-ticket-invalid");
    CHECK(root_of(numbered(28033)) == "wt-ticket-expired");
    CHECK(root_of(numbered(28077)) == "wt-audience-invalid");
    CHECK(root_of(numbered(28055)) == "wt-oauth-token-invalid");
    CHECK(root_of(numbered(28081)) == "wt-upn-missing-in-token");
    CHECK(root_of(numbered(1)) == "reg-hybrid-wrong-side");
    CHECK(numbered(28020).exit_code == 40);
    CHECK(numbered(28020).stopped_at == "registration.web_ticket");
}

TEST_CASE("texts of a fault tell a disabled account and a foreign address from a wrong password") {
    const auto disabled = ticket(
        "refused", {{ev::candidate, edge},
                    {ev::http_status, 500},
                    {ev::soap_code, "wsse:FailedAuthentication"},
                    {ev::soap_text, "The user account is disabled."}});
    CHECK(root_of(disabled) == "wt-account-disabled");
    CHECK(rules_out(disabled, "wt-account-disabled", "wt-bad-credentials-fault"));
    CHECK(
        root_of(ticket(
            "refused", {{ev::candidate, edge},
                        {ev::http_status, 500},
                        {ev::soap_text, "The SIP URI in the request does not match the credentials."}})) ==
        "wt-sip-uri-mismatch");
}

TEST_CASE("a refused password is named with the log-in that was used and how often") {
    const auto v = ticket(
        "refused", {{ev::candidate, edge},
                    {ev::http_status, 500},
                    {ev::soap_code, "wsse:FailedAuthentication"},
                    {ev::ticket_way, "username"},
                    {ev::password_uses, 2},
                    {ev::password_refused, 2}});
    CHECK(root_of(v) == "wt-bad-credentials-fault");
    CHECK(
        v.findings.front().title ==
        "The web ticket service at web.contoso.example refuses user name or password of alice@contoso.example");
    CHECK(rules_out(v, "wt-bad-credentials-fault", "wt-401-loop"));
    CHECK(rules_out(v, "wt-bad-credentials-fault", "ad-preauth"));
}

TEST_CASE("a plain 401 after the password is a refused password; one that never got to the password is a loop") {
    CHECK(
        root_of(ticket(
            "refused", {{ev::candidate, edge},
                        {ev::http_status, 401},
                        {ev::ticket_way, "ntlm"},
                        {ev::password_refused, 1},
                        {ev::ticket_refused_ways, "ntlm"}})) == "reg-wrong-password");
    CHECK(
        root_of(ticket(
            "refused", {{ev::candidate, edge},
                        {ev::http_status, 401},
                        {ev::ticket_way, "ntlm"},
                        {ev::password_refused, 0},
                        {ev::ticket_refused_ways, "ntlm"}})) == "wt-401-loop");
    CHECK(
        root_of(ticket(
            "refused",
            {{ev::candidate, edge}, {ev::http_status, 401}, {ev::ticket_way, "ntlm"}, {ev::password_refused, 2}})) ==
        "wt-bad-credentials-fault");
}

TEST_CASE("a password that was spared since it had been refused before has the cause of that refusal") {
    auto t = up_to_challenge();
    t.failed(
        "registration.web_ticket", "refused", ticket_service,
        {{ev::http_status, 500},
         {ev::soap_code, "wsse:FailedAuthentication"},
         {ev::ticket_way, "username"},
         {ev::password_refused, 1}});
    t.failed(
        "registration.web_ticket", "refused", ticket_service,
        {{ev::candidate, edge}, {ev::password_uses, 1}, {ev::password_refused, 1}});
    const auto v = t.judge();
    CHECK(root_of(v) == "wt-bad-credentials-fault");
    CHECK(v.findings.front().evidence.size() == 2);
    CHECK(v.stopped_at == "registration.web_ticket");
    CHECK(v.exit_code == 40);
}

TEST_CASE("an exchange that is cut between its legs never got to the password") {
    const auto v = ticket(
        "unreachable", {{ev::candidate, edge},
                        {ev::ticket_way, "ntlm"},
                        {ev::http_fault, "closed"},
                        {ev::http_error, "the connection was closed between the legs of NTLM"}});
    CHECK(root_of(v) == "wt-401-loop");
    CHECK(rules_out(v, "wt-401-loop", "reg-wrong-password"));
}

TEST_CASE("NTLM that this PC does not have is the fault of no service") {
    const auto v = ticket(
        "refused",
        {{ev::candidate, edge}, {ev::ticket_way, "ntlm"}, {ev::password_uses, 0}, {ev::missing_mechanism, "NTLM"}});
    CHECK(root_of(v) == "local-no-ntlm");
    CHECK(v.root_causes.front().subject == "this PC");
    CHECK(v.root_causes.front().certainty == certainty::certain);
    CHECK(v.findings.front().remedies.front().who == "desktop support");
    CHECK(v.exit_code == 40);
    CHECK(rules_out(v, "local-no-ntlm", "wt-401-loop"));
    auto t = up_to_challenge();
    t.failed(
        "registration.ntlm", "broken_off", edge,
        {{ev::candidate, edge}, {ev::step, "challenge"}, {ev::missing_mechanism, "NTLM"}});
    CHECK(root_of(t.judge()) == "local-no-ntlm");
    CHECK(rules_out(t.judge(), "local-no-ntlm", "reg-no-common-scheme"));
}

TEST_CASE("a service that offers only modern log-in does not refuse a password") {
    const auto v = ticket(
        "refused", {{ev::candidate, edge}, {ev::http_status, 401}, {ev::ticket_refused_ways, "oauth"}});
    CHECK(
        root_of(ticket(
            "refused",
            {{ev::candidate, edge}, {ev::step, "ticket"}, {ev::ticket_refused_ways, "WebTicketServiceOAuth"}})) ==
        "wt-auth-type-not-allowed");
    CHECK(root_of(v) == "wt-auth-type-not-allowed");
    CHECK(rules_out(v, "wt-auth-type-not-allowed", "wt-401-loop"));
}

TEST_CASE("a log-in wanted before the services' own description is the gateway's") {
    const auto v = ticket(
        "unreachable",
        {{ev::candidate, edge}, {ev::step, "metadata"}, {ev::http_status, 401}, {ev::http_authenticate, "Basic"}});
    CHECK(root_of(v) == "ad-preauth");
    CHECK(rules_out(v, "ad-preauth", "wt-401-loop"));
}

TEST_CASE("web services that cannot be reached: this host only, or port 443 as such") {
    const auto host_only = ticket(
        "unreachable", {{ev::candidate, edge}, {ev::http_fault, "refused"}, {ev::http_error, "connection refused"}});
    CHECK(root_of(host_only) == "certprov-unreachable");
    CHECK(rules_out(host_only, "certprov-unreachable", "certprov-500"));
    CHECK(root_of(ticket("unreachable", {{ev::candidate, edge}, {ev::http_fault, "dns"}})) == "certprov-unreachable");
    CHECK(root_of(ticket("unreachable", {{ev::candidate, edge}, {ev::http_status, 404}})) == "certprov-unreachable");

    const auto nothing_at_443 = [](const std::string& sip) {
        trace_builder t;
        t.devices().discovered({sip == edge ? "sip.contoso.example:443 srv" : "sip.contoso.example:5061 srv"});
        t.connected(sip).challenged(sip);
        t.failed(
            "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/",
            {{ev::http_url, "https://lyncdiscover.contoso.example/"},
             {ev::http_fault, "timed_out"},
             {ev::http_error, "timed out"}});
        t.failed(
            "registration.web_ticket", "unreachable", ticket_service,
            {{ev::candidate, sip}, {ev::http_fault, "timed_out"}, {ev::http_error, "timed out"}});
        return t.judge();
    };
    const auto v = nothing_at_443("sip.contoso.example:5061");
    CHECK(root_of(v) == "net-443-blocked");
    CHECK(rules_out(v, "net-443-blocked", "certprov-unreachable"));
    // Where SIP itself comes up at 443, the way is open, and it is the reverse proxy that is dead.
    const auto beside = nothing_at_443(edge);
    CHECK(root_of(beside) == "certprov-unreachable");
    CHECK(beside.root_causes.front().certainty == certainty::likely);
}

TEST_CASE("a page that stands before the service is its writer's to mend, a page of IIS the pool's") {
    const noted refused = together({{ev::candidate, edge}, {ev::step, "ticket"}, {ev::http_status, 503}});
    const auto page = [](std::initializer_list<noted> facts) { return ticket("refused", facts); };
    const auto is_gateways = [](const verdict& v) {
        return root_of(v) == "certprov-unreachable" && v.findings.front().remedies.front().who == "reverse-proxy admin";
    };
    CHECK(is_gateways(page({refused, {ev::http_type, "text/html"}, {ev::http_server, "Varnish"}})));
    CHECK(is_gateways(page({refused, {ev::http_type, "text/html"}, {ev::http_gateway, "Guru Meditation"}})));
    CHECK(is_gateways(page({refused, {ev::http_type, "text/plain"}, {ev::http_server, "envoy"}})));
    CHECK(is_gateways(page({refused, {ev::http_server, "awselb/2.0"}})));
    CHECK(is_gateways(page({refused, {ev::http_type, "text/html"}, {ev::http_via, "1.1 gateway"}})));
    CHECK(is_gateways(page(
        {refused,
         {ev::http_type, "text/html"},
         {ev::http_server, "Microsoft-IIS/10.0"},
         {ev::http_gateway, "Proxy Error"}})));
    // A gateway that passes on what the pool says marks it by Via too.
    const auto passed_on = page(
        {refused,
         {ev::http_type, "text/html"},
         {ev::http_server, "Microsoft-IIS/10.0"},
         {ev::http_via, "1.1 varnish"}});
    CHECK(root_of(passed_on) == "certprov-500");
    CHECK(root_of(page({refused, {ev::http_type, "text/xml"}, {ev::http_server, "Varnish"}})) == "certprov-500");
}

TEST_CASE("an expired certificate of the web services is that, not an unreachable service") {
    const auto v = ticket(
        "unreachable", {{ev::candidate, edge},
                        {ev::http_fault, "certificate"},
                        verify_error(10, 0, "certificate has expired"),
                        {ev::x509_not_after, "2026-11-01T00:00:00Z"},
                        {ev::x509_expired_days, 23}});
    CHECK(root_of(v) == "tls-expired");
    CHECK(
        v.findings.front().title ==
        "The certificate of web.contoso.example:443 expired on 1 November 2026, 23 days ago");
    CHECK(v.stopped_at == "registration.web_ticket");
    CHECK(v.exit_code == 40);
}

TEST_CASE("proxies in front of the web services are told from the services") {
    CHECK(
        root_of(ticket("unreachable", {{ev::candidate, edge}, {ev::http_fault, "proxy"}, {ev::proxy_status, 407}})) ==
        "net-proxy-407");
    CHECK(
        root_of(ticket("unreachable", {{ev::candidate, edge}, {ev::http_fault, "proxy"}, {ev::proxy_status, 403}})) ==
        "net-proxy-connect-denied");
    const auto in_vain = ticket(
        "unreachable", {{ev::candidate, edge}, {ev::http_fault, "proxy"}, {ev::proxy_status, 504}});
    CHECK(root_of(in_vain) == "net-proxy-connect-denied");
    CHECK(in_vain.root_causes.front().certainty == certainty::likely);
}

TEST_CASE("a federation server that fails is not the pool's web service") {
    const std::string adfs = "https://sts.contoso.example/adfs/services/trust/13/usernamemixed";
    CHECK(
        root_of(ticket(
            "unreachable", {{ev::candidate, edge}, {ev::http_fault, "timed_out"}, {ev::http_error, "timed out"}},
            adfs)) == "wt-adfs-down");
    CHECK(root_of(ticket("unreachable", {{ev::candidate, edge}, {ev::http_status, 503}}, adfs)) == "wt-adfs-down");
    CHECK(
        root_of(ticket(
            "unreachable",
            {{ev::candidate, edge},
             {ev::http_fault, "certificate"},
             {ev::http_error, "expired"},
             verify_error(10, 0, "expired")},
            adfs)) == "wt-adfs-cert");
    CHECK(
        root_of(ticket(
            "refused",
            {{ev::candidate, edge}, {ev::http_status, 500}, {ev::soap_code, "s:Client"}, {ev::soap_text, "0x80048821"}},
            adfs)) == "wt-federated-direct-login");
}

TEST_CASE("certificate provisioning that fails, refuses the ticket or issues something wrong") {
    CHECK(
        root_of(certificate(
            "refused", {{ev::candidate, edge},
                        {ev::http_status, 500},
                        {ev::soap_code, "s:Server"},
                        {ev::soap_text, "internal error"}})) == "certprov-500");
    CHECK(root_of(certificate("refused", {{ev::candidate, edge}, {ev::http_status, 403}})) == "wt-ticket-invalid");
    CHECK(
        root_of(certificate("refused", {{ev::candidate, edge}, {ev::http_status, 500}, {ev::diagnostics_id, 28033}})) ==
        "wt-ticket-expired");
    CHECK(
        root_of(certificate(
            "unreachable", {{ev::candidate, edge}, {ev::http_fault, "timed_out"}, {ev::http_error, "timed out"}})) ==
        "certprov-unreachable");
    CHECK(
        root_of(certificate(
            "wrong", {{ev::candidate, edge},
                      {ev::user_cert_fault, "wrong_subject"},
                      {ev::user_cert_subject, "CN=bob@contoso.example"}})) == "certprov-wrong-subject");
    CHECK(
        root_of(certificate("wrong", {{ev::candidate, edge}, {ev::user_cert_fault, "wrong_key"}})) ==
        "certprov-wrong-subject");
    CHECK(
        root_of(certificate("wrong", {{ev::candidate, edge}, {ev::user_cert_fault, "not_yet_valid"}})) ==
        "certprov-not-yet-valid");
    CHECK(
        root_of(certificate("wrong", {{ev::candidate, edge}, {ev::user_cert_fault, "unreadable"}})) == "certprov-500");
}

TEST_CASE("a ticket that autodiscover did not get does not stop the sign-in") {
    auto t = signed_in();
    t.failed(
        "registration.web_ticket", "unreachable", "https://other.contoso.example/WebTicket/WebTicketService.svc",
        {{ev::http_fault, "refused"}, {ev::http_error, "refused"}});
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(v.exit_code == 0);
    CHECK(root_of(v) == "()");
}
