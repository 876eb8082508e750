#include "auth/certificate.hpp"

#include <catch2/catch.hpp>
#include <openssl/rsa.h>

#include "test_ca.hpp"

using namespace ucsignin;
using auth::certificate_fault;
using testing::issue;
using testing::key;

namespace {

certificate_fault fault_of(const std::string& der, const std::string& user, std::int64_t now) {
    const auto taken = auth::accept_certificate(der, key(2), user, now);
    REQUIRE_FALSE(taken);
    CHECK_FALSE(taken.error().detail.empty());
    return taken.error().what;
}

}  // namespace

TEST_CASE("a request names the user, holds the key, and is signed by it") {
    const auto der = *auth::certificate_request(key(2), "alice@contoso.example");
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const std::shared_ptr<X509_REQ> request(
        d2i_X509_REQ(nullptr, &bytes, static_cast<long>(der.size())), X509_REQ_free);
    REQUIRE(request);
    CHECK(X509_REQ_verify(request.get(), key(2).get()) == 1);
    CHECK(X509_REQ_get_version(request.get()) == 0);
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, name, sizeof name);
    CHECK(std::string(name) == "alice@contoso.example");
    CHECK(X509_REQ_get_signature_nid(request.get()) == NID_sha256WithRSAEncryption);
}

TEST_CASE("keys are RSA 2048 with exponent 65537") {
    CHECK(EVP_PKEY_get_base_id(key(0).get()) == EVP_PKEY_RSA);
    CHECK(EVP_PKEY_get_bits(key(0).get()) == 2048);
    BIGNUM* exponent = nullptr;
    EVP_PKEY_get_bn_param(key(0).get(), "e", &exponent);
    CHECK(BN_get_word(exponent) == 65537);
    BN_free(exponent);
}

TEST_CASE("an address longer than RFC 5280 lets a common name be is asked for all the same") {
    const auto user = std::string(90, 'x') + "@contoso.example";
    const auto der = auth::certificate_request(key(2), user);
    REQUIRE(der);
    CHECK(der->find(user) != std::string::npos);
}

TEST_CASE("without a key there is no request, but a reason") {
    const auto none = auth::certificate_request(nullptr, "alice@contoso.example");
    REQUIRE_FALSE(none);
    CHECK_FALSE(none.error().empty());
}

TEST_CASE("a certificate for this key and user is accepted, with sip: or without, in any case") {
    const auto ca = issue("Communications Server", nullptr, key(0));
    const auto der = testing::der_of(issue("Alice@contoso.example", &ca, key(2)).certificate.get());
    for (const char* user : {"alice@contoso.example", "sip:alice@contoso.example", "ALICE@CONTOSO.EXAMPLE"}) {
        const auto taken = auth::accept_certificate(der, key(2), user, std::time(nullptr));
        REQUIRE(taken);
        CHECK(taken->facts.common_name == "Alice@contoso.example");
        CHECK(taken->key == key(2));
        CHECK(taken->certificate);
    }
}

TEST_CASE("each fault of a certificate has its own name") {
    const auto ca = issue("Communications Server", nullptr, key(0));
    const auto now = std::time(nullptr);
    const auto good = testing::der_of(issue("alice@contoso.example", &ca, key(2), -60, 3600).certificate.get());
    CHECK(fault_of("", "alice@contoso.example", now) == certificate_fault::unreadable);
    CHECK(fault_of(good.substr(0, good.size() - 1), "alice@contoso.example", now) == certificate_fault::unreadable);
    CHECK(fault_of(good + "x", "alice@contoso.example", now) == certificate_fault::unreadable);
    const auto other = testing::der_of(issue("alice@contoso.example", &ca, key(1)).certificate.get());
    CHECK(fault_of(other, "alice@contoso.example", now) == certificate_fault::wrong_key);
    CHECK(fault_of(good, "bob@contoso.example", now) == certificate_fault::wrong_subject);
    CHECK(fault_of(good, "alice@contoso.example", now - 3600) == certificate_fault::not_yet_valid);
    CHECK(fault_of(good, "alice@contoso.example", now + 7200) == certificate_fault::expired);
}
