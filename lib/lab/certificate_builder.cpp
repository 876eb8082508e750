#include "lab/certificate_builder.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "lab/rsa8192_key.hpp"

namespace ucsignin::lab {
namespace {

void add_name(X509_NAME* to, const char* field, const std::string& value) {
    if (value.empty() || value.size() > 64) return;  // RFC 5280 appendix A, ub-common-name
    const auto* text = reinterpret_cast<const unsigned char*>(value.data());
    require(
        X509_NAME_add_entry_by_txt(to, field, MBSTRING_UTF8, text, static_cast<int>(value.size()), -1, 0) == 1, field);
}

void set_subject(X509* to, const certificate_plan& plan) {
    X509_NAME* name = X509_get_subject_name(to);
    add_name(name, "O", plan.organization);
    add_name(name, "CN", plan.common_name);
}

// Random: clients tell certificates of one issuer apart by it.
void set_serial(X509* to) {
    unsigned char bytes[16];
    require(RAND_bytes(bytes, sizeof bytes) == 1, "random serial");
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_bin2bn(bytes, sizeof bytes, nullptr), BN_free);
    require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(to)), "serial");
}

void set_time(ASN1_TIME* to, std::int64_t seconds) { require(ASN1_TIME_set(to, seconds) != nullptr, "validity"); }

void add_extension(X509* to, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made(
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()), X509_EXTENSION_free);
    require(made && X509_add_ext(to, made.get(), -1) == 1, value.c_str());
}

void add_extensions(X509* to, X509* issuer, const certificate_plan& plan) {
    add_extension(to, issuer, NID_subject_key_identifier, "hash");
    if (issuer != to) add_extension(to, issuer, NID_authority_key_identifier, "keyid");
    add_extension(to, issuer, NID_basic_constraints, plan.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(
        to, issuer, NID_key_usage,
        plan.is_ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature,keyEncipherment");
    if (!plan.is_ca && !plan.usage.empty()) add_extension(to, issuer, NID_ext_key_usage, plan.usage);
    std::string access;
    if (!plan.issuer_url.empty()) access = "caIssuers;URI:" + plan.issuer_url;
    if (!plan.ocsp_url.empty()) access += (access.empty() ? "" : ",") + ("OCSP;URI:" + plan.ocsp_url);
    if (!access.empty()) add_extension(to, issuer, NID_info_access, access);
    if (!plan.crl_url.empty()) add_extension(to, issuer, NID_crl_distribution_points, "URI:" + plan.crl_url);
    if (!plan.name_constraints.empty())
        add_extension(to, issuer, NID_name_constraints, "critical," + plan.name_constraints);
    std::string names;
    for (const auto& name : plan.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
    if (!names.empty()) add_extension(to, issuer, NID_subject_alt_name, names);
}

// Making one of this size takes up to half a minute, so the lab has one at hand. It protects nothing.
pkey_ptr large_key() {
    const std::unique_ptr<BIO, decltype(&BIO_free)> in(
        BIO_new_mem_buf(rsa8192_pem.data(), static_cast<int>(rsa8192_pem.size())), BIO_free);
    EVP_PKEY* read = PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr);
    require(read != nullptr, "large key");
    return {read, EVP_PKEY_free};
}

void sign(X509* what, EVP_PKEY* with, const certificate_plan& plan) {
    const EVP_MD* digest = plan.digest ? plan.digest : EVP_sha256();
    if (!plan.pss) return require(X509_sign(what, with, digest) > 0, "signature");
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* padding = nullptr;
    require(context && EVP_DigestSignInit(context.get(), &padding, digest, nullptr, with) == 1, "signature");
    require(
        EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1 && X509_sign_ctx(what, context.get()) > 0,
        "PSS signature");
}

template <class Write>
std::string written(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    require(out && write(out.get()) == 1, "PEM");
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

void require(bool worked, const char* what) {
    if (!worked) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

pkey_ptr make_key(std::string_view kind) {
    if (kind == "rsa8192") return large_key();
    EVP_PKEY* made = kind == "ec"      ? EVP_EC_gen("P-256")
                     : kind == "ec384" ? EVP_EC_gen("P-384")
                                       : EVP_RSA_gen(
                                             kind == "rsa1024"   ? 1024
                                             : kind == "rsa4096" ? 4096
                                                                 : 2048);
    require(made != nullptr, "key");
    return {made, EVP_PKEY_free};
}

x509_ptr make_certificate(
    const certificate_plan& plan, const pkey_ptr& key, const x509_ptr& issuer, const pkey_ptr& issuer_key) {
    const x509_ptr made(X509_new(), X509_free);
    require(made && X509_set_version(made.get(), 2) == 1, "certificate");
    set_serial(made.get());
    set_subject(made.get(), plan);
    X509* const by = issuer ? issuer.get() : made.get();
    require(X509_set_issuer_name(made.get(), X509_get_subject_name(by)) == 1, "issuer");
    set_time(X509_getm_notBefore(made.get()), plan.not_before);
    set_time(X509_getm_notAfter(made.get()), plan.not_after);
    require(X509_set_pubkey(made.get(), key.get()) == 1, "public key");
    add_extensions(made.get(), by, plan);
    sign(made.get(), (issuer ? issuer_key : key).get(), plan);
    return made;
}

std::string to_pem(const x509_ptr& certificate) {
    return written([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
}

std::string to_pem(const pkey_ptr& key) {
    return written(
        [&](BIO* out) { return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace ucsignin::lab
