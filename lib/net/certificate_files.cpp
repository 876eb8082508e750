// Certificates as they come from elsewhere than a handshake, and chains that are verified once more with their help.

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

#include "net/certificate.hpp"
#include "net/openssl_ptr.hpp"

namespace ucsignin::net {
namespace {

using pkcs7_ptr = std::unique_ptr<PKCS7, release_with<PKCS7_free>>;
using store_context_ptr = std::unique_ptr<X509_STORE_CTX, release_with<X509_STORE_CTX_free>>;

constexpr std::size_t most_certificates = 32;  // in one answer; nobody publishes that many issuers of one certificate

struct release_chain {
    void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
using chain_ptr = std::unique_ptr<STACK_OF(X509), release_chain>;

x509_ptr from_der(const std::string& der) {
    auto const* at = reinterpret_cast<const unsigned char*>(der.data());
    return x509_ptr(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::vector<std::string> from_pkcs7(const std::string& bytes) {
    auto const* at = reinterpret_cast<const unsigned char*>(bytes.data());
    pkcs7_ptr const bundle(d2i_PKCS7(nullptr, &at, static_cast<long>(bytes.size())));
    std::vector<std::string> found;
    if (!bundle || !PKCS7_type_is_signed(bundle.get())) return found;
    auto* certificates = bundle->d.sign->cert;
    for (int i = 0; i < sk_X509_num(certificates) && found.size() < most_certificates; ++i)
        found.push_back(to_der(sk_X509_value(certificates, i)));
    return found;
}

std::vector<std::string> from_pem(const std::string& bytes) {
    bio_ptr const in(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
    std::vector<std::string> found;
    while (found.size() < most_certificates) {
        x509_ptr const one(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
        if (!one) break;
        found.push_back(to_der(one.get()));
    }
    return found;
}

}  // namespace

result<std::vector<std::string>> certificates_in(const std::string& bytes) {
    std::vector<std::string> found;
    if (auto const one = from_der(bytes)) found.push_back(to_der(one.get()));
    if (found.empty()) found = from_pkcs7(bytes);
    if (found.empty()) found = from_pem(bytes);
    ERR_clear_error();
    if (found.empty())
        return std::unexpected(
            error{fault::protocol, "no certificate in " + std::to_string(bytes.size()) + " bytes", 0});
    return found;
}

std::vector<verify_error> verify_chain(const std::vector<std::string>& der, const trust_store& trust) {
    x509_ptr const own = der.empty() ? nullptr : from_der(der.front());
    if (!own) return {{X509_V_ERR_UNSPECIFIED, 0, "the server's own certificate cannot be read"}};
    chain_ptr const rest(sk_X509_new_null());
    for (std::size_t i = 1; i < der.size(); ++i)
        if (auto one = from_der(der[i])) sk_X509_push(rest.get(), one.release());
    store_context_ptr const verification(X509_STORE_CTX_new());
    if (X509_STORE_CTX_init(verification.get(), trust.native(), own.get(), rest.get()) != 1)
        return {{X509_V_ERR_UNSPECIFIED, 0, "OpenSSL: no memory"}};
    X509_STORE_CTX_set_default(verification.get(), "ssl_server");
    return verify_all(verification.get());
}

}  // namespace ucsignin::net
