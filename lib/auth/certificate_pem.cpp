// A user certificate and its key as text that is kept on disk (RFC 7468).
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <stdexcept>

#include "auth/certificate.hpp"

namespace ucsignin::auth {
namespace {

struct free_bio {
    void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using bio_ptr = std::unique_ptr<BIO, free_bio>;

// Never asks for a pass phrase: a key that has one is not ours.
int no_pass_phrase(char*, int, int, void*) { return -1; }

std::unexpected<certificate_error> unreadable(std::string detail) {
    return std::unexpected(certificate_error{certificate_fault::unreadable, std::move(detail)});
}

}  // namespace

std::expected<user_certificate, certificate_error> read_certificate_pem(
    const std::string& pem, const std::string& user, std::int64_t now) {
    const bio_ptr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(in.get(), nullptr, no_pass_phrase, nullptr), &X509_free);
    if (!certificate) return unreadable("there is no certificate in it that can be read");
    const key_ptr key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_pass_phrase, nullptr), &EVP_PKEY_free);
    if (!key) return unreadable("there is no private key in it that can be read");
    unsigned char* raw = nullptr;
    const int size = i2d_X509(certificate.get(), &raw);
    if (size <= 0) return unreadable("the certificate can't be encoded");
    const std::string der(reinterpret_cast<char*>(raw), static_cast<std::size_t>(size));
    OPENSSL_free(raw);
    return accept_certificate(der, key, user, now);
}

secret certificate_pem(const user_certificate& c) {
    const bio_ptr out(BIO_new(BIO_s_secmem()));
    const bool written = PEM_write_bio_X509(out.get(), c.certificate.get()) == 1 &&
                         PEM_write_bio_PKCS8PrivateKey(out.get(), c.key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
                             1;
    if (!written) throw std::runtime_error("OpenSSL cannot encode a certificate and its key");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return secret(std::string(text, static_cast<std::size_t>(size)));
}

}  // namespace ucsignin::auth
