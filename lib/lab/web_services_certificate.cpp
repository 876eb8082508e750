#include "lab/web_services_certificate.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <tuple>

#include "lab/web_services_soap.hpp"
#include "lab/web_services_ticket.hpp"
#include "net/tls.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::int64_t validity_s = 4320 * 3600, day_s = 86400;

template <class T, void (*Free)(T*)>
struct freed {
    void operator()(T* what) const { Free(what); }
};
using x509_ptr = std::unique_ptr<X509, freed<X509, X509_free>>;
using request_ptr = std::unique_ptr<X509_REQ, freed<X509_REQ, X509_REQ_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY, EVP_PKEY_free>>;

std::string sha1_base64(std::string_view text) { return sip::base64(sip::sha1(text)); }

// Digest of the Timestamp, and the HMAC of SignedInfo under the proof key: part 01 section 7.4.
std::string_view wrong_with_signature(sip::xml::element security, const ticket& by) {
    const auto timestamp = security.child("Timestamp");
    const auto signature = security.child("Signature");
    const auto information = signature.child("SignedInfo");
    const auto reference = information.child("Reference");
    if (!timestamp || !reference) return "The request is not signed.";
    if (reference.attribute("URI") != "#" + timestamp.attribute("Id"))
        return "The signature is not about the Timestamp.";
    if (reference.child("DigestValue").text() != sha1_base64(sip::xml::canonical(timestamp)))
        return "The digest of the Timestamp is wrong.";
    const std::string expected = sip::base64(hmac_sha1(by.proof_key.reveal(), sip::xml::canonical(information)));
    if (signature.child("SignatureValue").text() != expected) return "The signature is wrong.";
    return {};
}

bool is_current(sip::xml::element timestamp, std::int64_t now) {
    const auto created = trace::parse_iso_time(timestamp.child("Created").text());
    const auto expires = trace::parse_iso_time(timestamp.child("Expires").text());
    return created && expires && *created <= now + 300 && now < *expires;
}

request_ptr read_request(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    return request_ptr(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
}

x509_ptr read_certificate(const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return x509_ptr(PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr));
}

key_ptr read_key(const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bytes(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
    return key_ptr(PEM_read_bio_PrivateKey(bytes.get(), nullptr, nullptr, nullptr));
}

void name_subject(X509* certificate, const std::string& common_name) {
    // The type is given, not left to OpenSSL's table, which refuses names of more than 64 characters.
    X509_NAME_add_entry_by_NID(
        X509_get_subject_name(certificate), NID_commonName, V_ASN1_UTF8STRING,
        reinterpret_cast<const unsigned char*>(common_name.data()), static_cast<int>(common_name.size()), -1, 0);
}

void give_serial(X509* certificate) {
    std::uint64_t serial = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
}

// DER of a certificate for a user's key, signed by the pool's own authority.
std::string issue(
    const pool_credentials& authority, EVP_PKEY* key, const std::string& common_name, std::int64_t from,
    std::int64_t to) {
    const x509_ptr issuer = read_certificate(authority.user_ca_certificate_pem), made(X509_new());
    const key_ptr issuer_key = read_key(authority.user_ca_key_pem);
    X509_set_version(made.get(), X509_VERSION_3);
    give_serial(made.get());
    ASN1_TIME_set(X509_getm_notBefore(made.get()), from);
    ASN1_TIME_set(X509_getm_notAfter(made.get()), to);
    name_subject(made.get(), common_name);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    X509_set_pubkey(made.get(), key);
    X509_EXTENSION* usage = X509V3_EXT_conf_nid(nullptr, nullptr, NID_ext_key_usage, "clientAuth");
    X509_add_ext(made.get(), usage, -1);
    X509_EXTENSION_free(usage);
    X509_sign(made.get(), issuer_key.get(), EVP_sha256());
    unsigned char* bytes = nullptr;
    const int length = i2d_X509(made.get(), &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
    OPENSSL_free(bytes);
    return der;
}

// As the rule wants it: a good one, or one of the bad kinds.
std::string issue_as_asked(const pool_state& pool, EVP_PKEY* key, const std::string& user, const soap_rule* rule) {
    const std::string kind = rule ? rule->certificate : std::string();
    if (kind == "garbage") return "this is not a certificate";
    const std::int64_t now = pool.now();
    std::int64_t from = now - 300, to = now + validity_s;
    if (kind == "begins_now") from = now;
    if (kind == "expired") std::tie(from, to) = std::pair(now - 200 * day_s, now - day_s);
    if (kind == "not_yet_valid") std::tie(from, to) = std::pair(now + day_s, now + 200 * day_s);
    const auto& authority = pool.credentials();
    const key_ptr other = kind == "wrong_key" ? read_key(authority.user_ca_key_pem) : key_ptr();
    const std::string name = kind == "wrong_subject" ? "somebody.else@" + pool.settings().sip_domain : user;
    return issue(authority, other ? other.get() : key, name, from, to);
}

net::http::response certificate_answer(
    const std::string& der, const std::string& device, const std::string& entity, const std::string& request_id) {
    return soap_answer(fmt::format(
        R"(<GetAndPublishCertResponse xmlns="http://schemas.microsoft.com/OCS/AuthWebServices/" DeviceId="{}" Entity="{}"><RequestSecurityTokenResponse xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512/">)"
        R"(<TokenType>http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3</TokenType><RequestedSecurityToken>)"
        R"(<BinarySecurityToken xmlns="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3" EncodingType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd#Base64Binary">{}</BinarySecurityToken>)"
        R"(</RequestedSecurityToken><RequestID xmlns="http://schemas.microsoft.com/windows/pki/2009/01/enrollment">{}</RequestID></RequestSecurityTokenResponse></GetAndPublishCertResponse>)",
        sip::xml::escape(device), sip::xml::escape(entity), sip::base64(der), sip::xml::escape(request_id)));
}

net::http::response refuse(pool_state& pool, std::string code, std::string_view text, int id) {
    pool.say(fmt::format("GetAndPublishCert refused: {} {}", id, text));
    return soap_fault_answer(pool, {std::move(code), std::string(text), id, "", 500});
}

}  // namespace

net::http::response get_and_publish_certificate(
    pool_state& pool, std::string_view body, const std::string& url, bool proof) {
    const soap_rule* rule = pool.play_soap("cert_prov", "GetAndPublishCert");
    if (auto scripted = refused_by(pool, rule)) return *scripted;
    const auto document = sip::xml::document::read(body, sip::xml::limits::request);
    const auto envelope = document ? document->root() : sip::xml::element();
    const auto security = envelope.child("Header").child("Security");
    const auto order = envelope.child("Body").child("GetAndPublishCert");
    if (!order) return refuse(pool, "wst:InvalidRequest", "The request was invalid or malformed.", 28020);
    if (!security) return refuse(pool, "wsse:InvalidSecurityToken", "No valid security token.", 28020);

    const auto by = check_ticket(pool, security.child("Assertion"), url);
    if (!by)
        return refuse(
            pool, by.error() == ticket_fault::expired ? "wsse:MessageExpired" : "wsse:InvalidSecurityToken",
            reason_of(by.error()), error_id(by.error()));
    if (!is_current(security.child("Timestamp"), pool.now()))
        return refuse(pool, "wsse:MessageExpired", "The web ticket has expired.", 28033);
    if (const auto wrong = proof ? wrong_with_signature(security, *by) : std::string_view(); !wrong.empty())
        return refuse(pool, "wsse:FailedCheck", wrong, 28020);
    const std::string entity = order.attribute("Entity");
    if (bare_address(entity) != by->user)
        return refuse(
            pool, "wsse:FailedAuthentication", "The entity is not the one that the ticket was issued for.", 28020);

    const auto der = sip::from_base64(order.find("BinarySecurityToken").text());
    const request_ptr request = der ? read_request(*der) : nullptr;
    EVP_PKEY* key = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
    if (!key || X509_REQ_verify(request.get(), key) != 1)
        return refuse(pool, "wst:InvalidRequest", "The certificate request is not signed by its own key.", 28020);

    const std::string made = issue_as_asked(pool, key, by->user, rule);
    if (const auto facts = net::decode_certificate(made)) pool.publish_certificate(facts->sha256, by->user);
    pool.say("GetAndPublishCert: certificate issued and published for " + by->user);
    return certificate_answer(made, order.attribute("DeviceId"), entity, order.find("RequestID").text());
}

}  // namespace ucsignin::lab
