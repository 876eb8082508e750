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
