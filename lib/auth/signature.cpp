#include "auth/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::auth {
namespace {

// The CSeq is signed in the spelling of the message, not as a number.
std::pair<std::string, std::string> cseq_words(const sip::message& from) {
    const std::string text = from.header("CSeq").value_or("");
    const auto trimmed = sip::trim(text);
    const auto blank = std::min(trimmed.find_first_of(" \t"), trimmed.size());
    return {std::string(trimmed.substr(0, blank)), std::string(sip::trim(trimmed.substr(blank)))};
}

struct asserted {
    std::string sip, tel;
};

// P-Asserted-Identity, or P-Preferred-Identity where it is absent; the first URI of each kind counts.
asserted asserted_identity(const sip::message& from) {
    auto values = from.list("P-Asserted-Identity");
    if (values.empty()) values = from.list("P-Preferred-Identity");
    asserted out;
    for (const auto& value : values) {
        const auto uri = sip::parse_name_addr(value).uri;
        if (out.sip.empty() && sip::same_word(uri.substr(0, 4), "sip:")) out.sip = uri;
        if (out.tel.empty() && sip::same_word(uri.substr(0, 4), "tel:")) out.tel = uri;
    }
    return out;
}

const EVP_MD* digest(hash which) {
    switch (which) {
        case hash::md5: return EVP_md5();
        case hash::sha1: return EVP_sha1();
        case hash::sha256: return EVP_sha256();
        case hash::sha384: return EVP_sha384();
    }
    throw std::logic_error("no such hash");
}

class dsk_protector final : public sip::protector {
public:
    dsk_protector(dsk_keys keys, std::string realm, std::string targetname, std::string opaque, int version)
        : keys_(std::move(keys)),
          realm_(std::move(realm)),
          targetname_(std::move(targetname)),
          opaque_(std::move(opaque)),
          version_(version) {}

    std::expected<void, std::string> sign(sip::message& outgoing) override {
        const signature_parameters with{"TLS-DSK", sip::random_hex(4), std::to_string(++number_),
                                        realm_,    targetname_,        version_};
        const auto mac = hmac_hex(keys_.hash, keys_.client, signature_buffer(outgoing, with));
        outgoing.add(
            "Authorization", "TLS-DSK qop=\"auth\", opaque=\"" + opaque_ + "\", realm=\"" + realm_ +
                                 "\", targetname=\"" + targetname_ + "\", crand=\"" + with.random + "\", cnum=\"" +
                                 with.number + "\", response=\"" + mac + '"');
        return {};
    }

    verdict check(const sip::message& incoming) override {
        bool found = false;
        for (const char* name : {"Authentication-Info", "Proxy-Authentication-Info"}) {
            for (const auto& value : incoming.all(name)) {
                if (is_valid(incoming, sip::parse_auth_header(value))) return verdict::valid;
                found = true;
            }
        }
        return found ? verdict::invalid : verdict::missing;
    }

private:
    [[nodiscard]] bool is_valid(const sip::message& incoming, const sip::auth_header& info) const {
        if (!sip::same_word(info.scheme, "TLS-DSK")) return false;
        if (info.parameter("realm") != realm_ || !sip::same_word(info.parameter("targetname"), targetname_))
            return false;
        if (info.has("opaque") && !sip::same_word(info.parameter("opaque"), opaque_)) return false;
        const signature_parameters with{info.scheme,
                                        info.parameter("srand"),
                                        info.parameter("snum"),
                                        info.parameter("realm"),
                                        info.parameter("targetname"),
                                        version_};
        // The suite decides the hash, and with it the length: a shorter code of another hash is no signature.
        const secret wanted(hmac_hex(keys_.hash, keys_.server, signature_buffer(incoming, with)));
        return wanted == secret(sip::lower(info.parameter("rspauth")));
    }

    dsk_keys keys_;
    std::string realm_, targetname_, opaque_;
    int version_;
    std::uint64_t number_ = 0;
};

}  // namespace

std::string signature_buffer(const sip::message& of, const signature_parameters& with) {
    const auto from = sip::parse_name_addr(of.header("From").value_or(""));
    const auto to = sip::parse_name_addr(of.header("To").value_or(""));
    const auto [number, method] = cseq_words(of);
    std::string out;
    const auto field = [&out](std::string_view value) { out.append("<").append(value).append(">"); };
    field(with.scheme);
    field(with.random);
    field(with.number);
    field(with.realm);
    field(with.targetname);
    field(of.header("Call-ID").value_or(""));
    field(number);
    field(method);
    field(from.uri);
    field(from.parameter("tag"));
    if (with.version >= 3) field(to.uri);
    field(to.parameter("tag"));
    if (with.version >= 3) {
        const auto identity = asserted_identity(of);
        field(identity.sip);
        field(identity.tel);
    }
    field(of.header("Expires").value_or(""));
    if (!of.is_request()) field(std::to_string(of.status));
    return out;
}

std::string hmac_hex(hash which, const secret& key, std::string_view text) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    const auto& bytes = key.reveal();
    if (HMAC(
            digest(which), bytes.data(), static_cast<int>(bytes.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size) == nullptr)
        throw std::runtime_error("OpenSSL refuses an HMAC");
    return sip::hex({reinterpret_cast<const char*>(mac), size});
}

std::shared_ptr<sip::protector> make_dsk_protector(
    dsk_keys keys, std::string realm, std::string targetname, std::string opaque, int version) {
    return std::make_shared<dsk_protector>(
        std::move(keys), std::move(realm), std::move(targetname), std::move(opaque), version);
}

}  // namespace ucsignin::auth
