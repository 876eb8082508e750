// Rules about what this PC brings along: names, proxies, what was kept.
#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;
using trace::outcome;

namespace {

constexpr auto warned = outcome::warning;

trace_builder with_names(std::initializer_list<noted> hosts) {
    auto t = signed_in();
    t.ok(
        "discovery.host_sip", "address", "sip.contoso.example",
        {{ev::dns_name, "sip.contoso.example"}, {ev::dns_address, "198.51.100.7"}});
    t.ok(
        "discovery.host_internal", "not_there", "sipinternal.contoso.example",
        {{ev::dns_name, "sipinternal.contoso.example"}});
    t.add("devices.hosts", "no", warned, "", hosts);
    return t;
}

trace_builder with_resolvers(std::initializer_list<noted> resolvers) {
    auto t = signed_in();
    t.ok(
        "devices.adapters", "usable", "",
        {together({{ev::adapter_name, "eth0"}, {ev::adapter_kind, "ethernet"}, {ev::adapter_link, "up"}}),
         together({{ev::adapter_name, "tun0"}, {ev::adapter_kind, "tunnel"}}), has_address("eth0", "192.168.10.21")});
    t.add("devices.resolvers", "some", warned, "", resolvers);
    return t;
}

const noted living = resolver_said("192.168.10.1:53", true, "records");

}  // namespace

TEST_CASE("the line of the hosts file that stands against DNS is named, not another one") {
    auto t = trace_builder();
    t.devices().discovered({"sip.contoso.example:443 srv"});
    t.add(
        "devices.hosts", "yes_different", warned, "",
        {hosts_line(2, "198.51.100.20", "meet.contoso.example"), together(
                                                                     {{ev::hosts_line, 3},
                                                                      {ev::hosts_address, "10.255.255.1"},
                                                                      {ev::hosts_name, "sip.contoso.example"},
                                                                      {ev::hosts_differs, true},
                                                                      {ev::hosts_dns, "198.51.100.7"}})});
    t.failed(
        "connection.tcp", "filtered", edge, {{ev::candidate, edge}, not_connected("10.255.255.1:443", "timed_out")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-hosts-override");
    CHECK(v.root_causes.front().subject == "sip.contoso.example");
    CHECK(v.findings.front().explanation.find("line 3") != std::string::npos);
    CHECK(rules_out(v, "local-hosts-override", "dns-stale-a"));
}

TEST_CASE("a look-up of the system that differs from DNS is a stale cache; with a suffix it is a hijack") {
    const auto stale = with_names({system_said("sip.contoso.example", "198.51.100.99")}).judge();
    CHECK(find(stale, "local-stale-dns-cache")->severity == severity::warning);
    CHECK(find(stale, "local-stale-dns-cache")->subject == "sip.contoso.example");
    CHECK(find(stale, "local-dns-suffix-hijack") == nullptr);
    const auto hijacked = with_names({system_said("sipinternal.contoso.example", "203.0.113.5"),
                                      {ev::search_suffix, "corp.example"}})
                              .judge();
    CHECK(find(hijacked, "local-dns-suffix-hijack")->severity == severity::warning);
    CHECK(rules_out(hijacked, "local-dns-suffix-hijack", "dns-wildcard-catch-all"));
    CHECK(find(hijacked, "local-stale-dns-cache") == nullptr);
}

TEST_CASE("a look-up of the system that agrees with DNS, or with the hosts file, is no finding") {
    const auto same = with_names({system_said("sip.contoso.example", "198.51.100.7"),
                                  system_said("sip.contoso.example", "198.51.100.8")})
                          .judge();
    CHECK(find(same, "local-stale-dns-cache") == nullptr);
    const auto by_line = with_names({system_said("sip.contoso.example", "10.0.0.1"),
                                     hosts_line(1, "10.0.0.1", "sip.contoso.example")})
                             .judge();
    CHECK(find(by_line, "local-stale-dns-cache") == nullptr);
}

TEST_CASE("a useless resolver from elsewhere that stands first is one that a VPN left behind") {
    const auto v = with_resolvers({resolver_said("10.8.0.1:53", false, "timeout"), living}).judge();
    CHECK(find(v, "local-vpn-dns-only-leak")->severity == severity::warning);
    CHECK(find(v, "local-vpn-dns-only-leak")->certainty == certainty::likely);
    CHECK(
        find(
            with_resolvers({resolver_said("10.8.0.1:53", true, "REFUSED"), living}).judge(),
            "local-vpn-dns-only-leak") != nullptr);
}

TEST_CASE("a resolver of this site, one behind a tunnel that is up, and a second one are none that a VPN left behind") {
    CHECK(
        find(
            with_resolvers({resolver_said("192.168.10.2:53", false, "timeout"), living}).judge(),
            "local-vpn-dns-only-leak") == nullptr);
    CHECK(
        find(
            with_resolvers({resolver_said("10.8.0.1:53", false, "timeout"), living,
                            together({{ev::adapter_name, "tun0"}, {ev::resolver, "10.8.0.1:53"}})})
                .judge(),
            "local-vpn-dns-only-leak") == nullptr);
    CHECK(
        find(
            with_resolvers({living, resolver_said("10.8.0.1:53", false, "timeout")}).judge(),
            "local-vpn-dns-only-leak") == nullptr);
}

TEST_CASE(
    "a script by file:// is a warning, and the cause when the direct way is closed and the script names a proxy") {
    const std::initializer_list<noted> script{
        {ev::pac_url, "file:///etc/proxy.pac"},
        {ev::proxy_source, "auto_proxy"},
        script_said("sip.contoso.example", "PROXY proxy:8080")};
    auto fine = signed_in();
    fine.ok("devices.proxy", "pac", "", script);
    CHECK(find(fine.judge(), "local-pac-file-scheme")->severity == severity::warning);
    auto t = trace_builder();
    t.devices().ok("devices.proxy", "pac", "", script).discovered({"sip.contoso.example:443 srv"});
    t.failed(
        "connection.tcp", "filtered", edge, {{ev::candidate, edge}, not_connected("198.51.100.7:443", "timed_out")});
    CHECK(root_of(t.judge()) == "local-pac-file-scheme");
    auto direct = trace_builder();
    direct.devices().ok(
        "devices.proxy", "pac", "",
        {{ev::pac_url, "file:///etc/proxy.pac"}, script_said("sip.contoso.example", "DIRECT")});
    direct.discovered({"sip.contoso.example:443 srv"})
        .failed(
            "connection.tcp", "filtered", edge,
            {{ev::candidate, edge}, not_connected("198.51.100.7:443", "timed_out")});
    CHECK(root_of(direct.judge()) == "net-tcp-filtered");
}

TEST_CASE("WPAD that keeps the client waiting is a warning; one that answers is nothing") {
    const auto with = [](std::initializer_list<noted> facts) {
        auto t = signed_in();
        return t.ok("devices.proxy", "wpad", "", facts).judge();
    };
    const auto slow = with({{ev::wpad, "wpad.contoso.example"}, {ev::pac_fault, "timed_out"}, {ev::pac_ms, 5000}});
    CHECK(find(slow, "local-wpad-slow")->severity == severity::warning);
    CHECK(slow.root_causes.empty());
    CHECK(find(with({{ev::wpad, "wpad.contoso.example"}, {ev::pac_ms, 80}}), "local-wpad-slow") == nullptr);
    CHECK(find(with({{ev::pac_fault, "not_found"}, {ev::pac_ms, 5000}}), "local-wpad-slow") == nullptr);
}

TEST_CASE("a script that names two proxies, one of which refuses the log-in") {
    auto t = up_to_challenge();
    t.ok(
        "devices.proxy", "pac", "",
        {script_said("sip.contoso.example", "PROXY a:8080; DIRECT"),
         script_said("login.contoso.example", "PROXY b:3128")});
    t.ok("connection.tcp", "by_proxy", edge, {{ev::candidate, edge}, {ev::proxy, "a:8080"}});
    t.failed(
        "registration.web_ticket", "unreachable", "https://login.contoso.example/x",
        {{ev::candidate, edge}, {ev::http_url, "https://login.contoso.example/x"}, {ev::http_fault, "proxy"}});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-pac-wrong-proxy");
    CHECK(rules_out(v, "local-pac-wrong-proxy", "net-proxy-407"));
    auto one = up_to_challenge();
    one.ok(
        "devices.proxy", "pac", "",
        {script_said("sip.contoso.example", "PROXY a:8080"), script_said("login.contoso.example", "PROXY a:8080")});
    one.ok("connection.tcp", "by_proxy", edge, {{ev::candidate, edge}, {ev::proxy, "a:8080"}});
    one.failed(
        "registration.web_ticket", "unreachable", "https://login.contoso.example/x",
        {{ev::candidate, edge}, {ev::http_url, "https://login.contoso.example/x"}, {ev::http_fault, "proxy"}});
    CHECK(find(one.judge(), "local-pac-wrong-proxy") == nullptr);
}

TEST_CASE("a proxy that is dead is named once, however it was noticed") {
    auto t = trace_builder();
    t.devices().discovered({"sip.contoso.example:443 srv"});
    t.add(
        "devices.proxy", "dead", warned, "",
        {{ev::proxy, "http://proxy.contoso.example:8080"},
         {ev::proxy_source, "HTTPS_PROXY"},
         {ev::proxy_fault, "refused"}});
    t.failed(
        "connection.tcp", "refused", edge,
        {{ev::candidate, edge}, {ev::proxy, "proxy.contoso.example:8080"}, not_connected("192.0.2.8:8080", "refused")});
    const auto v = t.judge();
    CHECK(root_of(v) == "local-proxy-dead-leftover");
    CHECK(std::ranges::count(v.findings, "local-proxy-dead-leftover", &finding::id) == 1);
}

TEST_CASE("a cached server that is gone is a warning when the sign-in goes on") {
    auto t = signed_in();
    t.add(
        "discovery.cached_server", "stale", warned, "",
        {{ev::candidate, "old.contoso.example:443"}, {ev::cache_written_at, "2026-01-05T08:00:00Z"}});
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(find(v, "local-endpoint-cache-stale")->severity == severity::warning);
    CHECK(find(v, "local-endpoint-cache-stale")->subject == "old.contoso.example:443");
}

TEST_CASE("a damaged, an expired and a refused certificate are told apart") {
    const auto kept = [](std::string_view branch, std::initializer_list<noted> facts) {
        auto t = signed_in();
        return t.add("registration.cached_certificate", branch, warned, edge, facts).judge();
    };
    const auto corrupt = kept(
        "none", {{ev::candidate, edge}, {ev::cache_fault, "wrong_key"}, {ev::cache_file, "certificate.pem"}});
    CHECK(find(corrupt, "local-user-cert-corrupt")->severity == severity::warning);
    CHECK(rules_out(corrupt, "local-user-cert-corrupt", "reg-dsk-cert-revoked"));
    const auto expired = kept("expired", {{ev::candidate, edge}, {ev::cache_fault, "expired"}});
    CHECK(find(expired, "local-user-cert-expired")->severity == severity::info);
    CHECK(find(expired, "local-user-cert-corrupt") == nullptr);
    const auto refused = kept("refused", {{ev::candidate, edge}});
    CHECK(find(refused, "reg-dsk-cert-revoked")->severity == severity::warning);
    CHECK(rules_out(refused, "reg-dsk-cert-revoked", "local-user-cert-expired"));
    CHECK(find(kept("yes", {{ev::candidate, edge}}), "local-user-cert-corrupt") == nullptr);
}

TEST_CASE("a folder that can't be written is a warning") {
    auto t = signed_in();
    t.add(
        "discovery.cached_server", "none", warned, "",
        {{ev::cache_fault, "unwritable"}, {ev::cache_file, "/home/alice/.cache/ucsignin"}});
    CHECK(find(t.judge(), "local-profile-unwritable")->severity == severity::warning);
    CHECK(t.judge().root_causes.empty());
}

TEST_CASE("a saved password that is refused may be an old one; the refusal stays the cause") {
    auto t = up_to_challenge();
    t.add("registration.scheme", "tls_dsk", outcome::ok, edge, {{ev::candidate, edge}, {ev::password_source, "file"}});
    t.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket",
        {{ev::candidate, edge}, {ev::http_status, 401}, {ev::http_url, "https://web.contoso.example/WebTicket"}});
    const auto v = t.judge();
    CHECK(root_of(v) != "local-credential-cache-old-password");
    CHECK(find(v, "local-credential-cache-old-password")->severity == severity::info);
    auto typed = up_to_challenge();
    typed.add(
        "registration.scheme", "tls_dsk", outcome::ok, edge, {{ev::candidate, edge}, {ev::password_source, "prompt"}});
    typed.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket",
        {{ev::candidate, edge}, {ev::http_status, 401}});
    CHECK(find(typed.judge(), "local-credential-cache-old-password") == nullptr);
}

TEST_CASE("one certificate, trusted and distrusted within a run, is a root store that changes") {
    const auto chain = [](const char* at, const char* print) {
        return std::vector<noted>{
            {ev::candidate, at},
            {ev::x509_fingerprint, print},
            {ev::x509_subject, "CN=sip.contoso.example"},
            {ev::x509_chain_subject, "CN=sip.contoso.example"}};
    };
    const std::string second = "sipexternal.contoso.example:443";
    auto t = signed_in();
    const auto good = chain("sip.contoso.example:443", "aa"), bad = chain("sipexternal.contoso.example:443", "aa");
    t.ok("connection.certificate", "trusted", edge, {good[0], good[1], good[2], good[3]});
    t.failed("connection.certificate", "untrusted_root", second, {bad[0], bad[1], bad[2], bad[3]});
    CHECK(find(t.judge(), "local-root-store-gpo-flap") != nullptr);
    auto other = signed_in();
    const auto foreign = chain("sipexternal.contoso.example:443", "bb");
    other.ok("connection.certificate", "trusted", edge, {good[0], good[1], good[2], good[3]});
    other.failed("connection.certificate", "untrusted_root", second, {foreign[0], foreign[1], foreign[2], foreign[3]});
    CHECK(find(other.judge(), "local-root-store-gpo-flap") == nullptr);
}

TEST_CASE("TLS versions that this PC has switched off are told from a server that is too old") {
    const auto with = [](const char* lowest, const char* highest) {
        trace_builder t;
        t.devices().ok(
            "devices.trust_store", "loaded", "",
            {{ev::trust_roots, 140}, {ev::tls_local_lowest, lowest}, {ev::tls_local_highest, highest}});
        t.discovered({"sip.contoso.example:443 srv"}).ok("connection.tcp", "connected", edge, {{ev::candidate, edge}});
        return t.failed("connection.tls", "version", edge, {{ev::candidate, edge}, {ev::tls_alert, "70"}}).judge();
    };
    CHECK(root_of(with("TLSv1.3", "TLSv1.3")) == "local-tls-versions-disabled");
    CHECK(root_of(with("TLSv1", "TLSv1.1")) == "local-tls-versions-disabled");
    CHECK(rules_out(with("TLSv1.3", "TLSv1.3"), "local-tls-versions-disabled", "tls-protocol-version"));
    // Refused for its ciphers by whoever speaks TLS 1.3: what comes up with TLS 1.1 comes up without that policy.
    trace_builder strict;
    strict.devices().ok(
        "devices.trust_store", "loaded", "",
        {{ev::trust_roots, 140}, {ev::tls_local_lowest, "TLSv1.3"}, {ev::tls_local_highest, "TLSv1.3"}});
    strict.discovered({"sip.contoso.example:443 srv"}).ok("connection.tcp", "connected", edge, {{ev::candidate, edge}});
    strict.failed("connection.tls", "alert", edge, {{ev::candidate, edge}, {ev::tls_alert, "40"}});
    strict.ok(
        "connection.cross_check", "differs", edge + " tls_1_1",
        {{ev::probe_kind, "tls_1_1"}, {ev::probe_of, edge}, {ev::probe_result, "agreed"}});
    CHECK(root_of(strict.judge()) == "tls-cipher-mismatch");
    CHECK(strict.judge().root_causes.front().certainty == certainty::likely);
    CHECK(root_of(with("TLSv1.2", "TLSv1.3")) == "tls-protocol-version");
}

TEST_CASE("a MachineGuid in braces is the cause when no key could be made, and a warning otherwise") {
    auto t = up_to_challenge();
    t.add("devices.trust_store", "loaded", trace::outcome::ok, "", {{ev::machine_guid, "braces"}});
    t.failed("registration.user_certificate", "wrong", edge, {{ev::candidate, edge}});
    CHECK(root_of(t.judge()) == "local-machineguid-braces");
    CHECK(rules_out(t.judge(), "local-machineguid-braces", "local-user-cert-corrupt"));
    auto fine = signed_in();
    fine.add("devices.trust_store", "loaded", trace::outcome::ok, "", {{ev::machine_guid, "braces"}});
    CHECK(find(fine.judge(), "local-machineguid-braces")->severity == severity::warning);
    auto plain = signed_in();
    plain.add("devices.trust_store", "loaded", trace::outcome::ok, "", {{ev::machine_guid, "plain"}});
    CHECK(find(plain.judge(), "local-machineguid-braces") == nullptr);
}
