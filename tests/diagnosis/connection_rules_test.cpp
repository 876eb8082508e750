#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

trace_builder found(std::initializer_list<const char*> candidates = {"sip.contoso.example:443 srv"}) {
    trace_builder t;
    t.devices().discovered(candidates).clock({{"lyncdiscover.contoso.example", 0}});
    return t;
}

verdict tcp(std::string_view branch, std::initializer_list<noted> facts) {
    return found().failed("connection.tcp", branch, edge, facts).judge();
}

verdict tls(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = found();
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}, {ev::peer, "198.51.100.7"}});
    return t.failed("connection.tls", branch, edge, facts).judge();
}

trace_builder before_certificate(const std::string& candidate = edge) {
    auto t = found({(candidate + " srv").c_str()});
    t.ok("connection.tcp", "connected", candidate, {{ev::candidate, candidate}});
    t.ok("connection.tls", "agreed", candidate, {{ev::candidate, candidate}});
    return t;
}

verdict certificate(std::string_view branch, std::initializer_list<noted> facts) {
    return before_certificate().failed("connection.certificate", branch, edge, facts).judge();
}

verdict service(
    std::string_view branch, std::initializer_list<noted> facts, const char* san = "sip.contoso.example",
    const char* issuer = "CN=Contoso CA") {
    auto t = before_certificate();
    t.ok(
        "connection.certificate", "trusted", edge,
        {{ev::candidate, edge}, {ev::x509_name, san}, {ev::x509_issuer, issuer}});
    return t.failed("connection.service", branch, edge, facts).judge();
}

}  // namespace

TEST_CASE("refused, filtered and unreachable are told apart, and the address is named") {
    const auto refused = tcp("refused", {{ev::candidate, edge}, not_connected("198.51.100.7", "refused")});
    CHECK(root_of(refused) == "net-tcp-refused");
    CHECK(refused.stopped_candidate == edge);
    CHECK(refused.exit_code == 30);
    CHECK(refused.findings.front().title == "Nothing listens at sip.contoso.example:443");
    CHECK(refused.findings.front().explanation.find("198.51.100.7") != std::string::npos);
    CHECK(rules_out(refused, "net-tcp-refused", "net-tcp-filtered"));
    const auto filtered = tcp("filtered", {{ev::candidate, edge}, not_connected("198.51.100.7", "timed_out")});
    CHECK(root_of(filtered) == "net-tcp-filtered");
    CHECK(rules_out(filtered, "net-tcp-filtered", "net-tcp-refused"));
    CHECK(
        root_of(tcp("unreachable", {{ev::candidate, edge}, not_connected("198.51.100.7", "unreachable")})) ==
        "net-host-unreachable");
    CHECK(root_of(tcp("reset", {{ev::candidate, edge}, not_connected("198.51.100.7", "reset")})) == "net-lb-no-member");
}

TEST_CASE("outside, a private address that does not answer was leaked") {
    const auto v = tcp("filtered", {{ev::candidate, edge}, not_connected("10.1.2.3", "timed_out")});
    CHECK(root_of(v) == "dns-split-brain-internal-leaked");
    CHECK(rules_out(v, "dns-split-brain-internal-leaked", "net-tcp-filtered"));
}

TEST_CASE("outside, a pool that only the record for the inside names was leaked, whatever its address") {
    const std::string pool = "pool01.contoso.example:5061";
    const auto with = [&](const char* named_by) {
        auto t = found({"pool01.contoso.example:5061 srv"});
        t.ok(named_by, "records", "_sip", {{ev::dns_target, pool}});
        return t
            .failed(
                "connection.tcp", "filtered", pool, {{ev::candidate, pool}, not_connected("203.0.113.6", "timed_out")})
            .judge();
    };
    CHECK(root_of(with("discovery.srv_internal")) == "dns-split-brain-internal-leaked");
    CHECK(root_of(with("discovery.srv_external")) == "net-tcp-filtered");
}

TEST_CASE("an SRV port where nothing answers is wrong when it is none of ours") {
    const std::string odd = "sip.contoso.example:5060";
    const auto v =
        found({"sip.contoso.example:5060 srv"})
            .failed("connection.tcp", "refused", odd, {{ev::candidate, odd}, not_connected("198.51.100.7", "refused")})
            .judge();
    CHECK(root_of(v) == "dns-srv-wrong-port");
}

TEST_CASE("an SRV port where nothing answers is wrong when the same host answers at another") {
    const std::string odd = "sip.contoso.example:5061";
    auto t = found({"sip.contoso.example:5061 srv", "sip.contoso.example:443 a_fallback"});
    t.failed("connection.tcp", "refused", odd, {{ev::candidate, odd}, not_connected("198.51.100.7", "refused")});
    t.connected(edge).challenged(edge).with_certificate(edge).registered(edge).provisioned(edge);
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(root_of(v) == "()");
    CHECK(find(v, "dns-srv-wrong-port")->severity == severity::warning);
    CHECK(rules_out(v, "dns-srv-wrong-port", "net-tcp-refused"));
}

TEST_CASE("5061 without an answer while 443 of the same address answers is a firewall for web only") {
    const std::string pool = "pool.contoso.example:5061";
    trace_builder t;
    t.devices().discovered({"pool.contoso.example:5061 autodiscover"});
    t.ok(
        "discovery.autodiscover_internal", "address", "lyncdiscoverinternal.contoso.example",
        {{ev::dns_name, "lyncdiscoverinternal.contoso.example"},
         told("A", "records"),
         {ev::dns_address, "203.0.113.5"}});
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://lyncdiscoverinternal.contoso.example/",
        {{ev::http_url, "https://lyncdiscoverinternal.contoso.example/"}, {ev::http_status, 200}});
    t.failed("connection.tcp", "filtered", pool, {{ev::candidate, pool}, not_connected("203.0.113.5", "timed_out")});
    const auto v = t.judge();
    CHECK(root_of(v) == "net-5061-blocked-443-open");
    CHECK(rules_out(v, "net-5061-blocked-443-open", "net-tcp-filtered"));
}

TEST_CASE("a dead address among living ones is a warning that names it") {
    auto t = signed_in();
    t.ok(
        "connection.tcp", "connected", edge,
        {{ev::candidate, edge},
         {ev::peer, "198.51.100.7:443"},
         not_connected("198.51.100.7:443", "timed_out"),
         {ev::peer, "198.51.100.8:443"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "()");
    REQUIRE(find(v, "dns-one-pool-member-dead"));
    CHECK(find(v, "dns-one-pool-member-dead")->subject == "198.51.100.7");
    CHECK(find(v, "local-ipv6-broken") == nullptr);
}

TEST_CASE("dead IPv6 before living IPv4 is not a dead pool member") {
    auto t = signed_in();
    t.ok(
        "connection.tcp", "connected", edge,
        {{ev::candidate, edge}, not_connected("2001:db8::7", "timed_out"), {ev::peer, "198.51.100.8"}});
    const auto v = t.judge();
    CHECK(find(v, "local-ipv6-broken")->severity == severity::warning);
    CHECK(find(v, "dns-one-pool-member-dead") == nullptr);
}

TEST_CASE("IPv4 addresses without an IPv4 route, on an IPv6 network") {
    trace_builder t;
    t.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .failed("devices.route", "no_route", "ipv4")
        .ok("devices.route", "chosen", "ipv6");
    t.failed(
        "connection.tcp", "unreachable", edge, {{ev::candidate, edge}, not_connected("198.51.100.7", "unreachable")});
    CHECK(root_of(t.judge()) == "local-ipv6-only");
}

TEST_CASE("a proxy that wants a log-in, one that refuses and a dead one are told apart") {
    CHECK(
        root_of(
            tcp("proxy_refuses", {{ev::candidate, edge}, {ev::proxy, "http://proxy:8080"}, {ev::proxy_status, 407}})) ==
        "net-proxy-407");
    const auto denied = tcp(
        "proxy_refuses", {{ev::candidate, edge}, {ev::proxy, "http://proxy:8080"}, {ev::proxy_status, 403}});
    CHECK(root_of(denied) == "net-proxy-connect-denied");
    CHECK(rules_out(denied, "net-proxy-connect-denied", "net-proxy-407"));
    const auto in_vain = tcp(
        "proxy_refuses", {{ev::candidate, edge}, {ev::proxy, "http://proxy:8080"}, {ev::proxy_status, 503}});
    CHECK(root_of(in_vain) == "net-proxy-connect-denied");
    CHECK(in_vain.root_causes.front().certainty == certainty::likely);
    CHECK(in_vain.findings.front().title == "The proxy does not get through to sip.contoso.example:443 (503)");
    CHECK(
        root_of(tcp("proxy_refuses", {{ev::candidate, edge}, {ev::proxy, "http://proxy:8080"}})) ==
        "local-proxy-dead-leftover");
    CHECK(
        root_of(tcp(
            "refused",
            {{ev::candidate, edge}, {ev::proxy, "http://proxy:8080"}, not_connected("192.0.2.8:8080", "refused")})) ==
        "local-proxy-dead-leftover");
}

TEST_CASE("names from autodiscover that do not resolve are internal names outside") {
    const std::string inner = "pool.corp.contoso.example:5061";
    const auto v = found({"pool.corp.contoso.example:5061 autodiscover"})
                       .failed("connection.tcp", "no_address", inner, {{ev::candidate, inner}})
                       .judge();
    CHECK(root_of(v) == "ad-internal-urls-outside");
}

TEST_CASE("endings of the TLS handshake are told apart") {
    CHECK(
        root_of(
            tls("alert", {{ev::candidate, edge}, {ev::tls_alert, "70"}, {ev::tls_alert_text, "protocol version"}})) ==
        "tls-protocol-version");
    CHECK(root_of(tls("version", {{ev::candidate, edge}})) == "tls-protocol-version");
    CHECK(root_of(tls("alert", {{ev::candidate, edge}, {ev::tls_alert, "40"}})) == "tls-cipher-mismatch");
    CHECK(root_of(tls("cipher", {{ev::candidate, edge}})) == "tls-cipher-mismatch");
    CHECK(
        root_of(
            tls("client_certificate", {{ev::candidate, edge}, {ev::tls_alert, "40"}, {ev::tls_client_auth, true}})) ==
        "tls-client-cert-demanded");
    CHECK(
        root_of(tls("client_certificate", {{ev::candidate, edge}, {ev::tls_alert, "116"}})) ==
        "tls-client-cert-demanded");
    CHECK(root_of(tls("alert", {{ev::candidate, edge}, {ev::tls_alert, "112"}})) == "tls-sni-required");
    CHECK(root_of(tls("reset", {{ev::candidate, edge}, {ev::tls_fault, "reset"}})) == "net-rst-after-clienthello");
    CHECK(
        root_of(tls("reset", {{ev::candidate, edge}, {ev::tls_fault, "reset"}, {ev::tls_version, "TLSv1.2"}})) ==
        "net-rst-mid-handshake");
    CHECK(root_of(tls("reset", {{ev::candidate, edge}, {ev::tls_fault, "closed"}})) == "net-lb-no-member");
    CHECK(root_of(tls("silent", {{ev::candidate, edge}})) == "tls-handshake-timeout");
    CHECK(root_of(tls("silent", {{ev::candidate, edge}, {ev::tls_version, "TLSv1.2"}})) == "net-mtu-blackhole");
    CHECK(root_of(tls("not_tls", {{ev::candidate, edge}, {ev::tls_first_bytes, "SIP/2.0 400"}})) == "tls-not-tls");
    CHECK(rules_out(tls("silent", {{ev::candidate, edge}}), "tls-handshake-timeout", "net-tcp-filtered"));
}

TEST_CASE("an alert that no rule knows is where it stopped, and has no cause") {
    const auto v = tls("alert", {{ev::candidate, edge}, {ev::tls_alert, "80"}, {ev::tls_alert_text, "internal error"}});
    CHECK(v.stopped_at == "connection.tls");
    CHECK(v.stopped_candidate == edge);
    CHECK(v.root_causes.empty());
    CHECK(v.findings.empty());
    CHECK(v.exit_code == 30);
}

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
}

TEST_CASE("an unknown root at one server only is that server's fault") {
    auto t = before_certificate();
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
    auto t = before_certificate();
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
    auto t = before_certificate();
    t.failed("devices.trust_store", "empty", "", {{ev::trust_roots, 0}});
    t.failed(
        "connection.certificate", "missing_intermediate", edge,
        {{ev::candidate, edge}, verify_error(20, 0, "unable to get local issuer certificate")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-missing-root-ca");
    CHECK(v.root_causes.front().certainty == certainty::certain);
}

TEST_CASE("after a failed certificate the server is still asked, but that is where it stopped") {
    auto t = before_certificate();
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

TEST_CASE("a web server at the SIP port, behind a known proxy or not") {
    CHECK(root_of(service("http", {{ev::candidate, edge}})) == "tls-http-on-sip-port");
    CHECK(
        root_of(service("http", {{ev::candidate, edge}}, "sip.contoso.example", "CN=Zscaler Intermediate")) ==
        "net-tls-inspection-breaks-sip");
}

TEST_CASE("what decrypts SIP and then hangs up is named by who made the certificate") {
    const auto hung_up = [](const char* issuer) {
        return root_of(
            service("silent", {{ev::candidate, edge}, {ev::sip_error, "closed"}}, "sip.contoso.example", issuer));
    };
    CHECK(hung_up("CN=ESET SSL Filter CA") == "local-av-tls-scan");
    CHECK(
        root_of(service("http", {{ev::candidate, edge}}, "sip.contoso.example", "CN=ESET SSL Filter CA")) ==
        "local-av-tls-scan");
    CHECK(hung_up("CN=FortiGate CA") == "net-tls-inspection-breaks-sip");
    CHECK(hung_up("CN=Contoso CA") == "tls-wrong-edge-service");
}

TEST_CASE("a SIP server of another kind is named with what it offers") {
    const auto v = service(
        "other_sip", {{ev::candidate, edge},
                      {ev::sip_server, "Asterisk PBX 18"},
                      {ev::sip_status, 401},
                      {ev::auth_scheme_offered, "Digest"}});
    CHECK(root_of(v) == "reg-no-common-scheme");
    CHECK(
        v.findings.front().title ==
        "sip.contoso.example:443 is 'Asterisk PBX 18', not Skype for Business: it offers only Digest");
    CHECK(v.stopped_at == "connection.service");
    CHECK(rules_out(v, "reg-no-common-scheme", "tls-http-on-sip-port"));
}

TEST_CASE("TLS without SIP is the wrong Edge service when it hangs up or its name is its own, else silence") {
    CHECK(root_of(service("silent", {{ev::candidate, edge}, {ev::sip_error, "closed"}})) == "tls-wrong-edge-service");
    CHECK(
        root_of(service("silent", {{ev::candidate, edge}, {ev::sip_error, "timed_out"}}, "webconf.contoso.example")) ==
        "tls-wrong-edge-service");
    CHECK(root_of(service("silent", {{ev::candidate, edge}, {ev::sip_error, "timed_out"}})) == "reg-timeout");
}
