#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include <stdexcept>

#include "lab/authority.hpp"

namespace ucsignin::lab {
namespace {

void require(bool worked, const char* what) {
    if (!worked) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

// What a server with many trusted roots sends: past 16 KB the message needs two records.
void pad_acceptable_issuers(SSL_CTX* context, int count) {
    for (int i = 0; i < count; ++i) {
        const std::string text = fmt::format("Certification authority number {:04} of a long list of them", i);
        X509_NAME* name = X509_NAME_new();
        require(
            name && X509_NAME_add_entry_by_txt(
                        name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()), -1, 0) == 1,
            "issuer name");
        X509* const carrier = X509_new();
        require(
            carrier && X509_set_subject_name(carrier, name) == 1 && SSL_CTX_add_client_CA(context, carrier) == 1,
            "issuer list");
        X509_free(carrier);
        X509_NAME_free(name);
    }
}

// The group of RFC 5114 2.1, as old appliances have one: OpenSSL makes none of that size by itself.
void use_small_group(SSL_CTX* context) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> maker(
        EVP_PKEY_CTX_new_from_name(nullptr, "DHX", nullptr), EVP_PKEY_CTX_free);
    char group[] = "dh_1024_160";
    const OSSL_PARAM wanted[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0), OSSL_PARAM_construct_end()};
    EVP_PKEY* parameters = nullptr;
    require(
        maker && EVP_PKEY_paramgen_init(maker.get()) == 1 && EVP_PKEY_CTX_set_params(maker.get(), wanted) == 1 &&
            EVP_PKEY_generate(maker.get(), &parameters) == 1,
        "Diffie-Hellman group");
    require(SSL_CTX_set0_tmp_dh_pkey(context, parameters) == 1, "Diffie-Hellman group");
}

using listener = std::function<void(const std::string&)>;

// Instead of a verification, and only when a certificate came.
int hear_and_accept(X509_STORE_CTX* chain, void* told) {
    const auto* const session = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const char* const name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
    const auto& tell = *static_cast<const listener*>(told);
    if (tell) tell(name ? name : "");
    return 1;
}

void ask_for_certificate(SSL_CTX* context, const context_options& options, listener& told) {
    if (!options.request_client_certificate && !options.require_client_certificate) return;
    SSL_CTX_set_verify(
        context, SSL_VERIFY_PEER | (options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
    SSL_CTX_set_cert_verify_callback(context, hear_and_accept, &told);
    pad_acceptable_issuers(context, options.acceptable_issuers);
}

}  // namespace

std::shared_ptr<SSL_CTX> make_context(const issued_certificate& certificate, const context_options& options) {
    // Whom to tell of client certificates lives as long as the context.
    const auto told = std::make_shared<listener>(options.client_certificate_came);
    std::shared_ptr<SSL_CTX> out(SSL_CTX_new(TLS_server_method()), [told](SSL_CTX* context) { SSL_CTX_free(context); });
    require(out != nullptr, "context");
    SSL_CTX_set_security_level(out.get(), 0);  // weak keys and TLS 1.0 are what some scenarios are about
    SSL_CTX_set_min_proto_version(out.get(), options.min_version != 0 ? options.min_version : TLS1_VERSION);
    SSL_CTX_set_max_proto_version(out.get(), options.max_version);
    SSL_CTX_set_options(out.get(), SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(out.get(), SSL_SESS_CACHE_OFF);
    // A list that OpenSSL cannot use at all leaves nothing to agree on, which is what was asked for.
    if (!options.ciphers.empty() && SSL_CTX_set_cipher_list(out.get(), options.ciphers.c_str()) != 1)
        SSL_CTX_set_cipher_list(out.get(), "NULL-SHA256");
    require(SSL_CTX_use_certificate(out.get(), certificate.chain.front().get()) == 1, "certificate");
    require(SSL_CTX_use_PrivateKey(out.get(), certificate.key.get()) == 1, "key");
    for (std::size_t i = 1; i < certificate.chain.size(); ++i)
        require(SSL_CTX_add1_chain_cert(out.get(), certificate.chain[i].get()) == 1, "chain");
    if (options.small_dh_group) use_small_group(out.get());
    ask_for_certificate(out.get(), options, *told);
    return out;
}

}  // namespace ucsignin::lab
