#include "net/certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "net/openssl_ptr.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::net {
namespace {

using general_names = std::unique_ptr<GENERAL_NAMES, release_with<GENERAL_NAMES_free>>;
using access_descriptions = std::unique_ptr<AUTHORITY_INFO_ACCESS, release_with<AUTHORITY_INFO_ACCESS_free>>;
using distribution_points = std::unique_ptr<CRL_DIST_POINTS, release_with<CRL_DIST_POINTS_free>>;
using key_usages = std::unique_ptr<EXTENDED_KEY_USAGE, release_with<EXTENDED_KEY_USAGE_free>>;
using asn1_time = std::unique_ptr<ASN1_TIME, release_with<ASN1_TIME_free>>;

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex(std::span<const unsigned char> bytes) {
    std::string text;
    for (auto const byte : bytes) {
        text += hex_digits[byte >> 4];
        text += hex_digits[byte & 15];
    }
    return text;
}

std::span<const unsigned char> bytes_of(const ASN1_STRING* text) {
    return {ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// Bytes that the type (IA5String) should not hold are shown as \xHH: a NUL in a name is an attack worth seeing.
std::string plain(const ASN1_STRING* text) {
    std::string out;
    for (auto const byte : bytes_of(text)) {
        if (byte >= ' ' && byte < 0x7f) out += static_cast<char>(byte);
        else out += {'\\', 'x', hex_digits[byte >> 4], hex_digits[byte & 15]};
    }
    return out;
}

std::string name_text(const X509_NAME* name) {
    bio_ptr const out(BIO_new(BIO_s_mem()));
    if (X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) < 0)
        return {};
    char* data = nullptr;
    auto const length = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

std::string common_name(const X509_NAME* name) {
    auto const at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return {};
    unsigned char* utf8 = nullptr;
    auto const length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (length < 0) return {};
    std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(length));
    OPENSSL_free(utf8);
    return text;
}

std::int64_t seconds_since_1970(const ASN1_TIME* time) {
    asn1_time const epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0, seconds = 0;
    if (ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return 0;
    return std::int64_t{days} * 86400 + seconds;
}

std::string address_text(const ASN1_OCTET_STRING* raw) {
    auto const bytes = bytes_of(raw);
    if (bytes.size() == 4) {
        boost::asio::ip::address_v4::bytes_type four{};
        std::ranges::copy(bytes, four.begin());
        return boost::asio::ip::address_v4(four).to_string();
    }
    if (bytes.size() != 16) return "\\x" + hex(bytes);
    boost::asio::ip::address_v6::bytes_type sixteen{};
    std::ranges::copy(bytes, sixteen.begin());
    return boost::asio::ip::address_v6(sixteen).to_string();
}

void read_alternative_names(X509* certificate, certificate_facts& facts) {
    general_names const names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        auto const* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) facts.dns_names.push_back(trace::lower(plain(name->d.dNSName)));
        if (name->type == GEN_IPADD) facts.ip_addresses.push_back(address_text(name->d.iPAddress));
    }
}

void read_key_usage(X509* certificate, certificate_facts& facts) {
    key_usages const usages(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
    for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i) {
        auto const* usage = sk_ASN1_OBJECT_value(usages.get(), i);
        if (auto const id = OBJ_obj2nid(usage); id != NID_undef) {
            facts.extended_key_usage.emplace_back(OBJ_nid2sn(id));
        } else {
            char dotted[128] = {};
            OBJ_obj2txt(dotted, sizeof dotted, usage, 1);
            facts.extended_key_usage.emplace_back(dotted);
        }
    }
}

void read_access_urls(X509* certificate, certificate_facts& facts) {
    access_descriptions const found(
        static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
    for (int i = 0; found && i < sk_ACCESS_DESCRIPTION_num(found.get()); ++i) {
        auto const* access = sk_ACCESS_DESCRIPTION_value(found.get(), i);
        if (access->location->type != GEN_URI) continue;
        auto const kind = OBJ_obj2nid(access->method);
        if (kind == NID_ad_ca_issuers) facts.ca_issuers.push_back(plain(access->location->d.uniformResourceIdentifier));
        if (kind == NID_ad_OCSP) facts.ocsp.push_back(plain(access->location->d.uniformResourceIdentifier));
    }
}

void read_crl_urls(X509* certificate, certificate_facts& facts) {
    distribution_points const found(
        static_cast<CRL_DIST_POINTS*>(X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
    for (int i = 0; found && i < sk_DIST_POINT_num(found.get()); ++i) {
        auto const* at = sk_DIST_POINT_value(found.get(), i)->distpoint;
        if (at == nullptr || at->type != 0) continue;  // 0: a full name
        for (int j = 0; j < sk_GENERAL_NAME_num(at->name.fullname); ++j) {
            auto const* name = sk_GENERAL_NAME_value(at->name.fullname, j);
            if (name->type == GEN_URI) facts.crls.push_back(plain(name->d.uniformResourceIdentifier));
        }
    }
}

void read_key(X509* certificate, certificate_facts& facts) {
    auto* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return;
    if (auto const* type = EVP_PKEY_get0_type_name(key)) facts.key_type = type;
    facts.key_bits = EVP_PKEY_get_bits(key);
}

std::string fingerprint(X509* certificate) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &length) != 1) return {};
    return hex({digest, length});
}

}  // namespace

certificate_facts read_certificate(X509* certificate) {
    certificate_facts facts;
    facts.subject = name_text(X509_get_subject_name(certificate));
    facts.issuer = name_text(X509_get_issuer_name(certificate));
    facts.common_name = common_name(X509_get_subject_name(certificate));
    read_alternative_names(certificate, facts);
    facts.not_before = seconds_since_1970(X509_get0_notBefore(certificate));
    facts.not_after = seconds_since_1970(X509_get0_notAfter(certificate));
    read_key(certificate, facts);
    if (auto const id = X509_get_signature_nid(certificate); id != NID_undef)
        facts.signature_algorithm = OBJ_nid2ln(id);
    read_key_usage(certificate, facts);
    read_access_urls(certificate, facts);
    read_crl_urls(certificate, facts);
    facts.self_signed = X509_self_signed(certificate, 1) == 1;
    facts.is_ca = X509_check_ca(certificate) > 0;
    facts.sha256 = fingerprint(certificate);
    facts.serial = hex(bytes_of(X509_get0_serialNumber(certificate)));
    ERR_clear_error();
    return facts;
}

std::string to_der(X509* certificate) {
    unsigned char* bytes = nullptr;
    auto const length = i2d_X509(certificate, &bytes);
    if (length <= 0) return {};
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

bool certificate_names(X509* certificate, const std::string& host) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    if (!not_an_address) return X509_check_ip_asc(certificate, host.c_str(), 0) == 1;
    return X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

result<certificate_facts> decode_certificate(const std::string& der) {
    auto const* at = reinterpret_cast<const unsigned char*>(der.data());
    x509_ptr const certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    auto const* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    if (!certificate)
        return std::unexpected(error{fault::protocol, std::string("certificate: ") + (reason ? reason : "not DER"), 0});
    auto const used = static_cast<std::size_t>(at - reinterpret_cast<const unsigned char*>(der.data()));
    if (used != der.size())
        return std::unexpected(
            error{fault::protocol, "certificate: bytes follow it at offset " + std::to_string(used), 0});
    return read_certificate(certificate.get());
}

}  // namespace ucsignin::net
