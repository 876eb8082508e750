#include <catch2/catch.hpp>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <set>

#include "lab/authority.hpp"

using namespace ucsignin::lab;

namespace {

const std::string server = "sip.contoso.example";

std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::shared_ptr<X509> certificate_from(const std::string& pem) {
    BIO* const in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    std::shared_ptr<X509> out(PEM_read_bio_X509(in, nullptr, nullptr, nullptr), X509_free);
    BIO_free(in);
    return out;
}

std::set<int>* errors_seen(X509_STORE_CTX* context) {
    auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return static_cast<std::set<int>*>(SSL_get_ex_data(ssl, 0));
}

int note_error(int fine, X509_STORE_CTX* context) {
    if (fine == 0) errors_seen(context)->insert(X509_STORE_CTX_get_error(context));
    return 1;
}

// Bytes from one end to the other until neither has more to say.
void shake_hands(SSL* client, SSL* server_side) {
    for (int i = 0; i < 10; ++i) {
        const int a = SSL_do_handshake(client), b = SSL_do_handshake(server_side);
        if (a == 1 && b == 1) return;
    }
}

// A plain OpenSSL client, as strict as OpenSSL is: what does it hold against the server?
std::set<int> errors_of(const authority& from, const certificate_order& order) {
    const auto context = make_context(from.issue(order), {});
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> client_context(
        SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(client_context.get()), certificate_from(from.root_pem()).get());
    SSL_CTX_set_verify(client_context.get(), SSL_VERIFY_PEER, note_error);
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(client_context.get()), SSL_free),
        peer(SSL_new(context.get()), SSL_free);
    std::set<int> out;
    SSL_set_ex_data(client.get(), 0, &out);
    SSL_set1_host(client.get(), server.c_str());
    BIO *a = nullptr, *b = nullptr;
    BIO_new_bio_pair(&a, 65536, &b, 65536);
    SSL_set_bio(client.get(), a, a);
    SSL_set_bio(peer.get(), b, b);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(peer.get());
    shake_hands(client.get(), peer.get());
    CHECK(SSL_is_init_finished(client.get()) == 1);
    return out;
}

using errors = std::set<int>;

}  // namespace

TEST_CASE("every certificate profile shows the X.509 error that it is named after") {
    const authority from(now());
    const auto seen = [&](const char* profile) { return errors_of(from, {.profile = profile, .names = {server}}); };
    CHECK(seen("good") == errors{});
    CHECK(seen("wildcard") == errors{});
    CHECK(seen("cn_only") == errors{});  // OpenSSL still takes the common name when there are no other names
    CHECK(seen("expired") == errors{X509_V_ERR_CERT_HAS_EXPIRED});
    CHECK(seen("not_yet_valid") == errors{X509_V_ERR_CERT_NOT_YET_VALID});
    CHECK(seen("wrong_name") == errors{X509_V_ERR_HOSTNAME_MISMATCH});
    CHECK(seen("self_signed") == errors{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT});
    CHECK(seen("untrusted_root") == errors{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN});
    CHECK(seen("missing_intermediate").contains(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY));
    CHECK(seen("intermediate_expired") == errors{X509_V_ERR_CERT_HAS_EXPIRED});
    CHECK(seen("wrong_usage") == errors{X509_V_ERR_INVALID_PURPOSE});
    CHECK(seen("weak_key").contains(X509_V_ERR_EE_KEY_TOO_SMALL));
    CHECK(seen("weak_signature").contains(X509_V_ERR_CA_MD_TOO_WEAK));
}

TEST_CASE("profiles about chains, names and revocation are fine for a client that looks at none of it") {
    const authority from(now());
    const auto seen = [&](const char* profile) { return errors_of(from, {.profile = profile, .names = {server}}); };
    for (const auto* profile :
         {"revoked", "revoked_ocsp", "checked", "crl_unreachable", "crl_in_directory", "no_common_name", "no_subject",
          "many_names", "root_sent", "shuffled", "pss_signature", "partial_wildcard"}) {
        CAPTURE(profile);
        CHECK(seen(profile) == errors{});
    }
    CHECK(seen("sha1_intermediate").contains(X509_V_ERR_CA_MD_TOO_WEAK));
    CHECK(seen("md5_signature").contains(X509_V_ERR_CA_MD_TOO_WEAK));
    CHECK(seen("name_constraints").contains(X509_V_ERR_PERMITTED_VIOLATION));
}

TEST_CASE("no profile is left out of the tests above") { CHECK(certificate_profiles().size() == 28); }

TEST_CASE("validity follows the lab's clock") {
    const authority tomorrow(now() + 40LL * 86400);
    CHECK(errors_of(tomorrow, {.names = {server}}).contains(X509_V_ERR_CERT_NOT_YET_VALID));
    CHECK(
        errors_of(authority(now()), {.names = {server}, .not_after = now() - 60}) ==
        errors{X509_V_ERR_CERT_HAS_EXPIRED});
}

TEST_CASE("the names in a certificate are those asked for, and the first is its common name") {
    const auto made = authority(now()).issue({.names = {server, "webext.contoso.example"}});
    char name[100];
    X509_NAME_get_text_by_NID(X509_get_subject_name(made.chain.front().get()), NID_commonName, name, sizeof name);
    CHECK(name == server);
    CHECK(X509_check_host(made.chain.front().get(), "webext.contoso.example", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(made.chain.front().get(), "other.contoso.example", 0, 0, nullptr) == 0);
}

TEST_CASE("keys are of the kind asked for") {
    const authority from(now());
    CHECK(EVP_PKEY_get_bits(from.issue({.names = {server}}).key.get()) == 256);
    CHECK(EVP_PKEY_get_bits(from.issue({.names = {server}, .key = "rsa1024"}).key.get()) == 1024);
    CHECK(from.issue({.names = {server}}).key_pem().starts_with("-----BEGIN PRIVATE KEY-----"));
}

TEST_CASE("the pool gets a registrar certificate and an issuer of user certificates") {
    const auto made = authority(now()).make_pool_credentials("fe01.contoso.example");
    CHECK(
        X509_check_host(
            certificate_from(made.registrar_certificate_pem).get(), "fe01.contoso.example", 0, 0, nullptr) == 1);
    CHECK(X509_check_ca(certificate_from(made.user_ca_certificate_pem).get()) == 1);
}
