#include "lab/ntlm_acceptor.hpp"

#include <openssl/crypto.h>

#include <cstdint>

#include "lab/ntlm_primitives.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "NTLMSSP\0"sv;
// UNICODE, REQUEST_TARGET, NTLM, ALWAYS_SIGN, EXTENDED_SESSIONSECURITY, TARGET_INFO, VERSION, 128, 56.
constexpr std::uint32_t always = 0xA2888205;
// SIGN, SEAL, IDENTIFY, KEY_EXCH: given to clients that ask, though nothing is signed over HTTP.
constexpr std::uint32_t on_demand = 0x40100030;
// What Lync Server 2013 and later offer inside SIP (protocol section 5.4): SIGN, SEAL, DATAGRAM, IDENTIFY, KEY_EXCH
// besides.
constexpr std::uint32_t datagram = 0xE29882F3;
constexpr std::uint32_t key_exchange = 0x40000000;
constexpr std::size_t mic_offset = 72, mic_size = 16;  // behind Version

std::string der(unsigned char tag, std::string_view content) {
    std::string out(1, static_cast<char>(tag));
    if (content.size() < 0x80) return out.append(1, static_cast<char>(content.size())).append(content);
    out += static_cast<char>(0x82);
    out += static_cast<char>(content.size() >> 8);
    out += static_cast<char>(content.size() & 0xFF);
    return out.append(content);
}

// Of the client's copy of the target information, behind 28 bytes of the blob: bit 0x2 of MsvAvFlags (6).
bool announces_mic(std::string_view blob) {
    for (std::size_t at = 28; at + 4 <= blob.size();) {
        const auto id = number_at(blob, at, 2), length = number_at(blob, at + 2, 2);
        if (id == 0) break;
        if (id == 6) return (number_at(blob, at + 4, 4) & 2) != 0;
        at += 4 + length;
    }
    return false;
}

// ExportedSessionKey: the client's own random key where KEY_EXCH was agreed, sent under the base key.
std::string session_key_of(std::string_view authenticate, const std::string& base_key) {
    if ((number_at(authenticate, 60, 4) & key_exchange) == 0) return base_key;
    const auto encrypted = field_at(authenticate, 52);
    return encrypted.size() == 16 ? rc4(base_key, encrypted) : std::string();
}

}  // namespace

ntlm_acceptor::ntlm_acceptor(std::string domain, std::string server, std::string nonce)
    : domain_(std::move(domain)),
      server_(std::move(server)),
      nonce_(nonce.empty() ? *sip::from_hex(sip::random_hex(8)) : std::move(nonce)) {}

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
    if (filetime_ != 0)
        out += little_endian(7, 2) + little_endian(8, 2) + little_endian(static_cast<std::uint32_t>(filetime_), 4) +
               little_endian(static_cast<std::uint32_t>(filetime_ >> 32), 4);
    pair(0, "");
    return out;
}

std::string ntlm_acceptor::challenge(std::string_view negotiate) const {
    return challenge_with(always | (number_at(negotiate, 12, 4) & on_demand));
}

const std::string& ntlm_acceptor::datagram_challenge(std::int64_t now) {
    filetime_ = (static_cast<std::uint64_t>(now) + 11644473600u) * 10000000u;  // since 1601, in 100 ns
    sent_ = challenge_with(datagram);
    return sent_;
}

std::string ntlm_acceptor::challenge_with(std::uint32_t flags) const {
    constexpr std::uint32_t header = 56;
    const std::string target = utf16(upper(domain_.substr(0, domain_.find('.')))), information = target_information();
    const auto field = [](std::size_t length, std::size_t offset) {
        const auto size = static_cast<std::uint32_t>(length);
        return little_endian(size, 2) + little_endian(size, 2) + little_endian(static_cast<std::uint32_t>(offset), 4);
    };
    return std::string(signature) + little_endian(2, 4) + field(target.size(), header) + little_endian(flags, 4) +
           nonce_ + std::string(8, '\0') + field(information.size(), header + target.size()) +
           std::string("\x06\x01\xb1\x1d\0\0\0\x0f", 8) + target + information;
}

std::optional<ntlm_acceptor::proven> ntlm_acceptor::prove(
    std::string_view message, const password_lookup& lookup) const {
    if (!message.starts_with(signature) || message.size() < 64 || number_at(message, 8, 4) != 3) return std::nullopt;
    const std::string_view proof = field_at(message, 20);
    const identity who{from_utf16(field_at(message, 28)), from_utf16(field_at(message, 36))};
    const auto password = lookup(who.domain, who.user);
    if (!password || proof.size() < 32) return std::nullopt;  // shorter: NTLMv1, which no pool takes
    const std::string owf = hmac_md5(md4(utf16(*password)), utf16(upper(who.user) + who.domain));
    const std::string expected = hmac_md5(owf, nonce_ + std::string(proof.substr(16)));
    if (CRYPTO_memcmp(expected.data(), proof.data(), 16) != 0) return std::nullopt;
    return proven{who, session_key_of(message, hmac_md5(owf, expected)), announces_mic(proof.substr(16))};
}

std::optional<ntlm_acceptor::identity> ntlm_acceptor::verify(
    std::string_view authenticate, const password_lookup& lookup) const {
    const auto shown = prove(authenticate, lookup);
    return shown ? std::optional(shown->who) : std::nullopt;
}

std::optional<ntlm_session> ntlm_acceptor::accept(std::string_view authenticate, const password_lookup& lookup) const {
    auto shown = prove(authenticate, lookup);
    if (!shown || shown->key.size() != 16) return std::nullopt;
    if (shown->with_mic) {
        // No NEGOTIATE message in datagram mode: the code covers what was sent and this message, its own place zeroed.
        if (authenticate.size() < mic_offset + mic_size) return std::nullopt;
        std::string zeroed(authenticate);
        zeroed.replace(mic_offset, mic_size, mic_size, '\0');
        const auto mic = hmac_md5(shown->key, sent_ + zeroed);
        if (CRYPTO_memcmp(mic.data(), authenticate.data() + mic_offset, mic_size) != 0) return std::nullopt;
    }
    return ntlm_session(shown->who, auth::secret(std::move(shown->key)));
}

std::string_view ntlm_message_in(std::string_view token) {
    const auto at = token.find(signature);
    return at == std::string_view::npos ? std::string_view() : token.substr(at);
}

std::string wrap_for_spnego(std::string_view message) {
    const std::string mechanism("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a", 10);  // 1.3.6.1.4.1.311.2.2.10
    const std::string state = der(0xA0, der(0x0A, std::string(1, '\x01')));
    return der(0xA1, der(0x30, state + der(0xA1, der(0x06, mechanism)) + der(0xA2, der(0x04, message))));
}

}  // namespace ucsignin::lab
