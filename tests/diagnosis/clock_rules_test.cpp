#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

trace_builder expired_certificate(const char* until, int days, int skew) {
    trace_builder t;
    t.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .clock({{"lyncdiscover.contoso.example", skew}, {"sip.contoso.example", skew}});
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
        .ok("connection.tls", "agreed", edge, {{ev::candidate, edge}});
    t.failed(
        "connection.certificate", "expired", edge,
        {{ev::candidate, edge},
         {ev::x509_subject, "CN=sip.contoso.example"},
         {ev::x509_issuer, "CN=Contoso CA"},
         verify_error(10, 0, "certificate has expired"),
         {ev::x509_not_after, until},
         {ev::x509_expired_days, days}});
    return t;
}

}  // namespace

TEST_CASE("a clock that runs two years ahead explains an expired certificate") {
    const auto v = expired_certificate("2028-01-01T00:00:00Z", -400, -2 * 365 * 86400).judge();
    CHECK(root_of(v) == "local-clock-skew");
    CHECK(v.stopped_at == "connection.certificate");
    CHECK(v.exit_code == 30);
    CHECK(find(v, "local-clock-skew")->title == "The clock of this PC is 730 days fast");
    CHECK(find(v, "tls-expired")->severity == severity::warning);
    CHECK(rules_out(v, "local-clock-skew", "tls-expired"));
    CHECK(rules_out(v, "local-clock-skew", "server-clock-skew"));
}

TEST_CASE("a wrong clock and a certificate that has really expired are two causes, the clock first") {
    const auto v = expired_certificate("2026-11-01T00:00:00Z", 23, 3600).judge();
    REQUIRE(v.root_causes.size() == 2);
    CHECK(v.root_causes[0].id == "local-clock-skew");
    CHECK(v.root_causes[1].id == "tls-expired");
}

TEST_CASE("a right clock rules the clock out of an expired certificate") {
    const auto v = expired_certificate("2026-11-20T00:00:00Z", 4, 1).judge();
    CHECK(root_of(v) == "tls-expired");
    CHECK(
        find(v, "tls-expired")->title ==
        "The certificate of sip.contoso.example:443 expired on 20 November 2026, 4 days ago");
    CHECK(rules_out(v, "tls-expired", "local-clock-skew"));
    CHECK(find(v, "local-clock-skew") == nullptr);
}

TEST_CASE("a wrong clock explains a web ticket that has expired when new") {
    auto t = up_to_challenge();
    t.clock({{"sip.contoso.example", 400}, {"web.contoso.example", 401}});
    t.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket/WebTicketService.svc",
        {{ev::candidate, edge},
         {ev::http_status, 500},
         {ev::diagnostics_id, 28033},
         {ev::diagnostics_header, "X-MS-diagnostics"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-clock-skew");
    CHECK(v.stopped_at == "registration.web_ticket");
    CHECK(find(v, "local-clock-skew")->title == "The clock of this PC is 7 minutes slow");
}

TEST_CASE("one server out of three that disagrees has the wrong clock, not this PC") {
    auto t = up_to_challenge();
    t.clock({{"sip.contoso.example", 1}, {"lyncdiscover.contoso.example", 0}, {"web.contoso.example", -3600}});
    t.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket/WebTicketService.svc",
        {{ev::candidate, edge},
         {ev::http_status, 500},
         {ev::diagnostics_id, 28033},
         {ev::diagnostics_header, "X-MS-diagnostics"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "server-clock-skew");
    CHECK(v.root_causes.front().subject == "web.contoso.example");
    CHECK(rules_out(v, "server-clock-skew", "local-clock-skew"));
    CHECK(find(v, "local-clock-skew") == nullptr);
}

TEST_CASE("a wrong clock does not explain a refused connection") {
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"}).clock({{"lyncdiscover.contoso.example", 4000}});
    t.failed("connection.tcp", "refused", edge, {{ev::candidate, edge}, not_connected("198.51.100.7", "refused")});
    const auto v = t.judge();
    CHECK(root_of(v) == "net-tcp-refused");
    CHECK(find(v, "local-clock-skew")->severity == severity::warning);
}

TEST_CASE("200 seconds are no fault") {
    auto t = signed_in();
    t.clock({{"sip.contoso.example", 200}});
    CHECK(find(t.judge(), "local-clock-skew") == nullptr);
}

TEST_CASE("a date that a cache may have kept proves no clock wrong") {
    const auto with = [](std::initializer_list<std::pair<const char*, int>> sources) {
        auto t = signed_in();
        t.clock_kept(sources);
        return t.judge();
    };
    const auto one = with({{"lyncdiscover.contoso.example", -7200}});
    REQUIRE(find(one, "local-clock-skew") != nullptr);
    CHECK(find(one, "local-clock-skew")->certainty == certainty::possible);
    const auto alike = with({{"lyncdiscover.contoso.example", -7200}, {"webext.contoso.example", -7199}});
    REQUIRE(find(alike, "local-clock-skew") != nullptr);
    CHECK(find(alike, "local-clock-skew")->certainty == certainty::likely);
    const auto apart = with({{"lyncdiscover.contoso.example", -7200}, {"webext.contoso.example", -900}});
    CHECK(find(apart, "local-clock-skew") == nullptr);
    CHECK(find(apart, "server-clock-skew") == nullptr);
    const auto minutes = with({{"lyncdiscover.contoso.example", -7200}, {"webext.contoso.example", -45}});
    CHECK(find(minutes, "server-clock-skew") == nullptr);
    CHECK(find(minutes, "w-clock-drift") == nullptr);
}

namespace {

const char* const tickets = "https://web.contoso.example/WebTicket/WebTicketService.svc";

trace_builder clocks_of(int sip, int web) {
    auto t = up_to_challenge();
    t.clock({{"lyncdiscover.contoso.example", 0}, {"sip.contoso.example", sip}, {"web.contoso.example", web}});
    return t;
}

trace_builder& web_refuses(trace_builder& t) {
    return t.failed(
        "registration.web_ticket", "refused", tickets,
        {{ev::candidate, edge},
         {ev::http_url, tickets},
         {ev::step, "ticket"},
         {ev::ticket_way, "ntlm"},
         {ev::password_refused, 1},
         {ev::http_status, 401}});
}

}  // namespace

TEST_CASE("a registrar's clock explains nothing that a web service refuses") {
    auto t = clocks_of(-7200, 0);
    const auto v = web_refuses(t).judge();
    CHECK(root_of(v) == "reg-wrong-password");
    CHECK(find(v, "server-clock-skew")->severity == severity::warning);
}

TEST_CASE("a wrong clock explains nothing where a server with a right one refuses the same") {
    auto t = clocks_of(0, -7200);
    web_refuses(t).ok("registration.scheme", "ntlm", edge, {{ev::candidate, edge}});
    t.failed(
        "registration.ntlm", "refused", edge,
        {{ev::candidate, edge},
         {ev::step, "login"},
         {ev::password_refused, 2},
         {ev::sip_status, 401},
         {ev::diagnostics_id, 1000}});
    const auto v = t.judge();
    CHECK(root_of(v) == "reg-wrong-password");
    CHECK(find(v, "server-clock-skew")->severity == severity::warning);
}

TEST_CASE("the clock of the server that refuses a password is one of two causes, neither of them certain") {
    auto t = clocks_of(0, -90000);
    const auto v = web_refuses(t).judge();
    REQUIRE(v.root_causes.size() == 2);
    CHECK(v.root_causes[0].id == "server-clock-skew");
    CHECK(v.root_causes[0].certainty == certainty::likely);
    CHECK(v.root_causes[1].id == "reg-wrong-password");
    CHECK(v.root_causes[1].certainty == certainty::likely);
    CHECK_FALSE(rules_out(v, "server-clock-skew", "reg-wrong-password"));
    CHECK(find(v, "server-clock-skew")->decided_by.evidence.empty());
}

TEST_CASE("a server's clock expires no certificate that this PC judges") {
    trace_builder t;
    t.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .clock({{"lyncdiscover.contoso.example", 0}, {"sip.contoso.example", -7200}})
        .failed(
            "connection.certificate", "expired", edge,
            {{ev::candidate, edge},
             verify_error(10, 0, "certificate has expired"),
             {ev::x509_not_after, "2026-11-20T00:00:00Z"},
             {ev::x509_expired_days, 4}});
    CHECK(root_of(t.judge()) == "tls-expired");
}
