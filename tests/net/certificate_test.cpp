#include "net/certificate.hpp"

#include <catch2/catch.hpp>
#include <chrono>

#include "test_certificates.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

bool near(std::int64_t one, std::int64_t other) { return one - other < 60 && other - one < 60; }

}  // namespace

TEST_CASE("a certificate is decoded into facts", "[net][certificate]") {
    wanted_certificate root;
    root.common_name = "Contoso Root";
    root.is_ca = true;
    auto const ca = issue(root);
    wanted_certificate leaf;
    leaf.common_name = "Pool, EMEA";
    leaf.alternative_names = "DNS:SIP.Contoso.com,DNS:*.contoso.com,IP:192.0.2.1,IP:2001:db8::1";
    leaf.usage = "serverAuth,clientAuth,1.3.6.1.4.1.311.99.1";
    leaf.issuer_url = "http://pki.contoso.com/root.crt";
    auto const made = issue(leaf, &ca);
    auto const read = decode_certificate(made.der());
    REQUIRE(read);
    CHECK(read->subject == "CN=Pool\\, EMEA,O=Contoso");
    CHECK(read->issuer == "CN=Contoso Root,O=Contoso");
    CHECK(read->common_name == "Pool, EMEA");
    CHECK(read->dns_names == std::vector<std::string>{"sip.contoso.com", "*.contoso.com"});
    CHECK(read->ip_addresses == std::vector<std::string>{"192.0.2.1", "2001:db8::1"});
    CHECK(near(read->not_before, now() - 86400));
    CHECK(near(read->not_after, now() + 30 * 86400));
    CHECK(read->key_type == "EC");
    CHECK(read->key_bits == 256);
    CHECK(read->signature_algorithm == "ecdsa-with-SHA256");
    CHECK(read->extended_key_usage == std::vector<std::string>{"serverAuth", "clientAuth", "1.3.6.1.4.1.311.99.1"});
    CHECK(read->ca_issuers == std::vector<std::string>{"http://pki.contoso.com/root.crt"});
    CHECK_FALSE(read->self_signed);
    CHECK_FALSE(read->is_ca);
    CHECK(read->sha256.size() == 64);
    CHECK_FALSE(read->serial.empty());
    CHECK(read_certificate(ca.certificate.get()).self_signed);
    CHECK(read_certificate(ca.certificate.get()).is_ca);
}

TEST_CASE("bytes that are no certificate are refused with a reason", "[net][certificate]") {
    auto const der = issue({.common_name = "x"}).der();
    for (auto const& bytes : {std::string(), std::string("MIIB"), der.substr(0, der.size() - 1), der + "x"}) {
        auto const read = decode_certificate(bytes);
        REQUIRE_FALSE(read);
        CHECK(read.error().what == fault::protocol);
        CHECK(read.error().detail.starts_with("certificate: "));
    }
}

TEST_CASE("a certificate cut or changed anywhere is never a crash", "[net][certificate]") {
    auto const der = issue({.common_name = "x", .alternative_names = "DNS:a.b,IP:192.0.2.1"}).der();
    for (std::size_t i = 0; i < der.size(); ++i) {
        CHECK_FALSE(decode_certificate(der.substr(0, i)));
        auto changed = der;
        changed[i] = static_cast<char>(changed[i] ^ 0x55);
        auto const read = decode_certificate(changed);
        if (read) CHECK(read->sha256.size() == 64);
    }
}

TEST_CASE("names are matched as RFC 6125 wants it", "[net][certificate]") {
    auto const made = issue(
        {.common_name = "cn.contoso.com",
         .alternative_names = "DNS:sip.contoso.com,DNS:*.pool.contoso.com,IP:192.0.2.1"});
    auto* certificate = made.certificate.get();
    CHECK(certificate_names(certificate, "sip.contoso.com"));
    CHECK(certificate_names(certificate, "SIP.contoso.com"));
    CHECK(certificate_names(certificate, "fe1.pool.contoso.com"));
    CHECK(certificate_names(certificate, "192.0.2.1"));
    CHECK_FALSE(certificate_names(certificate, "a.b.pool.contoso.com"));
    CHECK_FALSE(certificate_names(certificate, "pool.contoso.com"));
    CHECK_FALSE(certificate_names(certificate, "cn.contoso.com"));
    CHECK_FALSE(certificate_names(certificate, "192.0.2.2"));
    CHECK_FALSE(certificate_names(certificate, ""));
}

TEST_CASE("the common name counts where there are no alternative names", "[net][certificate]") {
    auto const made = issue({.common_name = "cn.contoso.com"});
    CHECK(certificate_names(made.certificate.get(), "cn.contoso.com"));
}
