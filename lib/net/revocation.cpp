#include "net/revocation.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "net/openssl_ptr.hpp"

namespace ucsignin::net {
namespace {

using crl_ptr = std::unique_ptr<X509_CRL, release_with<X509_CRL_free>>;
using request_ptr = std::unique_ptr<OCSP_REQUEST, release_with<OCSP_REQUEST_free>>;
using response_ptr = std::unique_ptr<OCSP_RESPONSE, release_with<OCSP_RESPONSE_free>>;
using basic_ptr = std::unique_ptr<OCSP_BASICRESP, release_with<OCSP_BASICRESP_free>>;
using id_ptr = std::unique_ptr<OCSP_CERTID, release_with<OCSP_CERTID_free>>;
using store_ptr = std::unique_ptr<X509_STORE, release_with<X509_STORE_free>>;

struct release_chain {
    void operator()(STACK_OF(X509) * chain) const { sk_X509_free(chain); }
};
using borrowed_chain = std::unique_ptr<STACK_OF(X509), release_chain>;

constexpr std::int64_t clocks_differ_s = 300;

x509_ptr from_der(const std::string& der) {
    auto const* at = reinterpret_cast<const unsigned char*>(der.data());
    return x509_ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

crl_ptr read_list(const std::string& bytes) {
    auto const* at = reinterpret_cast<const unsigned char*>(bytes.data());
    crl_ptr list(d2i_X509_CRL(nullptr, &at, static_cast<long>(bytes.size())));
    if (list) return list;
    bio_ptr const in(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    return crl_ptr(PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr));
}

// False for a time that is missing or unreadable.
bool is_past(const ASN1_TIME* when, std::int64_t now) {
    if (when == nullptr) return false;
    time_t at = static_cast<time_t>(now - clocks_differ_s);
    return X509_cmp_time(when, &at) < 0;
}

struct errors_cleared {
    ~errors_cleared() { ERR_clear_error(); }
};

}  // namespace

revocation_answer judge_crl(
    const std::string& list_bytes, const std::string& certificate, const std::string& issuer, std::int64_t now) {
    errors_cleared const afterwards;
    auto const own = from_der(certificate), by = from_der(issuer);
    auto const list = read_list(list_bytes);
    if (!own || !by) return {revocation::unreadable, "the certificate or its issuer's cannot be read"};
    if (!list) return {revocation::unreadable, "what was fetched is not a revocation list"};
    if (X509_CRL_verify(list.get(), X509_get0_pubkey(by.get())) != 1)
        return {revocation::unreadable, "the list is not signed by the certificate's issuer"};
    X509_REVOKED* entry = nullptr;
    // 2: the entry says that it was taken off again (RFC 5280 5.3.1, removeFromCRL)
    if (X509_CRL_get0_by_cert(list.get(), &entry, own.get()) == 1)
        return {revocation::revoked, "the list names this certificate"};
    if (is_past(X509_CRL_get0_nextUpdate(list.get()), now))
        return {revocation::expired, "the list itself is out of date"};
    return {revocation::good, "the list does not name this certificate"};
}

result<std::string> ocsp_request(const std::string& certificate, const std::string& issuer) {
    errors_cleared const afterwards;
    auto const own = from_der(certificate), by = from_der(issuer);
    request_ptr const request(OCSP_REQUEST_new());
    auto* id = own && by ? OCSP_cert_to_id(nullptr, own.get(), by.get()) : nullptr;
    if (!request || id == nullptr || OCSP_request_add0_id(request.get(), id) == nullptr)
        return std::unexpected(error{fault::protocol, "OCSP: the certificate or its issuer's cannot be read", 0});
    unsigned char* bytes = nullptr;
    auto const length = i2d_OCSP_REQUEST(request.get(), &bytes);
    if (length <= 0) return std::unexpected(error{fault::protocol, "OCSP: the request cannot be written", 0});
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

revocation_answer judge_ocsp(
    const std::string& bytes, const std::string& certificate, const std::string& issuer, std::int64_t now) {
    errors_cleared const afterwards;
    auto const own = from_der(certificate), by = from_der(issuer);
    auto const* at = reinterpret_cast<const unsigned char*>(bytes.data());
    response_ptr const response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(bytes.size())));
    if (!own || !by) return {revocation::unreadable, "the certificate or its issuer's cannot be read"};
    if (!response) return {revocation::unreadable, "what came is not an OCSP answer"};
    if (auto const status = OCSP_response_status(response.get()); status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        return {revocation::unreadable, std::string("the responder says: ") + OCSP_response_status_str(status)};
    basic_ptr const basic(OCSP_response_get1_basic(response.get()));
    store_ptr const anchors(X509_STORE_new());
    borrowed_chain const helpers(sk_X509_new_null());
    X509_STORE_add_cert(anchors.get(), by.get());
    X509_STORE_set_flags(anchors.get(), X509_V_FLAG_PARTIAL_CHAIN);
    sk_X509_push(helpers.get(), by.get());
    if (!basic || OCSP_basic_verify(basic.get(), helpers.get(), anchors.get(), 0) != 1)
        return {revocation::unreadable, "the answer is not signed by the certificate's issuer"};
    id_ptr const id(OCSP_cert_to_id(nullptr, own.get(), by.get()));
    int status = V_OCSP_CERTSTATUS_UNKNOWN, reason = 0;
    ASN1_GENERALIZEDTIME *revoked_at = nullptr, *this_update = nullptr, *next_update = nullptr;
    if (OCSP_resp_find_status(basic.get(), id.get(), &status, &reason, &revoked_at, &this_update, &next_update) != 1)
        return {revocation::unreadable, "the answer is about another certificate"};
    if (status == V_OCSP_CERTSTATUS_REVOKED)
        return {revocation::revoked, "the responder says that it has been revoked"};
    if (status != V_OCSP_CERTSTATUS_GOOD)
        return {revocation::unreadable, "the responder does not know the certificate"};
    if (is_past(next_update, now)) return {revocation::expired, "the answer is out of date"};
    return {revocation::good, "the responder says that it is still valid"};
}

}  // namespace ucsignin::net
