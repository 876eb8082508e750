#include <catch2/catch.hpp>

#include "trace_builder.hpp"

using namespace ucsignin;
using namespace ucsignin::diagnosis;
using namespace ucsignin::diagnosis::test;

namespace {

verdict refused(int status, int number = 0, const char* reason = "", const char* header = "ms-diagnostics") {
    auto t = up_to_challenge();
    t.with_certificate(edge);
    if (number == 0)
        return t
            .failed("registration.signed_register", "refused", "", {{ev::candidate, edge}, {ev::sip_status, status}})
            .judge();
    return t
        .failed(
            "registration.signed_register", "refused", "",
            {{ev::candidate, edge},
             {ev::sip_status, status},
             {ev::diagnostics_id, number},
             {ev::diagnostics_header, header},
             {ev::diagnostics_reason, reason},
             {ev::diagnostics_source, "pool01.contoso.example"}})
        .judge();
}

trace_builder connected_edge() {
    trace_builder t;
    t.devices().discovered({"sip.contoso.example:443 srv"}).clock({{"sip.contoso.example", 0}}).connected(edge);
    return t;
}

verdict dsk(std::string_view branch, std::initializer_list<noted> facts) {
    auto t = up_to_challenge();
    t.ok("registration.user_certificate", "issued", "", {{ev::candidate, edge}});
    return t.failed("registration.dsk_handshake", branch, "", facts).judge();
}

}  // namespace

TEST_CASE("what the KDC says, or that it is silent, is the cause; nothing else of Kerberos is") {
    const auto kerberos = [](const char* branch, ev::kerberos_fault_word fault) {
        auto t = up_to_challenge();
        return root_of(
            t.failed("registration.kerberos", branch, edge, {{ev::candidate, edge}, {ev::kerberos_fault, fault}})
                .judge());
    };
    CHECK(kerberos("refused", "unknown_service") == "reg-kerberos-spn");
    CHECK(kerberos("refused", "clock_skew") == "reg-kerberos-skew");
    CHECK(kerberos("kdc_unreachable", "unreachable") == "wt-smartcard-kdc-unreachable");
    CHECK(kerberos("kdc_unreachable", "timed_out") == "wt-smartcard-kdc-unreachable");
    CHECK(kerberos("refused", "refused") == "()");
    CHECK(kerberos("none", "no_ticket") == "()");
}

TEST_CASE("a server that does not take the ticket it was issued for has another key; the password is not judged") {
    auto t = connected_edge();
    t.ok("registration.scheme", "kerberos", edge, {{ev::candidate, edge}});
    t.ok("registration.kerberos", "ticket", edge, {{ev::candidate, edge}});
    t.failed("registration.signed_register", "challenged_again", edge, {{ev::candidate, edge}, {ev::sip_status, 401}});
    const auto v = t.judge();
    CHECK(root_of(v) == "reg-kerberos-spn");
    CHECK(v.root_causes.front().certainty == certainty::likely);
    CHECK(rules_out(v, "reg-kerberos-spn", "reg-wrong-password"));
}

TEST_CASE("refusals are named by their number, whatever the status") {
    CHECK(root_of(refused(404, 4005)) == "reg-404-not-sip-enabled");
    CHECK(root_of(refused(404, 1003)) == "reg-404-not-sip-enabled");
    CHECK(root_of(refused(480, 4006)) == "reg-user-not-in-pool");
    CHECK(
        root_of(refused(403, 4003, "From URI not enabled for remote access", "ms-diagnostics-public")) ==
        "reg-403-remote-access");
    CHECK(root_of(refused(403, 4004)) == "reg-403-uri-not-authorized");
    CHECK(root_of(refused(403, 17002)) == "reg-version-blocked");
    CHECK(root_of(refused(403, 17003)) == "reg-version-blocked");
    CHECK(root_of(refused(503, 17000)) == "reg-server-overloaded");
    CHECK(root_of(refused(503, 5000)) == "reg-503-generic");
    CHECK(root_of(refused(504, 1008)) == "reg-504-dns");
    CHECK(root_of(refused(504, 1010)) == "reg-504-next-hop-cert");
    CHECK(root_of(refused(504, 1007)) == "reg-504-edge-next-hop");
    CHECK(root_of(refused(404, 1005)) == "reg-sip-domain-unsupported");
    CHECK(root_of(refused(404, 1017)) == "reg-hybrid-wrong-side");
    CHECK(root_of(refused(400, 4010)) == "reg-400-malformed");
    CHECK(root_of(refused(403, 4002)) == "reg-duplicate-sip-address");
}

TEST_CASE("without a number the status decides, with less certainty") {
    CHECK(root_of(refused(403)) == "reg-403-no-reason");
    CHECK(root_of(refused(404)) == "reg-404-not-sip-enabled");
    CHECK(refused(404).root_causes.front().certainty == certainty::likely);
    CHECK(refused(404, 4005).root_causes.front().certainty == certainty::likely);  // or not replicated yet
    CHECK(root_of(refused(480)) == "reg-480");
    CHECK(root_of(refused(423)) == "reg-423-interval");
    CHECK(root_of(refused(482)) == "reg-482-483-loop");
    CHECK(root_of(refused(483)) == "reg-482-483-loop");
    CHECK(root_of(refused(400)) == "reg-400-malformed");
    CHECK(root_of(refused(500)) == "reg-503-generic");
    CHECK(root_of(refused(503)) == "reg-503-generic");
    CHECK(root_of(refused(504)) == "reg-504-edge-next-hop");
    CHECK(root_of(refused(408)) == "reg-timeout");
}

TEST_CASE("a 403 with a reason is not one without, and the other way round") {
    CHECK(rules_out(refused(403, 4003), "reg-403-remote-access", "reg-403-no-reason"));
    CHECK(rules_out(refused(403, 4003), "reg-403-remote-access", "reg-403-uri-not-authorized"));
    CHECK(find(refused(403), "reg-403-remote-access") == nullptr);
    CHECK(rules_out(refused(404, 4005), "reg-404-not-sip-enabled", "dns-user-domain-typo"));
}

TEST_CASE("an unknown number is shown with its reason and who counts in its range") {
    const auto v = refused(403, 4999, "Some new reason");
    CHECK(root_of(v) == "reg-403-no-reason");
    CHECK(v.root_causes.front().certainty == certainty::possible);
    CHECK(
        v.findings.front().title ==
        "sip.contoso.example:443 refuses alice@contoso.example: 403, 4999 (Some new reason): a number from the "
        "registrar "
        "and user services");
    CHECK(v.findings.front().explanation.find("pool01.contoso.example") != std::string::npos);
}

TEST_CASE("an overloaded server is named with how long it wants to be left alone") {
    auto t = connected_edge();
    t.failed(
        "registration.first_register", "refusal", "",
        {{ev::candidate, edge}, {ev::sip_status, 503}, {ev::sip_retry_after, 30}});
    const auto v = t.judge();
    CHECK(root_of(v) == "reg-server-overloaded");
    CHECK(v.findings.front().title == "sip.contoso.example:443 is overloaded and asks to come back in 30 s");
    CHECK(v.stopped_at == "registration.first_register");
}

TEST_CASE("schemes: none in common, certificate log-on switched off, nothing to log in with") {
    auto digest = connected_edge();
    digest.failed(
        "registration.challenge", "others_only", "", {{ev::candidate, edge}, {ev::auth_scheme_offered, "Digest"}});
    CHECK(root_of(digest.judge()) == "reg-no-common-scheme");

    auto kerberos = connected_edge();
    kerberos.ok(
        "registration.challenge", "kerberos", "", {{ev::candidate, edge}, {ev::auth_scheme_offered, "Kerberos"}});
    kerberos.failed("registration.scheme", "none", "", {{ev::candidate, edge}});
    CHECK(root_of(kerberos.judge()) == "reg-no-common-scheme");
    CHECK(rules_out(kerberos.judge(), "reg-no-common-scheme", "certprov-disabled"));

    auto ntlm = connected_edge();
    ntlm.ok(
        "registration.challenge", "ntlm", "",
        {{ev::candidate, edge}, {ev::auth_scheme_offered, "NTLM"}, {ev::auth_scheme_offered, "Kerberos"}});
    ntlm.failed("registration.scheme", "none", "", {{ev::candidate, edge}});
    CHECK(root_of(ntlm.judge()) == "certprov-disabled");
    CHECK(rules_out(ntlm.judge(), "certprov-disabled", "reg-no-common-scheme"));

    auto empty_handed = connected_edge();
    empty_handed.ok(
        "registration.challenge", "tls_dsk", "",
        {{ev::candidate, edge},
         {ev::auth_scheme_offered, "TLS-DSK"},
         {ev::auth_sts, "https://web.contoso.example/CertProv"}});
    empty_handed.failed("registration.scheme", "none", "", {{ev::candidate, edge}});
    const auto v = empty_handed.judge();
    CHECK(root_of(v) == "reg-no-common-scheme");
    CHECK(
        v.findings.front().title ==
        "There is nothing to authenticate with at sip.contoso.example:443, which offers TLS-DSK");
    CHECK(v.findings.front().remedies.front().who == "user");
}

TEST_CASE("a server outside the SIP domain gets no credentials, and that is the cause") {
    const std::string foreign = "sip.fabrikam.example:443";
    trace_builder t;
    t.devices().discovered({"sip.fabrikam.example:443 srv"}).connected(foreign);
    t.add(
        "discovery.trust", "would_prompt", trace::outcome::warning, "sip.fabrikam.example",
        {{ev::under_domain, false}});
    t.ok("registration.first_register", "challenge", "", {{ev::candidate, foreign}, {ev::sip_status, 401}});
    t.ok("registration.challenge", "tls_dsk", "", {{ev::candidate, foreign}, {ev::auth_scheme_offered, "TLS-DSK"}});
    t.failed("registration.scheme", "none", "", {{ev::candidate, foreign}});
    const auto v = t.judge();
    CHECK(root_of(v) == "dns-srv-target-outside-domain");
    CHECK(rules_out(v, "dns-srv-target-outside-domain", "tls-name-mismatch"));
    CHECK(v.exit_code == 40);
}

TEST_CASE("silence, discarded answers and hanging up are told apart") {
    auto silent = connected_edge();
    silent.failed("registration.first_register", "silent", "", {{ev::candidate, edge}, {ev::sip_error, "timed_out"}});
    CHECK(root_of(silent.judge()) == "reg-timeout");
    CHECK(rules_out(silent.judge(), "reg-timeout", "reg-signature-mismatch"));

    auto discarded = up_to_challenge();
    discarded.with_certificate(edge).failed(
        "registration.signed_register", "silent", "",
        {{ev::candidate, edge}, {ev::sip_discarded, 3}, {ev::sip_error, "timed_out"}});
    CHECK(root_of(discarded.judge()) == "reg-signature-mismatch");
    CHECK(rules_out(discarded.judge(), "reg-signature-mismatch", "reg-timeout"));

    auto hung_up = connected_edge();
    hung_up.failed("registration.first_register", "silent", "", {{ev::candidate, edge}, {ev::sip_error, "closed"}});
    CHECK(root_of(hung_up.judge()) == "tls-wrong-edge-service");
    CHECK(hung_up.judge().stopped_at == "registration.first_register");
}

TEST_CASE("a server that does not ask for authentication, and one that does not sign") {
    auto open = connected_edge();
    open.failed("registration.first_register", "unchallenged", "", {{ev::candidate, edge}, {ev::sip_status, 200}});
    CHECK(root_of(open.judge()) == "reg-unchallenged");

    auto unsigned_answer = up_to_challenge();
    unsigned_answer.with_certificate(edge).ok(
        "registration.signed_register", "accepted", "", {{ev::candidate, edge}, {ev::sip_status, 200}});
    unsigned_answer.failed(
        "registration.server_signature", "missing", "", {{ev::candidate, edge}, {ev::signature, "missing"}});
    CHECK(root_of(unsigned_answer.judge()) == "reg-unsigned-200");
    CHECK(rules_out(unsigned_answer.judge(), "reg-unsigned-200", "reg-signature-mismatch"));

    auto forged = up_to_challenge();
    forged.with_certificate(edge).ok(
        "registration.signed_register", "accepted", "", {{ev::candidate, edge}, {ev::sip_status, 200}});
    forged.failed("registration.server_signature", "invalid", "", {{ev::candidate, edge}, {ev::signature, "invalid"}});
    CHECK(root_of(forged.judge()) == "reg-signature-mismatch");
}

TEST_CASE("the handshake inside SIP: no common ground, or a certificate that is not accepted") {
    CHECK(root_of(dsk("alert", {{ev::candidate, edge}, {ev::dsk_alert, "40"}})) == "reg-dsk-inner-tls-fail");
    CHECK(root_of(dsk("alert", {{ev::candidate, edge}, {ev::dsk_alert, "44"}})) == "reg-dsk-cert-revoked");
    CHECK(root_of(dsk("verify_failure", {{ev::candidate, edge}})) == "reg-dsk-inner-tls-fail");
    CHECK(
        root_of(dsk("broken_off", {{ev::candidate, edge}, {ev::step, "finish"}, {ev::sip_status, 401}})) ==
        "reg-dsk-cert-revoked");
    CHECK(
        root_of(dsk("broken_off", {{ev::candidate, edge}, {ev::sip_status, 403}, {ev::diagnostics_id, 4004}})) ==
        "reg-403-uri-not-authorized");
    CHECK(
        root_of(dsk("broken_off", {{ev::candidate, edge}, {ev::step, "client_hello"}, {ev::sip_status, 401}})) ==
        "reg-dsk-inner-tls-fail");
    CHECK(
        root_of(dsk("broken_off", {{ev::candidate, edge}, {ev::step, "finish"}, {ev::sip_error, "timed_out"}})) ==
        "reg-timeout");
    CHECK(root_of(dsk("alert", {{ev::candidate, edge}, {ev::dsk_alert, "45"}})) == "reg-dsk-cert-revoked");
    CHECK(rules_out(
        dsk("alert", {{ev::candidate, edge}, {ev::dsk_alert, "40"}}), "reg-dsk-inner-tls-fail", "tls-cipher-mismatch"));
}

TEST_CASE("a handshake inside SIP that ends without a word of TLS proves nothing of TLS") {
    const auto likely = [](std::initializer_list<noted> facts) {
        const auto v = dsk("broken_off", facts);
        CHECK(root_of(v) == "reg-dsk-inner-tls-fail");
        CHECK(v.root_causes.front().certainty == certainty::likely);
        CHECK(v.findings.front().explanation.find("load balancer") != std::string::npos);
    };
    likely({{ev::candidate, edge}, {ev::auth_target, "fe01"}, {ev::step, "finish"}, {ev::sip_error, "closed"}});
    likely({{ev::candidate, edge}, {ev::auth_target, "fe01"}, {ev::step, "client_hello"}, {ev::sip_error, "reset"}});
    likely({{ev::candidate, edge}, {ev::auth_target, "fe01"}, {ev::step, "client_hello"}, {ev::sip_status, 401}});
    const auto alert = dsk("alert", {{ev::candidate, edge}, {ev::auth_target, "fe01"}, {ev::dsk_alert, "40"}});
    CHECK(alert.root_causes.front().certainty == certainty::certain);
}

TEST_CASE("challenged again: what was shown decides what was not accepted") {
    const auto again = [](trace_builder t, int number) {
        if (number == 0)
            t.failed(
                "registration.signed_register", "challenged_again", "", {{ev::candidate, edge}, {ev::sip_status, 401}});
        else
            t.failed(
                "registration.signed_register", "challenged_again", "",
                {{ev::candidate, edge}, {ev::sip_status, 401}, {ev::diagnostics_id, number}});
        return root_of(t.judge());
    };
    auto fresh = up_to_challenge();
    fresh.with_certificate(edge);
    CHECK(again(fresh, 0) == "reg-signature-mismatch");
    CHECK(again(fresh, 1000) == "reg-dsk-cert-revoked");
    CHECK(again(fresh, 1013) == "reg-kerberos-skew");
    auto cached = up_to_challenge();
    cached.ok("registration.cached_certificate", "yes", "", {{ev::candidate, edge}});
    CHECK(again(cached, 0) == "reg-dsk-cert-revoked");
    auto password = connected_edge();
    password.ok("registration.scheme", "ntlm", "", {{ev::candidate, edge}});
    CHECK(again(password, 1000) == "reg-wrong-password");
}

TEST_CASE("a home server that cannot be reached is not an out-of-date record") {
    const std::string home = "fe02.contoso.example:5061";
    auto t = up_to_challenge();
    t.with_certificate(edge).ok(
        "registration.signed_register", "redirect", "", {{ev::candidate, edge}, {ev::sip_status, 301}});
    t.ok(
        "registration.redirect", "there", "",
        {{ev::candidate, edge}, {ev::sip_contact, "<sip:fe02.contoso.example:5061;transport=tls>;q=0.7"}});
    t.failed("connection.tcp", "filtered", home, {{ev::candidate, home}, not_connected("10.0.0.2", "timed_out")});
    const auto v = t.judge();
    CHECK(root_of(v) == "reg-301-target-unreachable");
    CHECK(v.stopped_at == "connection.tcp");
    CHECK(v.stopped_candidate == home);
    CHECK(v.stage_reached == 4);
    CHECK(
        v.findings.front().title ==
        "The registrar sends alice@contoso.example to fe02.contoso.example:5061, which cannot be reached from here");
}

TEST_CASE("servers that send the user round in circles") {
    auto t = up_to_challenge();
    t.with_certificate(edge).failed(
        "registration.redirect", "loop", "", {{ev::candidate, edge}, {ev::sip_contact, "<sip:a.contoso.example>"}});
    CHECK(root_of(t.judge()) == "reg-301-loop");
}

TEST_CASE("how a registration ended is what the user lost, though signed in") {
    const auto ended = [](std::string_view branch, int number) {
        auto t = signed_in();
        t.failed(
            "registration.kept", branch, "",
            {{ev::candidate, edge}, {ev::deregistered, "unregistered"}, {ev::diagnostics_id, number}});
        return t.judge();
    };
    CHECK(root_of(ended("dropped", 4140)) == "reg-endpoint-limit");
    CHECK(ended("dropped", 4140).exit_code == 0);
    CHECK(root_of(ended("disabled", 4141)) == "reg-deregistered-disabled");
    CHECK(find(ended("moved", 4142), "reg-user-moved")->severity == severity::info);
    CHECK(root_of(ended("connection_lost", 0)) == "net-idle-timeout-drop");
}

TEST_CASE("a backup registrar means limited functionality, exit code 0") {
    auto t = signed_in();
    t.add(
        "registration.confirmed", "limited", trace::outcome::warning, "",
        {{ev::candidate, edge}, {ev::primary, "false"}});
    const auto v = t.judge();
    CHECK(v.signed_in);
    CHECK(root_of(v) == "reg-backup-registrar-limited");
    CHECK(v.exit_code == 0);
}

TEST_CASE("an upgrade that is advised does not stop anybody") {
    auto t = up_to_challenge();
    t.with_certificate(edge).registered(edge).provisioned(edge);
    t.ok(
        "registration.signed_register", "accepted", "",
        {{ev::candidate, edge}, {ev::sip_status, 200}, {ev::diagnostics_id, 17004}});
    CHECK(find(t.judge(), "local-client-out-of-date")->severity == severity::warning);
    CHECK(find(t.judge(), "reg-version-blocked") == nullptr);
}

TEST_CASE("a Via that comes back changed was rewritten by a router, which matters when the request is refused for it") {
    const char* const other = "SIP/2.0/TLS 203.0.113.9:1024;branch=z9hG4bK0";
    auto t = connected_edge();
    t.failed(
        "registration.first_register", "refusal", "",
        {{ev::candidate, edge}, {ev::sip_status, 400}, {ev::sip_via_changed, other}});
    CHECK(root_of(t.judge()) == "net-sip-alg");
    CHECK(rules_out(t.judge(), "net-sip-alg", "reg-400-malformed"));
    auto other_cause = connected_edge();
    other_cause.failed(
        "registration.first_register", "refusal", "",
        {{ev::candidate, edge}, {ev::sip_status, 503}, {ev::sip_via_changed, other}});
    CHECK(root_of(other_cause.judge()) == "reg-503-generic");
    auto fine = signed_in();
    fine.ok("registration.first_register", "challenge", "", {{ev::candidate, edge}, {ev::sip_via_changed, other}});
    CHECK(find(fine.judge(), "net-sip-alg")->severity == severity::warning);
}

TEST_CASE(
    "a command that looks at the account finds it by the name that was typed, and holds nothing that a shell acts on") {
    const auto check_for = [](const std::string& login) {
        auto t = connected_edge();
        t.ok("registration.scheme", "ntlm", "", {{ev::candidate, edge}});
        t.failed(
            "registration.signed_register", "challenged_again", "",
            {{ev::candidate, edge}, {ev::sip_status, 401}, {ev::diagnostics_id, 1000}});
        auto run = alice();
        run.login = login;
        for (const auto& f : t.judge(run).findings)
            for (const auto& r : f.remedies)
                if (r.check.find("Get-ADUser") != std::string::npos) return r.check;
        return std::string("none");
    };
    CHECK(
        check_for("alice@contoso.example").find("\"UserPrincipalName -eq 'alice@contoso.example'\"") !=
        std::string::npos);
    CHECK(check_for("CONTOSO\\alice").find("\"SamAccountName -eq 'alice'\"") != std::string::npos);
    CHECK(check_for("CONTOSO\\o'hara").find("\"SamAccountName -eq 'o''hara'\"") != std::string::npos);
    CHECK(check_for("a\"; rm -rf $(x) `y`").find("'a___rm_-rf___x___y_'") != std::string::npos);
}
