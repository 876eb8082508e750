#include <catch2/catch.hpp>

#include "trace_builder.hpp"

// What did not stop the sign-in and will matter later: said where it is so, and not a day, a second or a name earlier.

using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;
namespace ev = ucsignin::trace::ev;

namespace {

verdict with_certificate(const char* from, const char* until, int days_left) {
    auto t = signed_in();
    t.ok(
        "connection.certificate", "trusted", edge,
        {{ev::candidate, edge},
         {ev::x509_name, "sip.contoso.example"},
         {ev::x509_name_matches, true},
         {ev::x509_covers_domain, true},
         {ev::x509_not_before, from},
         {ev::x509_not_after, until},
         {ev::x509_expired_days, -days_left}});
    return t.judge();
}

verdict with_clocks(std::initializer_list<std::pair<const char*, int>> sources) {
    auto t = signed_in();
    t.clock(sources);
    return t.judge();
}

}  // namespace

TEST_CASE("a certificate of two years is told of in its last month, one of fifty days in its last third") {
    CHECK(find(with_certificate("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 29), "w-cert-expiring"));
    CHECK(!find(with_certificate("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 30), "w-cert-expiring"));
    CHECK(find(with_certificate("2026-11-12T00:00:00Z", "2027-01-01T00:00:00Z", 16), "w-cert-expiring"));
    CHECK(!find(with_certificate("2026-11-12T00:00:00Z", "2027-01-01T00:00:00Z", 17), "w-cert-expiring"));
    const auto v = with_certificate("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 1);
    const auto* found = find(v, "w-cert-expiring");
    REQUIRE(found);
    CHECK(found->severity == severity::warning);
    CHECK(found->title == "The certificate of sip.contoso.example ends on 1 January 2027, in 1 day");
    CHECK(v.root_causes.empty());
}

TEST_CASE("a clock that drifts is told of from 30 s on, and left to the clock's own finding above 300 s") {
    CHECK(!find(with_clocks({{"a.contoso.example", 29}, {"b.contoso.example", 29}}), "w-clock-drift"));
    const auto ours = with_clocks({{"a.contoso.example", 90}, {"b.contoso.example", 91}});
    REQUIRE(find(ours, "w-clock-drift"));
    CHECK(find(ours, "w-clock-drift")->title == "The clock of this PC is 90 s slow");
    CHECK(find(ours, "w-clock-drift")->certainty == certainty::certain);
    const auto theirs = with_clocks({{"a.contoso.example", 0}, {"b.contoso.example", -120}});
    REQUIRE(find(theirs, "w-clock-drift"));
    CHECK(find(theirs, "w-clock-drift")->title == "The clock of b.contoso.example is 120 s slow");
    CHECK(find(with_clocks({{"a.contoso.example", 200}}), "w-clock-drift")->certainty == certainty::likely);
    CHECK(!find(with_clocks({{"a.contoso.example", 400}, {"b.contoso.example", 90}}), "w-clock-drift"));
}

TEST_CASE("a server that Autodiscover named was not found by a fallback; one of the SRV record was") {
    const auto found_by = [](const char* candidate) {
        trace_builder t;
        t.devices();
        t.add(
            "discovery.autodiscover_external", "not_there", ucsignin::trace::outcome::expected,
            "lyncdiscover.contoso.example",
            {{ev::dns_name, "lyncdiscover.contoso.example"},
             together({{ev::dns_type, "A"}, {ev::dns_answer_state, "NXDOMAIN"}})});
        t.discovered({candidate}).connected(edge).challenged(edge);
        t.with_certificate(edge).registered(edge).provisioned(edge);
        return t.judge();
    };
    CHECK(!find(found_by("sip.contoso.example:443 autodiscover"), "w-discovery-by-fallback"));
    const auto v = found_by("sip.contoso.example:443 srv");
    const auto* found = find(v, "w-discovery-by-fallback");
    REQUIRE(found);
    CHECK(found->severity == severity::info);  // a deployment without Autodiscover may be meant so
    CHECK(find(found_by("sip.contoso.example:443 a_fallback"), "w-discovery-by-fallback"));
}

TEST_CASE("SIP by an HTTP proxy works, and is told of") {
    auto t = signed_in();
    t.ok("connection.tcp", "by_proxy", edge, {{ev::candidate, edge}, {ev::proxy, "proxy.contoso.example:3128"}});
    const auto v = t.judge();
    REQUIRE(find(v, "w-proxy-for-sip"));
    CHECK(find(v, "w-proxy-for-sip")->title == "SIP leaves through the HTTP proxy proxy.contoso.example:3128");
    CHECK(v.root_causes.empty());
}

TEST_CASE("two faults of one certificate are both named, the one to mend first before the other") {
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"});
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}, {ev::peer, "198.51.100.7"}});
    t.ok("connection.tls", "agreed", edge, {{ev::candidate, edge}});
    t.failed(
        "connection.certificate", "expired", edge,
        {{ev::candidate, edge},
         verify_error(10, 0, "certificate has expired"),
         {ev::x509_name, "other.contoso.example"},
         {ev::x509_name_matches, false},
         {ev::x509_not_after, "2026-11-01T00:00:00Z"},
         {ev::x509_expired_days, 20}});
    const auto v = t.judge();
    REQUIRE(v.root_causes.size() == 2);
    CHECK(v.root_causes[0].id == "tls-expired");
    CHECK(v.root_causes[1].id == "tls-name-mismatch");
}

TEST_CASE("an issuer that has expired is not taken for the server's own certificate beside another fault") {
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"});
    t.failed(
        "connection.certificate", "name_mismatch", edge,
        {{ev::candidate, edge},
         verify_error(10, 1, "certificate has expired"),
         {ev::x509_name, "other.contoso.example"},
         {ev::x509_name_matches, false}});
    CHECK(root_of(t.judge()) == "tls-name-mismatch");
}

TEST_CASE("where the way to a certificate is closed and the registrar refuses the user as well, both are named") {
    const auto looked = [](const char* result, int status, int number, ev::http_fault_word web_fault) {
        auto t = up_to_challenge();
        const char* service = "https://web.contoso.example/WebTicket/WebTicketService.svc";
        t.failed(
            "registration.web_ticket", "unreachable", service,
            {{ev::candidate, edge},
             {ev::http_url, service},
             {ev::http_fault, web_fault},
             {ev::http_error, web_fault.word()}});
        t.ok(
            "registration.cross_check", std::string_view(result) == "accepted" ? "differs" : "same", edge,
            {{ev::candidate, edge},
             {ev::probe_kind, "sip_ntlm"},
             {ev::probe_of, "web.contoso.example"},
             {ev::probe_result, result},
             {ev::sip_status, status},
             {ev::diagnostics_id, number},
             {ev::diagnostics_header, "ms-diagnostics"},
             {ev::diagnostics_reason, ""}});
        return t.judge();
    };
    const auto ids = [](const verdict& v) {
        std::string all;
        for (const auto& r : v.root_causes) all += r.id + " ";
        return all;
    };
    const auto both = looked("accepted", 403, 4003, "refused");
    CHECK(ids(both) == "certprov-unreachable reg-403-remote-access ");
    CHECK(find(both, "reg-403-remote-access")->explanation.find(edge + " answered 403") != std::string::npos);
    CHECK(ids(looked("accepted", 404, 4005, "timed_out")) == "certprov-unreachable reg-404-not-sip-enabled ");
    CHECK(ids(looked("refused", 401, 1000, "refused")) == "certprov-unreachable reg-wrong-password ");
    CHECK(ids(looked("accepted", 200, 0, "refused")) == "certprov-unreachable ");
    CHECK(ids(looked("no_answer", 0, 0, "refused")) == "certprov-unreachable ");
}
