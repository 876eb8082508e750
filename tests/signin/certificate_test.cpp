#include <catch2/catch.hpp>
#include <openssl/x509_vfy.h>

#include "reached.hpp"
#include "signin/connection/certificate.hpp"

using namespace ucsignin;
using signin::connection::judge_certificate;

constexpr std::int64_t now = 1767600000;

static net::tls_facts facts_with(std::vector<net::verify_error> errors) {
    net::tls_facts f;
    f.server_name = "sip.contoso.example";
    net::certificate_facts leaf;
    leaf.subject = "CN=sip.contoso.example";
    leaf.issuer = "CN=Contoso Issuing CA";
    leaf.dns_names = {"sip.contoso.example"};
    leaf.not_before = now - 100 * 86400;
    leaf.not_after = now + 100 * 86400;
    f.chain = {leaf};
    f.errors = std::move(errors);
    f.name_matches = true;
    return f;
}

static void check(const net::tls_facts& f, std::string_view branch, bool trusted = false) {
    const auto verdict = judge_certificate(f, now);
    CHECK(verdict.branch.name() == branch);
    CHECK(verdict.trusted == trusted);
    CHECK_FALSE(verdict.why.empty());
    tests::reached("connection.certificate", branch);
}

TEST_CASE("a chain without errors, of the right name, is trusted") { check(facts_with({}), "trusted", true); }

TEST_CASE("a certificate without any subject alternative name is trusted with reservations") {
    auto f = facts_with({});
    f.chain[0].dns_names.clear();
    check(f, "reservations", true);
}

TEST_CASE("each X.509 reason takes its own branch") {
    check(facts_with({{X509_V_ERR_CERT_HAS_EXPIRED, 0, "expired"}}), "expired");
    check(facts_with({{X509_V_ERR_CERT_NOT_YET_VALID, 0, "early"}}), "not_yet_valid");
    check(facts_with({{X509_V_ERR_CERT_REVOKED, 0, "revoked"}}), "revoked");
    check(facts_with({{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, 0, "self"}}), "self_signed");
    check(facts_with({{X509_V_ERR_INVALID_PURPOSE, 0, "purpose"}}), "wrong_usage");
    check(facts_with({{X509_V_ERR_EE_KEY_TOO_SMALL, 0, "weak"}}), "weak");
    check(facts_with({{X509_V_ERR_INVALID_EXTENSION, 0, "odd"}}), "other");
}

TEST_CASE("an issuer that expired is told from the server's own certificate") {
    auto f = facts_with({{X509_V_ERR_CERT_HAS_EXPIRED, 1, "expired"}});
    f.chain.push_back(f.chain[0]);
    check(f, "intermediate_expired");
}

TEST_CASE("a chain that stops short lacks an intermediate, a complete one has an untrusted root") {
    auto f = facts_with({{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0, "no issuer"}});
    check(f, "untrusted_root");
    f.chain[0].ca_issuers = {"http://pki.contoso.example/issuing.crt"};
    check(f, "missing_intermediate");
    auto root = f.chain[0];
    root.self_signed = true;
    root.ca_issuers.clear();
    f.chain.push_back(root);
    f.errors = {{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 1, "self-signed root"}};
    check(f, "untrusted_root");
}

TEST_CASE("a wrong name counts when the chain itself is good") {
    auto f = facts_with({});
    f.name_matches = false;
    check(f, "name_mismatch");
    f.errors = {{X509_V_ERR_CERT_HAS_EXPIRED, 0, "expired"}};
    check(f, "expired");
}

TEST_CASE("no certificate at all is no crash") {
    check(
        [] {
            auto f = facts_with({});
            f.chain.clear();
            return f;
        }(),
        "other");
}
