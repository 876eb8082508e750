#include "lab/ntlm_primitives.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>

#include <memory>

namespace ucsignin::lab {

std::string little_endian(std::uint32_t value, std::size_t bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::uint32_t number_at(std::string_view message, std::size_t at, std::size_t bytes) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < bytes && at + i < message.size(); ++i)
        out |= std::uint32_t{static_cast<unsigned char>(message[at + i])} << (8 * i);
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
        for (std::size_t j = 0; j < more && i + 1 < text.size(); ++j)
            code = code << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F);
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
        else
            out += {
                static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
                static_cast<char>(0x80 | (code & 0x3F))};
    }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return text;
}

namespace {

// MD4 and RC4 are in OpenSSL's legacy provider only, which is loaded into a context of its own.
class legacy_algorithms {
public:
    [[nodiscard]] OSSL_LIB_CTX* get() const { return context_.get(); }

private:
    std::unique_ptr<OSSL_LIB_CTX, decltype(&OSSL_LIB_CTX_free)> context_{OSSL_LIB_CTX_new(), OSSL_LIB_CTX_free};
    std::unique_ptr<OSSL_PROVIDER, decltype(&OSSL_PROVIDER_unload)> provider_{
        OSSL_PROVIDER_load(context_.get(), "legacy"), OSSL_PROVIDER_unload};
};

}  // namespace

std::string md4(std::string_view text) {
    const legacy_algorithms context;
    const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> digest(
        EVP_MD_fetch(context.get(), "MD4", nullptr), EVP_MD_free);
    std::string out(16, '\0');
    unsigned length = 0;
    if (!digest || EVP_Digest(
                       text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &length, digest.get(),
                       nullptr) != 1)
        return {};
    return out;
}

std::string hmac_md5(std::string_view key, std::string_view text) {
    std::string out(16, '\0');
    unsigned length = 0;
    HMAC(
        EVP_md5(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
        text.size(), reinterpret_cast<unsigned char*>(out.data()), &length);
    return out;
}

std::string md5(std::string_view text) {
    std::string out(16, '\0');
    unsigned length = 0;
    EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &length, EVP_md5(), nullptr);
    return out;
}

std::string rc4(std::string_view key, std::string_view text) {
    const legacy_algorithms context;
    const std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher(
        EVP_CIPHER_fetch(context.get(), "RC4", nullptr), EVP_CIPHER_free);
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> state(
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    std::string out(text.size(), '\0');
    int length = 0;
    const auto bytes = [](std::string_view from) { return reinterpret_cast<const unsigned char*>(from.data()); };
    if (!cipher || key.size() != 16 ||
        EVP_EncryptInit_ex2(state.get(), cipher.get(), bytes(key), nullptr, nullptr) != 1 ||
        EVP_EncryptUpdate(
            state.get(), reinterpret_cast<unsigned char*>(out.data()), &length, bytes(text),
            static_cast<int>(text.size())) != 1)
        return {};
    return out;
}

}  // namespace ucsignin::lab
