#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict certificate(std::string_view branch, std::initializer_list<noted> facts) {
    return up_to_certificate().failed("connection.certificate", branch, edge, facts).judge();
}

}  // namespace

TEST_CASE("faults of a certificate are told apart") {
    CHECK(
        root_of(certificate(
            "intermediate_expired", {{ev::candidate, edge}, verify_error(10, 1, "certificate has expired")})) ==
        "tls-intermediate-expired");
    CHECK(
        root_of(certificate("not_yet_valid", {{ev::candidate, edge}, {ev::x509_not_before, "2026-12-01T00:00:00Z"}})) ==
        "tls-not-yet-valid");
    CHECK(
        root_of(certificate("self_signed", {{ev::candidate, edge}, verify_error(18, 0, "self-signed certificate")})) ==
        "tls-self-signed");
    CHECK(
        root_of(certificate("missing_intermediate", {{ev::candidate, edge}, {ev::x509_chain_subject, "CN=sip"}})) ==
        "tls-missing-intermediate");
    CHECK(root_of(certificate("wrong_usage", {{ev::candidate, edge}})) == "tls-wrong-eku");
    CHECK(root_of(certificate("revoked", {{ev::candidate, edge}})) == "tls-revoked");
    CHECK(
        root_of(certificate("weak", {{ev::candidate, edge}, verify_error(66, 0, "EE certificate key too weak")})) ==
        "tls-weak-key");
    CHECK(
        root_of(certificate(
            "weak", {{ev::candidate, edge}, verify_error(68, 1, "CA signature digest algorithm too weak")})) ==
        "tls-weak-signature");
    CHECK(
        root_of(certificate("other", {{ev::candidate, edge}, verify_error(3, 0, "unable to get certificate CRL")})) ==
        "tls-crl-unreachable");
    CHECK(
        root_of(certificate("other", {{ev::candidate, edge}, verify_error(99, 0, "something new")})) ==
        "tls-untrusted-root");
}

TEST_CASE("a certificate for another name, without names, or without this SIP domain") {
    const auto other = certificate(
        "name_mismatch",
        {{ev::candidate, edge}, {ev::x509_name, "web.fabrikam.example"}, {ev::x509_name_matches, false}});
    CHECK(root_of(other) == "tls-name-mismatch");
    CHECK(
        other.findings.front().title ==
        "The certificate of sip.contoso.example:443 is issued for web.fabrikam.example");
    CHECK(rules_out(other, "tls-name-mismatch", "dns-srv-target-outside-domain"));
    CHECK(
        other.findings.front().remedies.front().text ==
        "Issue the certificate with sip.contoso.example among its names, or correct the record.");  // not twice
    CHECK(
        root_of(certificate(
            "name_mismatch",
            {{ev::candidate, edge}, {ev::x509_subject, "CN=sip.contoso.example"}, {ev::x509_name_matches, false}})) ==
        "tls-cn-only-no-san");
    CHECK(
        root_of(certificate(
            "name_mismatch",
            {{ev::candidate, edge}, {ev::x509_name, "sip.fabrikam.example"}, {ev::x509_name_matches, false}})) ==
        "tls-missing-sip-domain-san");
    for (const auto* own : {"sip.contoso.example.", "sip.*.example"})
        CHECK(
            root_of(certificate(
                "name_mismatch", {{ev::candidate, edge}, {ev::x509_name, own}, {ev::x509_name_matches, false}})) ==
            "tls-name-mismatch");
}

TEST_CASE("a certificate with an extension that must be known and is not is no matter of its root") {
    const auto v = certificate(
        "other", {{ev::candidate, edge},
                  verify_error(34, 0, "unhandled critical extension"),
                  {ev::x509_name, "sip.contoso.example"}});
    CHECK(find(v, "tls-untrusted-root") == nullptr);
    CHECK(v.stopped_at == "connection.certificate");
}

TEST_CASE("an unknown root at one server only is that server's fault") {
    auto t = up_to_certificate();
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://lyncdiscover.contoso.example/",
        {{ev::http_url, "https://lyncdiscover.contoso.example/"}, {ev::http_status, 200}});
    t.failed(
        "connection.certificate", "untrusted_root", edge,
        {{ev::candidate, edge},
         verify_error(19, 1, "self-signed certificate in chain"),
         {ev::x509_subject, "CN=sip"},
         {ev::x509_issuer, "CN=Private"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "tls-untrusted-root");
    CHECK(rules_out(v, "tls-untrusted-root", "local-missing-root-ca"));
}

TEST_CASE("an unknown root at every server is a root that this PC lacks") {
    auto t = up_to_certificate();
    t.failed(
        "discovery.autodiscover_root", "error", "https://lyncdiscover.contoso.example/",
        {{ev::http_url, "https://lyncdiscover.contoso.example/"},
         {ev::http_fault, "certificate"},
         verify_error(19, 1, "self-signed certificate in chain"),
         {ev::x509_name_matches, true}});
    t.failed(
        "connection.certificate", "untrusted_root", edge,
        {{ev::candidate, edge}, verify_error(19, 1, "self-signed certificate in chain")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-missing-root-ca");
    CHECK(rules_out(v, "local-missing-root-ca", "tls-untrusted-root"));
}

TEST_CASE("an empty trust store explains every distrusted certificate") {
    auto t = up_to_certificate();
    t.failed("devices.trust_store", "empty", "", {{ev::trust_roots, 0}});
    t.failed(
        "connection.certificate", "missing_intermediate", edge,
        {{ev::candidate, edge}, verify_error(20, 0, "unable to get local issuer certificate")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-missing-root-ca");
    CHECK(v.root_causes.front().certainty == certainty::certain);
}

TEST_CASE("after a failed certificate the server is still asked, but that is where it stopped") {
    auto t = up_to_certificate();
    t.failed("connection.certificate", "revoked", edge, {{ev::candidate, edge}})
        .ok("connection.service", "yes", edge, {{ev::candidate, edge}});
    t.challenged(edge).failed("registration.scheme", "none", edge, {{ev::candidate, edge}});
    const auto v = t.judge();
    CHECK(v.stopped_at == "connection.certificate");
    CHECK(root_of(v) == "tls-revoked");
    CHECK(v.exit_code == 30);
    CHECK(v.stage_reached == 4);
}

TEST_CASE("a certificate that is accepted by its common name only is a warning") {
    auto t = signed_in();
    t.add(
        "connection.certificate", "reservations", trace::outcome::warning, edge,
        {{ev::candidate, edge}, {ev::x509_subject, "CN=sip.contoso.example"}, {ev::x509_name_matches, true}});
    CHECK(find(t.judge(), "tls-cn-only-no-san")->severity == severity::warning);
}

TEST_CASE("certificates made on the way are named by who makes them") {
    CHECK(
        root_of(certificate(
            "untrusted_root", {{ev::candidate, edge},
                               {ev::x509_subject, "CN=sip"},
                               {ev::x509_issuer, "CN=Zscaler Intermediate Root CA"}})) == "net-tls-inspection");
    CHECK(
        root_of(certificate(
            "untrusted_root", {{ev::candidate, edge},
                               {ev::x509_subject, "CN=sip"},
                               {ev::x509_issuer, "CN=Kaspersky Anti-Virus Personal Root"}})) == "local-av-tls-scan");
}

TEST_CASE("an unknown maker of certificates is found out by what it shows for other names and hosts") {
    const auto looked = [](const char* probe, const char* issuer, const char* name, const char* result = "untrusted") {
        trace_builder t;
        t.devices()
            .discovered({"sip.contoso.example:443 srv"})
            .ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
            .ok("connection.tls", "agreed", edge, {{ev::candidate, edge}});
        t.failed(
            "connection.certificate", "untrusted_root", edge,
            {{ev::candidate, edge},
             {ev::x509_subject, "CN=sip.contoso.example"},
             {ev::x509_issuer, "CN=Services CA 3"}});
        t.ok(
            "connection.cross_check", "differs", edge,
            {{ev::probe_kind, probe},
             {ev::probe_of, "other.contoso.example:443"},
             {ev::x509_issuer, issuer},
             {ev::x509_name, name},
             {ev::probe_result, result}});
        return t.judge();
    };
    CHECK(root_of(looked("neutral_sni", "CN=Services CA 3", "www.example.com")) == "net-tls-inspection");
    CHECK(
        looked("neutral_sni", "CN=Services CA 3", "www.example.com").root_causes.front().certainty ==
        certainty::likely);  // a program on this PC does the same
    CHECK(root_of(looked("neutral_sni", "CN=Services CA 3", "sip.contoso.example")) == "tls-untrusted-root");
    CHECK(root_of(looked("unrelated_host", "CN=Services CA 3", "www.microsoft.com")) == "net-tls-inspection");
    CHECK(root_of(looked("unrelated_host", "CN=A public CA", "www.microsoft.com")) == "tls-untrusted-root");
    CHECK(
        root_of(looked("unrelated_host", "CN=Services CA 3", "www.microsoft.com", "trusted")) == "tls-untrusted-root");
}

TEST_CASE("a guessed name that leads to a web host by wildcard is no certificate fault") {
    trace_builder t;
    const std::string guess = "sipexternal.contoso.example:443";
    t.devices()
        .discovered({"sipexternal.contoso.example:443 a_fallback"})
        .add("discovery.wildcard", "yes", trace::outcome::warning, "", {{ev::dns_address, "203.0.113.80"}});
    t.ok("connection.tcp", "connected", guess, {{ev::candidate, guess}})
        .ok("connection.tls", "agreed", guess, {{ev::candidate, guess}});
    t.failed(
        "connection.certificate", "name_mismatch", guess,
        {{ev::candidate, guess}, {ev::x509_name, "www.hosting.example"}, {ev::x509_name_matches, false}});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-wildcard-catch-all");
    CHECK(rules_out(v, "dns-wildcard-catch-all", "tls-name-mismatch"));
}

TEST_CASE("reservations about a certificate are warnings") {
    auto t = signed_in();
    t.add(
        "connection.certificate", "reservations", trace::outcome::warning, edge,
        {{ev::candidate, edge},
         {ev::x509_name, "*.contoso.example"},
         {ev::x509_name_matches, true},
         {ev::x509_covers_domain, true}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    CHECK(find(v, "tls-wildcard-cert")->severity == severity::warning);
    CHECK(find(signed_in().judge(), "tls-wildcard-cert") == nullptr);
}
