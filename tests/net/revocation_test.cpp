#include "net/revocation.hpp"

#include <catch2/catch.hpp>
#include <ctime>
#include <openssl/ocsp.h>

#include "net/openssl_ptr.hpp"
#include "test_certificates.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

struct world {
    identity root = issue({.common_name = "Contoso Root", .is_ca = true});
    identity stranger = issue({.common_name = "Contoso Root", .is_ca = true});
    identity server = issue({.common_name = "sip.contoso.com"}, &root);
    identity other = issue({.common_name = "web.contoso.com"}, &root);
};

std::int64_t now() { return std::time(nullptr); }

template <class Write, class Object>
std::string der(Write write, Object* object) {
    unsigned char* bytes = nullptr;
    auto const length = write(object, &bytes);
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return out;
}

std::string list_of(const identity& by, const std::vector<const identity*>& revoked, int valid_for_s = 3600) {
    std::unique_ptr<X509_CRL, release_with<X509_CRL_free>> const list(X509_CRL_new());
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(by.certificate.get()));
    std::unique_ptr<ASN1_TIME, release_with<ASN1_TIME_free>> const from(ASN1_TIME_set(nullptr, now() - 7200)),
        to(ASN1_TIME_set(nullptr, now() + valid_for_s));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), to.get());
    for (auto const* one : revoked) {
        auto* entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one->certificate.get()));
        X509_REVOKED_set_revocationDate(entry, from.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_CRL_sort(list.get());
    X509_CRL_sign(list.get(), by.key.get(), EVP_sha256());
    return der(i2d_X509_CRL, list.get());
}

std::string ocsp_answer(const world& w, const identity& about, int status, const identity& signer) {
    std::unique_ptr<OCSP_BASICRESP, release_with<OCSP_BASICRESP_free>> const basic(OCSP_BASICRESP_new());
    std::unique_ptr<OCSP_CERTID, release_with<OCSP_CERTID_free>> const id(
        OCSP_cert_to_id(nullptr, about.certificate.get(), w.root.certificate.get()));
    std::unique_ptr<ASN1_TIME, release_with<ASN1_TIME_free>> const at(X509_gmtime_adj(nullptr, -60)),
        until(X509_gmtime_adj(nullptr, 3600));
    OCSP_basic_add1_status(
        basic.get(), id.get(), status, 0, status == V_OCSP_CERTSTATUS_REVOKED ? at.get() : nullptr, at.get(),
        until.get());
    OCSP_basic_sign(basic.get(), signer.certificate.get(), signer.key.get(), EVP_sha256(), nullptr, 0);
    std::unique_ptr<OCSP_RESPONSE, release_with<OCSP_RESPONSE_free>> const response(
        OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
    return der(i2d_OCSP_RESPONSE, response.get());
}

}  // namespace

TEST_CASE("a revocation list names a certificate or not", "[net][revocation]") {
    world const w;
    auto const list = list_of(w.root, {&w.server});
    CHECK(judge_crl(list, w.server.der(), w.root.der(), now()).status == revocation::revoked);
    CHECK(judge_crl(list, w.other.der(), w.root.der(), now()).status == revocation::good);
    CHECK(judge_crl(list_of(w.root, {}), w.server.der(), w.root.der(), now()).status == revocation::good);
}

TEST_CASE("a list that is too old says nothing good, but what it names stays revoked", "[net][revocation]") {
    world const w;
    CHECK(judge_crl(list_of(w.root, {}, -3600), w.server.der(), w.root.der(), now()).status == revocation::expired);
    CHECK(
        judge_crl(list_of(w.root, {&w.server}, -3600), w.server.der(), w.root.der(), now()).status ==
        revocation::revoked);
}

TEST_CASE("a list by another issuer and bytes that are none are not believed", "[net][revocation]") {
    world const w;
    CHECK(
        judge_crl(list_of(w.stranger, {&w.server}), w.server.der(), w.root.der(), now()).status ==
        revocation::unreadable);
    CHECK(judge_crl("<html>not found</html>", w.server.der(), w.root.der(), now()).status == revocation::unreadable);
    CHECK(judge_crl("", w.server.der(), w.root.der(), now()).status == revocation::unreadable);
    CHECK(judge_crl(list_of(w.root, {}), "", w.root.der(), now()).status == revocation::unreadable);
}

TEST_CASE("a responder's answers are told apart, and only the issuer's count", "[net][revocation]") {
    world const w;
    auto const ask = [&](int status, const identity& about, const identity& signer) {
        return judge_ocsp(ocsp_answer(w, about, status, signer), w.server.der(), w.root.der(), now()).status;
    };
    CHECK(ask(V_OCSP_CERTSTATUS_GOOD, w.server, w.root) == revocation::good);
    CHECK(ask(V_OCSP_CERTSTATUS_REVOKED, w.server, w.root) == revocation::revoked);
    CHECK(ask(V_OCSP_CERTSTATUS_UNKNOWN, w.server, w.root) == revocation::unreadable);
    CHECK(ask(V_OCSP_CERTSTATUS_GOOD, w.other, w.root) == revocation::unreadable);
    CHECK(ask(V_OCSP_CERTSTATUS_GOOD, w.server, w.stranger) == revocation::unreadable);
    CHECK(ask(V_OCSP_CERTSTATUS_GOOD, w.server, w.other) == revocation::unreadable);  // a server is no responder
    CHECK(judge_ocsp("no", w.server.der(), w.root.der(), now()).status == revocation::unreadable);
}

TEST_CASE("an OCSP request names the certificate by its issuer", "[net][revocation]") {
    world const w;
    auto const request = ocsp_request(w.server.der(), w.root.der());
    REQUIRE(request);
    auto const* at = reinterpret_cast<const unsigned char*>(request->data());
    std::unique_ptr<OCSP_REQUEST, release_with<OCSP_REQUEST_free>> const read(
        d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(request->size())));
    REQUIRE(read);
    CHECK(OCSP_request_onereq_count(read.get()) == 1);
    CHECK_FALSE(ocsp_request("", w.root.der()));
}
