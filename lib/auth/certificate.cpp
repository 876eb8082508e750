#include "auth/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

using request_ptr = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;

std::unexpected<certificate_error> fail(certificate_fault what, std::string detail) {
    return std::unexpected(certificate_error{what, std::move(detail)});
}

std::string without_scheme(const std::string& user) { return sip::same_word(user.substr(0, 4), "sip:") ? user.substr(4) : user; }

}  // namespace

key_ptr generate_key() {
    key_ptr key(EVP_RSA_gen(2048), EVP_PKEY_free);   // OpenSSL's default exponent is 65537
    if (!key) throw std::runtime_error("OpenSSL cannot make an RSA key");
    return key;
}

std::string certificate_request(const key_ptr& key, const std::string& common_name) {
    const request_ptr request(X509_REQ_new(), X509_REQ_free);
    auto* subject = X509_REQ_get_subject_name(request.get());
    const bool filled = X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                   reinterpret_cast<const unsigned char*>(common_name.data()),
                                                   static_cast<int>(common_name.size()), -1, 0) == 1 &&
                        X509_REQ_set_pubkey(request.get(), key.get()) == 1;
    if (!filled || X509_REQ_sign(request.get(), key.get(), EVP_sha256()) <= 0)
        throw std::invalid_argument("no certificate request for this name and key");
    unsigned char* der = nullptr;
    const int size = i2d_X509_REQ(request.get(), &der);
    if (size <= 0) throw std::runtime_error("OpenSSL cannot encode a certificate request");
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

std::expected<user_certificate, certificate_error> accept_certificate(const std::string& der, const key_ptr& key,
                                                                      const std::string& user, std::int64_t now) {
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
    if (now < out.facts.not_before) return fail(certificate_fault::not_yet_valid, "the certificate is not valid yet");
    if (now >= out.facts.not_after) return fail(certificate_fault::expired, "the certificate has expired");
    return out;
}

}  // namespace ucsignin::auth
