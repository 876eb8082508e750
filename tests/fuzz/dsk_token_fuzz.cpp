// links: auth
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <openssl/x509.h>

#include "auth/dsk_records.hpp"
#include "auth/tls_dsk.hpp"

using namespace ucsignin;

namespace {

const auth::user_certificate& credential() {
    static const auto one = [] {
        const auto key = *auth::generate_key();
        std::shared_ptr<X509> certificate(X509_new(), X509_free);
        X509_set_pubkey(certificate.get(), key.get());
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        return auth::user_certificate{key, certificate, {}};
    }();
    return one;
}

}  // namespace

// A client that gets anything for the server's first flight: never keys.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string token(reinterpret_cast<const char*>(data), size);
    const auto merged = auth::merge_handshake_records(token);
    if (merged.size() > token.size()) std::abort();
    auth::dsk_client client(credential());
    (void)client.step("");
    (void)client.step(token);
    if (client.keys()) std::abort();
    (void)client.server_chain();
    return 0;
}
