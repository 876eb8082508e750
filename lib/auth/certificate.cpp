#include "auth/certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

using request_ptr = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;

std::unexpected<certificate_error> fail(certificate_fault what, std::string detail) {
    return std::unexpected(certificate_error{what, std::move(detail)});
}

std::string reason_of_openssl() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return reason ? reason : "OpenSSL gives no reason";
}

std::string without_scheme(const std::string& user) {
    return sip::same_word(user.substr(0, 4), "sip:") ? user.substr(4) : user;
}

}  // namespace

std::expected<key_ptr, std::string> generate_key() {
    key_ptr key(EVP_RSA_gen(2048), EVP_PKEY_free);  // OpenSSL's default exponent is 65537
    if (!key) return std::unexpected(reason_of_openssl());
    return key;
}

std::expected<std::string, std::string> certificate_request(const key_ptr& key, const std::string& common_name) {
    const request_ptr request(X509_REQ_new(), X509_REQ_free);
    auto* subject = X509_REQ_get_subject_name(request.get());
    // The type is given, not left to OpenSSL's table, which refuses more than 64 characters.
    const bool filled = X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                        X509_NAME_add_entry_by_NID(
                            subject, NID_commonName, V_ASN1_UTF8STRING,
                            reinterpret_cast<const unsigned char*>(common_name.data()),
                            static_cast<int>(common_name.size()), -1, 0) == 1 &&
                        X509_REQ_set_pubkey(request.get(), key.get()) == 1;
    if (!filled || X509_REQ_sign(request.get(), key.get(), EVP_sha256()) <= 0)
        return std::unexpected(reason_of_openssl());
    unsigned char* der = nullptr;
    const int size = i2d_X509_REQ(request.get(), &der);
    if (size <= 0) return std::unexpected(reason_of_openssl());
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

std::expected<user_certificate, certificate_error> accept_certificate(
    const std::string& der, const key_ptr& key, const std::string& user, std::int64_t now) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const auto* const end = bytes + der.size();
    user_certificate out{key, {d2i_X509(nullptr, &bytes, static_cast<long>(der.size())), X509_free}, {}};
    if (!out.certificate || bytes != end) return fail(certificate_fault::unreadable, "not one DER certificate");
    auto facts = net::decode_certificate(der);
    if (!facts) return fail(certificate_fault::unreadable, facts.error().detail);
    out.facts = std::move(*facts);
    if (EVP_PKEY_eq(X509_get0_pubkey(out.certificate.get()), key.get()) != 1)
        return fail(certificate_fault::wrong_key, "the certificate holds another key than the request did");
    if (!sip::same_word(without_scheme(out.facts.common_name), without_scheme(user)))
        return fail(certificate_fault::wrong_subject, "the certificate is for \"" + out.facts.common_name + '"');
    if (now < out.facts.not_before - tolerated_skew_s)
        return fail(certificate_fault::not_yet_valid, "the certificate is not valid yet");
    if (now >= out.facts.not_after) return fail(certificate_fault::expired, "the certificate has expired");
    return out;
}

}  // namespace ucsignin::auth
