#include "net/tls_words.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <memory>

namespace ucsignin::net {

static_assert(tls_1_0 == TLS1_VERSION && tls_1_1 == TLS1_1_VERSION && tls_1_2 == TLS1_2_VERSION);
static_assert(tls_1_3 == TLS1_3_VERSION);
static_assert(chain::no_issuer == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT);
static_assert(chain::no_local_issuer == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
static_assert(chain::unverified_leaf == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE);
static_assert(chain::untrusted == X509_V_ERR_CERT_UNTRUSTED);
static_assert(chain::not_yet_valid == X509_V_ERR_CERT_NOT_YET_VALID);
static_assert(chain::expired == X509_V_ERR_CERT_HAS_EXPIRED && chain::revoked == X509_V_ERR_CERT_REVOKED);
static_assert(chain::wrong_purpose == X509_V_ERR_INVALID_PURPOSE);
static_assert(chain::self_signed_leaf == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
static_assert(chain::self_signed_in_chain == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN);
static_assert(chain::leaf_key_too_small == X509_V_ERR_EE_KEY_TOO_SMALL);
static_assert(chain::ca_key_too_small == X509_V_ERR_CA_KEY_TOO_SMALL);
static_assert(chain::ca_digest_too_weak == X509_V_ERR_CA_MD_TOO_WEAK);

std::optional<tls_versions> tls_versions_of_this_pc() {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> made(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (!made) return {};
    const auto name = [](long version, const char* otherwise) -> std::string {
        switch (version) {
            case tls_1_0: return "TLSv1";
            case tls_1_1: return "TLSv1.1";
            case tls_1_2: return "TLSv1.2";
            case tls_1_3: return "TLSv1.3";
            default: return otherwise;
        }
    };
    return tls_versions{
        name(SSL_CTX_get_min_proto_version(made.get()), "TLSv1"),
        name(SSL_CTX_get_max_proto_version(made.get()), "TLSv1.3")};
}

}  // namespace ucsignin::net
