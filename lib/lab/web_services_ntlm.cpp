#include "lab/web_services_ntlm.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>

#include <openssl/crypto.h>
#include <cstdint>
#include <memory>


#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "NTLMSSP\0"sv;
// UNICODE, REQUEST_TARGET, NTLM, ALWAYS_SIGN, EXTENDED_SESSIONSECURITY, TARGET_INFO, VERSION, 128, 56.
constexpr std::uint32_t always = 0xA2888205;
// SIGN, SEAL, IDENTIFY, KEY_EXCH: given to clients that ask, though nothing is signed over HTTP.
constexpr std::uint32_t on_demand = 0x40100030;

std::string little_endian(std::uint32_t value, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::uint32_t number_at(std::string_view message, std::size_t at, std::size_t bytes) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < bytes && at + i < message.size(); ++i) out |= std::uint32_t{static_cast<unsigned char>(message[at + i])} << (8 * i);
    return out;
}

// A payload field: length, maximum length, offset.
std::string_view field_at(std::string_view message, std::size_t at) {
    const std::size_t length = number_at(message, at, 2), offset = number_at(message, at + 4, 4);
    if (offset > message.size() || length > message.size() - offset) return {};
    return message.substr(offset, length);
}

// Basic plane only: names and passwords of a laboratory.
std::string utf16(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::uint32_t code = static_cast<unsigned char>(text[i]);
        const std::size_t more = code >= 0xE0 ? 2 : code >= 0xC0 ? 1 : 0;
        if (more) code &= more == 2 ? 0x0F : 0x1F;
        for (std::size_t j = 0; j < more && i + 1 < text.size(); ++j) code = code << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F);
        out += little_endian(code, 2);
    }
    return out;
}

std::string from_utf16(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        const std::uint32_t code = number_at(text, i, 2);
        if (code < 0x80) out += static_cast<char>(code);
        else if (code < 0x800) out += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
        else out += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return text;
}

// MD4 is in OpenSSL's legacy provider only, which is loaded into a context of its own.
std::string md4(std::string_view text) {
    const std::unique_ptr<OSSL_LIB_CTX, decltype(&OSSL_LIB_CTX_free)> context(OSSL_LIB_CTX_new(), OSSL_LIB_CTX_free);
    const std::unique_ptr<OSSL_PROVIDER, decltype(&OSSL_PROVIDER_unload)> legacy(OSSL_PROVIDER_load(context.get(), "legacy"), OSSL_PROVIDER_unload);
    const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> digest(EVP_MD_fetch(context.get(), "MD4", nullptr), EVP_MD_free);
    std::string out(16, '\0');
    unsigned length = 0;
    if (!digest || EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &length, digest.get(), nullptr) != 1) return {};
    return out;
}

std::string hmac_md5(std::string_view key, std::string_view text) {
    std::string out(16, '\0');
    unsigned length = 0;
    HMAC(EVP_md5(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(out.data()), &length);
    return out;
}

std::string der(unsigned char tag, std::string_view content) {
    std::string out(1, static_cast<char>(tag));
    if (content.size() < 0x80) return out.append(1, static_cast<char>(content.size())).append(content);
    out += static_cast<char>(0x82);
    out += static_cast<char>(content.size() >> 8);
    out += static_cast<char>(content.size() & 0xFF);
    return out.append(content);
}

}  // namespace

ntlm_acceptor::ntlm_acceptor(std::string domain, std::string server, std::string nonce)
    : domain_(std::move(domain)), server_(std::move(server)), nonce_(nonce.empty() ? *sip::from_hex(sip::random_hex(8)) : std::move(nonce)) {}

std::string ntlm_acceptor::target_information() const {
    std::string out;
    const auto pair = [&out](std::uint32_t id, const std::string& value) {
        const std::string wide = utf16(value);
        out += little_endian(id, 2) + little_endian(static_cast<std::uint32_t>(wide.size()), 2) + wide;
    };
    pair(2, upper(domain_.substr(0, domain_.find('.'))));
    pair(1, upper(server_.substr(0, server_.find('.'))));
    pair(4, domain_);
    pair(3, server_);
    pair(0, "");
    return out;
}

std::string ntlm_acceptor::challenge(std::string_view negotiate) const {
    const std::uint32_t flags = always | (number_at(negotiate, 12, 4) & on_demand);
    constexpr std::uint32_t header = 56;
    const std::string target = utf16(upper(domain_.substr(0, domain_.find('.')))), information = target_information();
    const auto field = [](std::size_t length, std::size_t offset) {
        const auto size = static_cast<std::uint32_t>(length);
        return little_endian(size, 2) + little_endian(size, 2) + little_endian(static_cast<std::uint32_t>(offset), 4);
    };
    return std::string(signature) + little_endian(2, 4) + field(target.size(), header) + little_endian(flags, 4) + nonce_ +
           std::string(8, '\0') + field(information.size(), header + target.size()) + std::string("\x06\x01\xb1\x1d\0\0\0\x0f", 8) +
           target + information;
}

std::optional<ntlm_acceptor::identity> ntlm_acceptor::verify(std::string_view message, const password_lookup& lookup) const {
    if (!message.starts_with(signature) || message.size() < 64 || number_at(message, 8, 4) != 3) return std::nullopt;
    const std::string_view proof = field_at(message, 20);
    const identity who{from_utf16(field_at(message, 28)), from_utf16(field_at(message, 36))};
    const auto password = lookup(who.domain, who.user);
    if (!password || proof.size() < 32) return std::nullopt;   // shorter: NTLMv1, which no pool takes
    const std::string owf = hmac_md5(md4(utf16(*password)), utf16(upper(who.user) + who.domain));
    const std::string expected = hmac_md5(owf, nonce_ + std::string(proof.substr(16)));
    if (CRYPTO_memcmp(expected.data(), proof.data(), 16) != 0) return std::nullopt;
    return who;
}

std::string_view ntlm_message_in(std::string_view token) {
    const auto at = token.find(signature);
    return at == std::string_view::npos ? std::string_view() : token.substr(at);
}

std::string wrap_for_spnego(std::string_view message) {
    const std::string mechanism("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a", 10);   // 1.3.6.1.4.1.311.2.2.10
    const std::string state = der(0xA0, der(0x0A, std::string(1, '\x01')));
    return der(0xA1, der(0x30, state + der(0xA1, der(0x06, mechanism)) + der(0xA2, der(0x04, message))));
}

}  // namespace ucsignin::lab
