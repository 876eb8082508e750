#pragma once
// Owners for OpenSSL's objects. Internal to net/.

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace ucsignin::net {

template <auto Release>
struct release_with {
    template <class T>
    void operator()(T* object) const {
        Release(object);
    }
};

using ssl_ptr = std::unique_ptr<SSL, release_with<SSL_free>>;
using ssl_context_ptr = std::unique_ptr<SSL_CTX, release_with<SSL_CTX_free>>;
using x509_ptr = std::unique_ptr<X509, release_with<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, release_with<BIO_free_all>>;

}  // namespace ucsignin::net
