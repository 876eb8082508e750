#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict tcp(std::string_view branch, std::initializer_list<noted> facts) {
    return up_to_candidates().failed("connection.tcp", branch, edge, facts).judge();
}

verdict tls(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = up_to_candidates();
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}, {ev::peer, "198.51.100.7"}});
    return t.failed("connection.tls", branch, edge, facts).judge();
}

verdict service(
    std::string_view branch, std::initializer_list<noted> facts, const char* san = "sip.contoso.example",
    const char* issuer = "CN=Contoso CA") {
    auto t = up_to_certificate();
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
        auto t = up_to_candidates({"pool01.contoso.example:5061 srv"});
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
        up_to_candidates({"sip.contoso.example:5060 srv"})
            .failed("connection.tcp", "refused", odd, {{ev::candidate, odd}, not_connected("198.51.100.7", "refused")})
            .judge();
    CHECK(root_of(v) == "dns-srv-wrong-port");
}

TEST_CASE("an SRV port where nothing answers is wrong when the same host answers at another") {
    const std::string odd = "sip.contoso.example:5061";
    auto t = up_to_candidates({"sip.contoso.example:5061 srv", "sip.contoso.example:443 a_fallback"});
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
    const auto v = up_to_candidates({"pool.corp.contoso.example:5061 autodiscover"})
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

TEST_CASE("a handshake that a moment later comes up as it was failed for no name and no version") {
    const auto looked = [](std::string_view branch, std::initializer_list<noted> facts, const char* again) {
        auto t = up_to_candidates();
        t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}, {ev::peer, "198.51.100.7"}});
        t.failed("connection.tls", branch, edge, facts);
        t.ok(
            "connection.cross_check", "differs", edge + " no_sni",
            {{ev::probe_kind, "no_sni"},
             {ev::probe_of, edge},
             {ev::probe_result, "agreed"},
             together({{ev::tls_tried, "unchanged"}, {ev::tls_tried_result, again}})});
        return t.judge();
    };
    const std::initializer_list<noted> alert{{ev::candidate, edge}, {ev::tls_alert, "40"}};
    CHECK(root_of(looked("alert", alert, "alert_40")) == "tls-sni-required");
    CHECK(looked("alert", alert, "agreed").root_causes.empty());
    const std::initializer_list<noted> reset{{ev::candidate, edge}, {ev::tls_fault, "reset"}};
    const auto filtered = looked("reset", reset, "reset"), passing = looked("reset", reset, "agreed");
    CHECK(filtered.findings.front().title.find("does not let this TLS message pass") != std::string::npos);
    CHECK(root_of(passing) == "net-rst-after-clienthello");
    CHECK(passing.root_causes.front().certainty == certainty::possible);
    CHECK(
        passing.findings.front().explanation.find("A moment later the same handshake succeeded") != std::string::npos);
    const std::initializer_list<noted> nothing{{ev::candidate, edge}, {ev::tls_bytes_in, 0}};
    CHECK(root_of(looked("silent", nothing, "silent")) == "net-rst-after-clienthello");
    CHECK(root_of(looked("silent", nothing, "agreed")) == "tls-handshake-timeout");
    CHECK(looked("silent", nothing, "agreed").root_causes.front().certainty == certainty::possible);
}

TEST_CASE("a server that hung up at first and takes connections a moment later does not close them all") {
    auto t = up_to_candidates();
    t.failed("connection.tcp", "reset", edge, {{ev::candidate, edge}, not_connected("198.51.100.7", "reset")});
    CHECK(root_of(t.judge()) == "net-lb-no-member");
    CHECK(t.judge().root_causes.front().certainty == certainty::likely);
    t.ok(
        "connection.cross_check", "differs", edge + " tls_1_1",
        {{ev::probe_kind, "tls_1_1"}, {ev::probe_of, edge}, {ev::probe_result, "agreed"}});
    CHECK(root_of(t.judge()) == "net-lb-no-member");
    CHECK(t.judge().root_causes.front().certainty == certainty::possible);
    CHECK(t.judge().findings.front().explanation.find("closes every connection") == std::string::npos);
}
