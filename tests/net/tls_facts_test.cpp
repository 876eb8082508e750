#include "net/tls.hpp"

#include <catch2/catch.hpp>

#include "net/deadline.hpp"
#include "run.hpp"
#include "test_certificates.hpp"
#include "tls_handshake.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

TEST_CASE("a chain with a gap verifies once the missing certificate is at hand", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server);
    auto const both = shake_hands(io, context.get(), to(contoso));
    auto const& facts = both.client.facts;
    REQUIRE(facts.chain_der.size() == 1);
    CHECK(facts.issuer_der.empty());
    CHECK_FALSE(verify_chain(facts.chain_der, *contoso.trust()).empty());
    CHECK(verify_chain({facts.chain_der[0], contoso.intermediate.der()}, *contoso.trust()).empty());
    pki const fabrikam;
    CHECK_FALSE(verify_chain({facts.chain_der[0], contoso.intermediate.der()}, *fabrikam.trust()).empty());
    CHECK_FALSE(verify_chain({}, *contoso.trust()).empty());
    CHECK_FALSE(verify_chain({"rubbish"}, *contoso.trust()).empty());
}

TEST_CASE("certificates are read from DER and PEM, and rubbish is an error", "[net][tls]") {
    pki const contoso;
    auto const der = certificates_in(contoso.intermediate.der());
    REQUIRE(der);
    CHECK(*der == std::vector<std::string>{contoso.intermediate.der()});
    auto const pem = certificates_in(contoso.intermediate.pem() + contoso.root.pem());
    REQUIRE(pem);
    CHECK(pem->size() == 2);
    CHECK_FALSE(certificates_in("<html>"));
    CHECK_FALSE(certificates_in(""));
}

TEST_CASE("secrets are handed out for a key log when that was asked for", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    std::vector<std::string> lines;
    auto options = to(contoso);
    options.keylog = [&](std::string_view line) { lines.emplace_back(line); };
    auto const both = shake_hands(io, context.get(), std::move(options));
    REQUIRE(both.client.stream);
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.front().find("SECRET") != std::string::npos);
}

TEST_CASE("a session can be resumed, and the bytes of a handshake are counted", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto options = to(contoso);
    options.max_version = TLS1_2_VERSION;
    options.keep_session = true;
    auto const first = shake_hands(io, context.get(), options);
    REQUIRE(first.client.facts.session);
    CHECK_FALSE(first.client.facts.resumed);
    CHECK(first.client.facts.bytes_in > 500);
    options.resume = first.client.facts.session;
    auto const second = shake_hands(io, context.get(), options);
    REQUIRE(second.client.stream);
    CHECK(second.client.facts.resumed);
    CHECK(second.client.facts.bytes_in < first.client.facts.bytes_in);
}

TEST_CASE("the issuers that a server accepts for client certificates are counted", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_add_client_CA(context.get(), contoso.root.certificate.get());
    SSL_CTX_add_client_CA(context.get(), contoso.intermediate.certificate.get());
    auto options = to(contoso);
    auto const both = shake_hands(io, context.get(), std::move(options));
    CHECK(both.client.facts.client_certificate_wanted);
    CHECK(both.client.facts.acceptable_issuers == 2);
    CHECK(both.client.facts.acceptable_issuers_bytes > 60);
}

TEST_CASE("no suite in common is the server's alert, not a refusal of ours", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), "DHE:@SECLEVEL=0");
    auto options = to(contoso);
    options.min_version = TLS1_2_VERSION;
    auto const both = shake_hands(io, context.get(), std::move(options));
    CHECK_FALSE(both.client.stream);  // an ECDSA certificate and DHE-RSA suites have nothing in common
    CHECK(both.client.facts.alert == 40);
    CHECK(both.client.facts.refused_for == handshake_refusal::none);
}

TEST_CASE("another name than the server's own can be sent as SNI", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto options = to(contoso);
    options.sni = "www.example.com";
    auto const both = shake_hands(io, context.get(), std::move(options));
    CHECK(both.server.server_name == "www.example.com");
    CHECK(both.client.facts.name_matches);  // the name that was connected to
}
