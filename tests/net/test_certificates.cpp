#include "test_certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace ucsignin::net::test {
namespace {

void add_extension(X509* to, X509* issuer, int id, const std::string& value) {
    if (value.empty()) return;
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
}

void set_name(X509_NAME* name, const std::string& common_name) {
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Contoso"), -1, -1, 0);
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
}

}  // namespace

std::string identity::pem() const {
    bio_ptr const out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate.get());
    char* data = nullptr;
    auto const length = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string identity::der() const {
    std::string out(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)), '\0');
    auto* at = reinterpret_cast<unsigned char*>(out.data());
    i2d_X509(certificate.get(), &at);
    return out;
}

identity issue(const wanted_certificate& wanted, const identity* issuer) {
    static long serial = 0x1000;
    identity made{key_ptr(EVP_EC_gen("P-256")), x509_ptr(X509_new())};
    auto* certificate = made.certificate.get();
    auto* by = issuer != nullptr ? issuer->certificate.get() : certificate;
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 86400L * wanted.begins_in_days);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * wanted.ends_in_days);
    X509_set_pubkey(certificate, made.key.get());
    set_name(X509_get_subject_name(certificate), wanted.common_name);
    X509_set_issuer_name(certificate, X509_get_subject_name(by));
    add_extension(certificate, by, NID_basic_constraints, wanted.is_ca ? "critical,CA:TRUE" : "CA:FALSE");
    add_extension(certificate, by, NID_subject_alt_name, wanted.alternative_names);
    add_extension(certificate, by, NID_ext_key_usage, wanted.is_ca ? "" : wanted.usage);
    if (!wanted.issuer_url.empty())
        add_extension(certificate, by, NID_info_access, "caIssuers;URI:" + wanted.issuer_url);
    X509_sign(certificate, issuer != nullptr ? issuer->key.get() : made.key.get(), EVP_sha256());
    return made;
}

ssl_context_ptr server_context(const identity& server, const std::vector<const identity*>& intermediates) {
    ssl_context_ptr context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), server.certificate.get());
    SSL_CTX_use_PrivateKey(context.get(), server.key.get());
    for (auto const* each : intermediates) SSL_CTX_add1_chain_cert(context.get(), each->certificate.get());
    return context;
}

}  // namespace ucsignin::net::test
