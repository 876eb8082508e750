#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

trace_builder found() {
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"}).clock({{"lyncdiscover.contoso.example", 0}});
    return t;
}

trace_builder tls_failed(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = found();
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}, {ev::peer, "198.51.100.7"}});
    t.failed("connection.tls", branch, edge, facts);
    return t;
}

// The second round's look at the Edge in another way.
trace_builder& look(trace_builder& t, const char* probe, const char* result) {
    t.ok(
        "connection.cross_check", std::string_view(result) == "agreed" ? "differs" : "same", edge + " " + probe,
        {{ev::probe_kind, probe}, {ev::probe_of, edge}, {ev::probe_result, result}});
    return t;
}

trace_builder& detailed(trace_builder& t, const char* probe, const char* result, const noted& detail) {
    t.ok(
        "connection.cross_check", "differs", edge + " " + probe,
        {{ev::probe_kind, probe}, {ev::probe_of, edge}, {ev::probe_result, result}, detail});
    return t;
}

}  // namespace

TEST_CASE(
    "a silent server, large packets that vanish and a one-way path are told apart by the kernel and a second look") {
    auto hung = tls_failed("silent", {{ev::candidate, edge}, {ev::tls_bytes_in, 0}, {ev::tcp_unacked, 0}});
    CHECK(root_of(hung.judge()) == "tls-handshake-timeout");
    look(look(hung, "small_segments", "silent"), "no_sni", "silent");
    CHECK(root_of(hung.judge()) == "tls-handshake-timeout");
    CHECK(hung.judge().root_causes.front().certainty == certainty::certain);
    CHECK(rules_out(hung.judge(), "tls-handshake-timeout", "net-mtu-blackhole"));

    auto small = tls_failed("silent", {{ev::candidate, edge}, {ev::tls_bytes_in, 0}});
    look(small, "small_segments", "agreed");
    CHECK(root_of(small.judge()) == "net-mtu-blackhole");
    CHECK(rules_out(small.judge(), "net-mtu-blackhole", "tls-handshake-timeout"));

    auto chance = tls_failed("silent", {{ev::candidate, edge}, {ev::tls_bytes_in, 0}});
    look(chance, "small_segments", "both_agreed");
    CHECK(root_of(chance.judge()) == "tls-handshake-timeout");
    CHECK(chance.judge().root_causes.front().certainty == certainty::possible);

    CHECK(
        root_of(
            tls_failed("silent", {{ev::candidate, edge}, {ev::tls_bytes_in, 0}, {ev::tcp_out_of_order, 2}}).judge()) ==
        "net-mtu-blackhole");

    auto one_way = tls_failed(
        "silent", {{ev::candidate, edge}, {ev::tls_bytes_in, 0}, {ev::tcp_unacked, 1}, {ev::tcp_retransmits, 4}});
    CHECK(root_of(one_way.judge()) == "net-asymmetric-stateful");
    CHECK(rules_out(one_way.judge(), "net-asymmetric-stateful", "tls-handshake-timeout"));
    look(one_way, "other_source", "agreed");
    CHECK(one_way.judge().root_causes.front().certainty == certainty::certain);
}

TEST_CASE("a filter that reads the ClientHello is told from a server that hangs up") {
    auto by_name = tls_failed("reset", {{ev::candidate, edge}, {ev::tls_fault, "reset"}});
    look(look(by_name, "neutral_sni", "agreed"), "tls_1_2", "reset");
    CHECK(root_of(by_name.judge()) == "net-rst-after-clienthello");
    CHECK(rules_out(by_name.judge(), "net-rst-after-clienthello", "net-lb-no-member"));
    auto too_old = tls_failed("reset", {{ev::candidate, edge}, {ev::tls_fault, "closed"}});
    look(look(too_old, "tls_1_2", "closed"), "tls_1_1", "agreed");
    CHECK(root_of(too_old.judge()) == "tls-protocol-version");
    CHECK(rules_out(too_old.judge(), "tls-protocol-version", "net-rst-after-clienthello"));
    auto none = tls_failed("reset", {{ev::candidate, edge}, {ev::tls_fault, "closed"}});
    look(look(none, "tls_1_2", "closed"), "tls_1_1", "closed");
    CHECK(root_of(none.judge()) == "net-lb-no-member");
}

TEST_CASE("a server that ends every connection is one without members, and TLS says no other") {
    auto t = tls_failed("reset", {{ev::candidate, edge}, {ev::tls_fault, "reset"}});
    t.failed("connection.tcp", "reset", edge, {{ev::candidate, edge}, not_connected("198.51.100.7:443", "reset")});
    const auto v = t.judge();
    CHECK(v.stopped_at == "connection.tcp");
    CHECK(root_of(v) == "net-lb-no-member");
    CHECK(find(v, "net-rst-after-clienthello") == nullptr);
    CHECK(rules_out(v, "net-lb-no-member", "net-rst-after-clienthello"));
}

TEST_CASE("alert 40 that TLS 1.1 avoids is an unusual signature, or an old server") {
    auto pss = tls_failed("alert", {{ev::candidate, edge}, {ev::tls_alert, "40"}});
    detailed(pss, "tls_1_1", "agreed", {ev::x509_signature, "rsassaPss"});
    CHECK(root_of(pss.judge()) == "tls-ca-alternate-signature");
    CHECK(rules_out(pss.judge(), "tls-ca-alternate-signature", "tls-cipher-mismatch"));
    auto old = tls_failed("alert", {{ev::candidate, edge}, {ev::tls_alert, "40"}});
    detailed(old, "tls_1_1", "agreed", {ev::x509_signature, "sha256WithRSAEncryption"});
    CHECK(root_of(old.judge()) == "tls-protocol-version");
    auto neither = tls_failed("alert", {{ev::candidate, edge}, {ev::tls_alert, "40"}});
    look(neither, "tls_1_1", "alert 40");
    CHECK(root_of(neither.judge()) == "tls-cipher-mismatch");
    CHECK(rules_out(neither.judge(), "tls-cipher-mismatch", "tls-ca-alternate-signature"));
}

TEST_CASE("a name that is refused while none is accepted is a matter of the name") {
    auto t = tls_failed("alert", {{ev::candidate, edge}, {ev::tls_alert, "40"}});
    look(t, "no_sni", "agreed");
    CHECK(root_of(t.judge()) == "tls-sni-required");
}

TEST_CASE("what this side refuses as too weak is named for that") {
    CHECK(
        root_of(tls_failed("cipher", {{ev::candidate, edge}, {ev::tls_fault, "weak_key"}}).judge()) == "tls-weak-key");
    CHECK(
        root_of(tls_failed("cipher", {{ev::candidate, edge}, {ev::tls_fault, "weak_signature"}}).judge()) ==
        "tls-weak-signature");
}

TEST_CASE("a full list of issuers is told from a mere demand") {
    const auto full = tls_failed(
        "client_certificate", {{ev::candidate, edge},
                               {ev::tls_alert, "40"},
                               {ev::tls_client_auth, true},
                               {ev::tls_ca_names, 140},
                               {ev::tls_ca_bytes, 16300}});
    CHECK(root_of(full.judge()) == "tls-issuer-list-truncated");
    const auto few = tls_failed(
        "client_certificate", {{ev::candidate, edge},
                               {ev::tls_alert, "40"},
                               {ev::tls_client_auth, true},
                               {ev::tls_ca_names, 3},
                               {ev::tls_ca_bytes, 300}});
    CHECK(root_of(few.judge()) == "tls-client-cert-demanded");
}

TEST_CASE("a port that is filtered from here and open from another address of this PC is an access list") {
    auto t = found();
    t.failed(
        "connection.tcp", "filtered", edge, {{ev::candidate, edge}, not_connected("198.51.100.7:443", "timed_out")});
    detailed(t, "other_source", "agreed", together({{ev::source_address, "192.0.2.99"}, {ev::probe_try, "agreed"}}));
    CHECK(root_of(t.judge()) == "net-source-acl");
    CHECK(rules_out(t.judge(), "net-source-acl", "net-tcp-filtered"));
    t.ok("devices.route", "tunnel_wins", edge, {{ev::adapter_name, "tun0"}});
    CHECK(root_of(t.judge()) == "local-vpn-adapter-preferred");
    auto closed = found();
    closed.failed(
        "connection.tcp", "filtered", edge, {{ev::candidate, edge}, not_connected("198.51.100.7:443", "timed_out")});
    detailed(
        closed, "other_source", "filtered",
        together({{ev::source_address, "192.0.2.99"}, {ev::probe_try, "filtered"}}));
    CHECK(root_of(closed.judge()) == "net-tcp-filtered");
}

TEST_CASE("a refusal by this PC's own firewall is told from a router's") {
    auto t = found();
    t.failed(
        "connection.tcp", "unreachable", edge,
        {{ev::candidate, edge}, not_connected("198.51.100.7:443", "unreachable", "EPERM")});
    CHECK(root_of(t.judge()) == "local-firewall-blocks-process");
    auto router = found();
    router.failed(
        "connection.tcp", "unreachable", edge,
        {{ev::candidate, edge}, not_connected("198.51.100.7:443", "unreachable", "EHOSTUNREACH")});
    CHECK(root_of(router.judge()) == "net-host-unreachable");
}

TEST_CASE("the usual ports of the host tell a wrong record from a stopped service") {
    const std::string refused = "sip.contoso.example:443";
    auto t = found();
    t.failed(
        "connection.tcp", "refused", refused, {{ev::candidate, refused}, not_connected("198.51.100.7:443", "refused")});
    detailed(t, "usual_ports", "open", together({{ev::server_port, 5061}, {ev::probe_try, "agreed"}}));
    CHECK(root_of(t.judge()) == "dns-srv-wrong-port");
    CHECK(rules_out(t.judge(), "dns-srv-wrong-port", "net-tcp-refused"));
}

TEST_CASE("a long way and a lossy one are warnings, each by its own evidence") {
    auto far = signed_in();
    far.ok(
        "connection.tcp", "connected", edge,
        {{ev::candidate, edge},
         {ev::peer, "198.51.100.7"},
         {ev::tcp_ms, 410},
         {ev::tcp_rtt, 405},
         {ev::tcp_retransmits, 0}});
    CHECK(root_of(far.judge()) == "()");
    CHECK(find(far.judge(), "net-high-latency")->severity == severity::warning);
    CHECK(find(far.judge(), "net-loss") == nullptr);
    auto lossy = signed_in();
    lossy.ok("connection.tls", "agreed", edge, {{ev::candidate, edge}, {ev::tcp_retransmits, 4}, {ev::tcp_rtt, 20}});
    CHECK(find(lossy.judge(), "net-loss")->severity == severity::warning);
    CHECK(find(lossy.judge(), "net-high-latency") == nullptr);
    CHECK(find(signed_in().judge(), "net-loss") == nullptr);
    CHECK(find(signed_in().judge(), "net-high-latency") == nullptr);
}

TEST_CASE("an address that is bad beside the one taken is named, whatever is wrong with it") {
    const auto aside = [](std::string_view node, std::string_view branch, const char* address = "198.51.100.8:443") {
        auto t = signed_in();
        t.add(
            node, branch, trace::outcome::warning, address,
            {{ev::probe_kind, "address"}, {ev::probe_of, edge}, {ev::peer, address}});
        return t.judge();
    };
    const auto refused = aside("connection.tcp", "refused");
    CHECK(root_of(refused) == "()");
    CHECK(find(refused, "dns-one-pool-member-dead")->subject == "198.51.100.8");
    CHECK(find(aside("connection.tls", "silent"), "dns-one-pool-member-dead")->severity == severity::warning);
    CHECK(find(aside("connection.certificate", "expired"), "tls-expired")->subject == "198.51.100.8");
    CHECK(find(aside("connection.certificate", "expired"), "tls-expired")->severity == severity::warning);
    CHECK(
        find(aside("connection.tcp", "filtered", "[2001:db8::8]:443"), "local-ipv6-broken")->severity ==
        severity::warning);
    CHECK(aside("connection.tcp", "connected").findings.empty());
}

TEST_CASE("a look aside is no candidate of the sign-in") {
    auto t = signed_in();
    t.add(
        "connection.tcp", "refused", trace::outcome::warning, "198.51.100.8:443",
        {{ev::probe_kind, "address"}, {ev::probe_of, edge}});
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(v.stopped_at.empty());
}

TEST_CASE("revocation is told from a list that cannot be had") {
    auto gone = signed_in();
    gone.failed("connection.revocation", "revoked", edge, {{ev::candidate, edge}, revocation("crl", "revoked")});
    CHECK(root_of(gone.judge()) == "tls-revoked");
    CHECK(gone.judge().signed_in);
    auto unknown = signed_in();
    unknown.add(
        "connection.revocation", "unreachable", trace::outcome::warning, edge,
        {{ev::candidate, edge}, revocation("crl", "unreachable")});
    CHECK(root_of(unknown.judge()) == "()");
    CHECK(find(unknown.judge(), "tls-crl-unreachable")->severity == severity::warning);
}

TEST_CASE("a chain that stays untrusted with its intermediates fetched ends at a root that is not trusted") {
    const auto judged = [](const char* result) {
        auto t = found();
        t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
            .ok("connection.tls", "agreed", edge, {{ev::candidate, edge}});
        t.failed(
            "connection.certificate", "missing_intermediate", edge,
            {{ev::candidate, edge}, verify_error(20, 0, "unable to get local issuer certificate")});
        look(t, "aia", result);
        return t.judge();
    };
    CHECK(root_of(judged("verifies")) == "tls-missing-intermediate");
    CHECK(judged("verifies").root_causes.front().certainty == certainty::certain);
    CHECK(judged("unreachable").root_causes.front().certainty == certainty::likely);
    CHECK(root_of(judged("untrusted")) == "tls-untrusted-root");
}

TEST_CASE("a portal that answers for others is named before what it breaks") {
    auto t = found();
    t.failed(
        "discovery.autodiscover_root", "error", "http://lyncdiscover.contoso.example/",
        {{ev::http_url, "http://lyncdiscover.contoso.example/"},
         {ev::http_hop, "http://lyncdiscover.contoso.example/"},
         {ev::http_hop, "http://portal.hotel.example/login"}});
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
        .failed("connection.tls", "reset", edge, {{ev::candidate, edge}, {ev::tls_fault, "reset"}});
    CHECK(root_of(t.judge()) == "net-captive-portal");
    CHECK(rules_out(t.judge(), "net-captive-portal", "dns-captive-hijack"));
    // Where the web works by TLS, a redirect to elsewhere is just that.
    t.ok(
        "discovery.autodiscover_root", "user_and_domain", "https://lyncdiscover.contoso.example/",
        {{ev::http_url, "https://lyncdiscover.contoso.example/"}, {ev::http_status, 200}});
    CHECK(root_of(t.judge()) == "net-rst-after-clienthello");
}

TEST_CASE("what a scan of the versions shows of other clients' trouble is a warning") {
    const auto scanned = [](const char* what, const char* result) {
        auto t = signed_in();
        t.ok(
            "connection.versions", "modern", edge,
            {{ev::candidate, edge},
             together({{ev::tls_tried, "TLSv1.2"}, {ev::tls_tried_result, "accepted"}}),
             together({{ev::tls_tried, what}, {ev::tls_tried_result, result}})});
        return t.judge();
    };
    CHECK(find(scanned("no_sni", "alert 112"), "tls-sni-required")->severity == severity::warning);
    CHECK(find(scanned("resumption", "alert 40"), "tls-session-ticket-server-bug")->severity == severity::warning);
    CHECK(scanned("no_sni", "accepted").findings.empty());
    CHECK(scanned("resumption", "made_anew").findings.empty());
    CHECK(scanned("resumption", "resumed").findings.empty());
}

TEST_CASE("a connection lost after silence is a timer's doing, one lost in use may be anybody's") {
    const auto lost = [](int idle) {
        auto t = signed_in();
        t.failed(
            "registration.kept", "connection_lost", edge,
            {{ev::candidate, edge},
             {ev::deregistered, "connection_lost"},
             {ev::connection_age, 400},
             {ev::connection_idle, idle},
             {ev::keep_alive, 300}});
        return t.judge();
    };
    CHECK(root_of(lost(60)) == "net-idle-timeout-drop");
    CHECK(lost(60).root_causes.front().certainty == certainty::likely);
    CHECK(lost(0).root_causes.front().certainty == certainty::possible);
}

TEST_CASE("a client certificate that is demanded after the TLS 1.3 handshake is no silence") {
    auto t = found();
    t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
        .ok("connection.tls", "agreed", edge, {{ev::candidate, edge}, {ev::tls_client_auth, true}});
    t.ok(
        "connection.certificate", "trusted", edge,
        {{ev::candidate, edge},
         {ev::x509_name, "sip.contoso.example"},
         {ev::x509_covers_domain, true},
         {ev::x509_name_matches, true}});
    t.failed(
        "connection.tls", "client_certificate", edge,
        {{ev::candidate, edge}, {ev::tls_client_auth, true}, {ev::tls_alert, "116"}});
    CHECK(root_of(t.judge()) == "tls-client-cert-demanded");
    CHECK(t.judge().stopped_at == "connection.tls");
}

TEST_CASE("a reset of the first message is somebody else's, unless the certificate names another service") {
    const auto cut = [](ev::fault_word error, const char* san, const char* second = "sipexternal.contoso.example") {
        auto t = found();
        t.ok("connection.tcp", "connected", edge, {{ev::candidate, edge}})
            .ok("connection.tls", "agreed", edge, {{ev::candidate, edge}});
        t.ok(
            "connection.certificate", "trusted", edge,
            {{ev::candidate, edge}, {ev::x509_name, san}, {ev::x509_name, second}});
        t.failed("registration.first_register", "silent", "", {{ev::candidate, edge}, {ev::sip_error, error}});
        return root_of(t.judge());
    };
    CHECK(cut("reset", "sip.contoso.example") == "net-rst-mid-handshake");
    CHECK(cut("closed", "sip.contoso.example") == "tls-wrong-edge-service");
    CHECK(cut("reset", "webconf.contoso.example") == "tls-wrong-edge-service");
    CHECK(
        cut("reset", "sip.contoso.example", "av.contoso.example") == "net-rst-mid-handshake");  // one for all services
}

TEST_CASE("403.16 of a web service speaks of the server's store of roots") {
    auto t = up_to_challenge();
    t.failed(
        "registration.web_ticket", "refused", "https://web.contoso.example/WebTicket/WebTicketService.svc",
        {{ev::candidate, edge},
         {ev::http_url, "https://web.contoso.example/WebTicket/WebTicketService.svc"},
         {ev::http_status, 403},
         {ev::http_body, "403.16"}});
    CHECK(root_of(t.judge()) == "tls-subordinate-in-root-store");
    CHECK(rules_out(t.judge(), "tls-subordinate-in-root-store", "wt-401-loop"));
}

TEST_CASE("a portal that answers under the names of others is known by its page, or by what Windows asks") {
    const auto closed = [] {
        auto t = found();
        return t.failed("connection.tcp", "filtered", edge, {{ev::candidate, edge}});
    };
    CHECK(root_of(closed().judge()) == "net-tcp-filtered");
    auto page = closed();
    page.failed(
        "discovery.autodiscover_root", "not_autodiscover", "http://lyncdiscover.contoso.example/",
        {{ev::http_url, "http://lyncdiscover.contoso.example/"}, {ev::http_status, 200}, {ev::http_type, "text/html"}});
    CHECK(root_of(page.judge()) == "net-captive-portal");
    CHECK(page.judge().root_causes.front().certainty == certainty::likely);
    auto by_wildcard = page;
    by_wildcard.add("discovery.wildcard", "yes", trace::outcome::warning, "", {{ev::dns_address, "203.0.113.80"}});
    CHECK(find(by_wildcard.judge(), "net-captive-portal") == nullptr);
    auto by_tls = page;
    by_tls.ok(
        "connection.tls", "agreed", "other.contoso.example:443",
        {{ev::candidate, "other.contoso.example:443"}, {ev::tls_version, "TLSv1.3"}});
    CHECK(find(by_tls.judge(), "net-captive-portal") == nullptr);
    const auto asked = [&](const char* branch, const char* result) {
        auto t = closed();
        t.ok(
            "connection.cross_check", branch, edge,
            {{ev::probe_kind, "plain_http"},
             {ev::probe_of, edge},
             {ev::probe_result, result},
             {ev::http_url, "http://www.msftconnecttest.com/connecttest.txt"}});
        return t.judge();
    };
    CHECK(root_of(asked("differs", "other_page")) == "net-captive-portal");
    CHECK(asked("differs", "other_page").root_causes.front().certainty == certainty::certain);
    CHECK(root_of(asked("same", "as_expected")) == "net-tcp-filtered");
}
