// What the issuing CA publishes: its certificate, its revocation list (RFC 5280 5), its OCSP answers (RFC 6960).

#include <openssl/ocsp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "lab/authority_state.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::int64_t validity_s = 7 * 24 * 60 * 60;

template <auto Release>
struct release_with {
    template <class T>
    void operator()(T* object) const {
        Release(object);
    }
};
using time_ptr = std::unique_ptr<ASN1_TIME, release_with<ASN1_TIME_free>>;

template <class Write, class Object>
std::string der(Write write, Object* object) {
    unsigned char* bytes = nullptr;
    const int length = write(object, &bytes);
    require(length > 0, "DER");
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return out;
}

time_ptr at(std::int64_t seconds) { return time_ptr(ASN1_TIME_set(nullptr, seconds)); }

std::string revocation_list(const issuer& by, const std::vector<x509_ptr>& revoked, std::int64_t now) {
    const std::unique_ptr<X509_CRL, release_with<X509_CRL_free>> list(X509_CRL_new());
    require(list && X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1, "list");
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(by.certificate.get()));
    const auto from = at(now - 3600), until = at(now + validity_s);
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const auto& one : revoked) {
        X509_REVOKED* entry = X509_REVOKED_new();
        require(entry && X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one.get())) == 1, "entry");
        X509_REVOKED_set_revocationDate(entry, from.get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_CRL_sort(list.get());
    require(X509_CRL_sign(list.get(), by.key.get(), EVP_sha256()) > 0, "list's signature");
    return der(i2d_X509_CRL, list.get());
}

bool is_revoked(const std::vector<x509_ptr>& revoked, OCSP_CERTID* id) {
    ASN1_INTEGER* serial = nullptr;
    OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial, id);
    return std::any_of(revoked.begin(), revoked.end(), [&](const x509_ptr& one) {
        return ASN1_INTEGER_cmp(X509_get0_serialNumber(one.get()), serial) == 0;
    });
}

std::string responder(
    const issuer& by, const std::vector<x509_ptr>& revoked, std::int64_t now, const std::string& request) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(request.data());
    const std::unique_ptr<OCSP_REQUEST, release_with<OCSP_REQUEST_free>> asked(
        d2i_OCSP_REQUEST(nullptr, &bytes, static_cast<long>(request.size())));
    using response_ptr = std::unique_ptr<OCSP_RESPONSE, release_with<OCSP_RESPONSE_free>>;
    if (!asked)
        return der(
            i2d_OCSP_RESPONSE,
            response_ptr(OCSP_response_create(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST, nullptr)).get());
    const std::unique_ptr<OCSP_BASICRESP, release_with<OCSP_BASICRESP_free>> answer(OCSP_BASICRESP_new());
    const auto from = at(now - 3600), until = at(now + validity_s);
    for (int i = 0; i < OCSP_request_onereq_count(asked.get()); ++i) {
        OCSP_CERTID* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), i));
        const bool gone = is_revoked(revoked, id);
        OCSP_basic_add1_status(
            answer.get(), id, gone ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD, 0, gone ? from.get() : nullptr,
            from.get(), until.get());
    }
    require(
        OCSP_basic_sign(answer.get(), by.certificate.get(), by.key.get(), EVP_sha256(), nullptr, 0) == 1,
        "OCSP signature");
    return der(
        i2d_OCSP_RESPONSE, response_ptr(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, answer.get())).get());
}

}  // namespace

std::optional<authority::published> authority::publish(std::string_view path, const std::string& request_body) const {
    if (path == "/issuing-ca.crt")
        return published{"application/pkix-cert", der(i2d_X509, state_->intermediate.certificate.get())};
    if (path == "/issuing-ca.crl")
        return published{"application/pkix-crl", revocation_list(state_->intermediate, state_->revoked, state_->now)};
    if (path == "/ocsp")
        return published{
            "application/ocsp-response", responder(state_->intermediate, state_->revoked, state_->now, request_body)};
    return std::nullopt;
}

}  // namespace ucsignin::lab
