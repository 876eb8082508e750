#include "lab/turn_desk.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lab/big_endian.hpp"
#include "lab/relay_credentials.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

using bytes = turn_desk::bytes;

constexpr std::string_view standard_cookie("\x21\x12\xA4\x42"), first_attribute("\x00\x0F\x00\x04\x72\xC6\x4B\xC6", 8);
constexpr std::string_view realm = "av.example", connection = "a connection's bytes";
constexpr std::uint32_t first_sequence = 7;

unsigned number_at(std::string_view in, std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(in[at]) << 8 | static_cast<unsigned char>(in[at + 1]));
}

std::string md5(std::string_view text) {
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &size, EVP_md5(), nullptr);
    out.resize(size);
    return out;
}

// RFC 8489 14.5: over all before it, with a length that counts it. MS-TURN 2.2.2.8: and with zeros up to 64 bytes.
std::string integrity(std::string before, bool standard, const std::string& key) {
    const auto length = before.size() - 20 + 24;
    before[2] = static_cast<char>(length >> 8);
    before[3] = static_cast<char>(length & 0xff);
    while (!standard && before.size() % 64 != 0) before += '\0';
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    HMAC(
        EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(before.data()),
        before.size(), reinterpret_cast<unsigned char*>(out.data()), &size);
    out.resize(size);
    return out;
}

void put_attribute(std::string& into, bool standard, unsigned type, std::string_view value) {
    for (const auto number : {type, static_cast<unsigned>(value.size())}) {
        into += static_cast<char>(number >> 8);
        into += static_cast<char>(number & 0xff);
    }
    into += value;
    while (standard && into.size() % 4 != 0) into += '\0';
}

// 192.0.2.30:50000, which stands for itself in the draft, and is mixed with the cookie in the RFC.
constexpr std::string_view relayed_address("\x00\x01\xC3\x50\xC0\x00\x02\x1E", 8),
    mixed_address("\x00\x01\xE2\x42\xE1\x12\xA6\x5C", 8);

}  // namespace

struct turn_desk::request {
    bool standard = true;
    unsigned method = 0;
    std::string text, user, realm, nonce, sequence, mac;
    std::optional<std::string> lifetime;
    std::size_t mac_at = 0;  // 0: without

    [[nodiscard]] std::string id() const { return text.substr(4, 16); }
    [[nodiscard]] bool gives_back() const { return lifetime == std::string(4, '\0'); }
    // A length that lies makes it none.
    [[nodiscard]] static std::optional<request> read(std::span<const unsigned char> datagram);
    void take(unsigned type, std::string value, std::size_t at);
};

struct turn_desk::verdict {
    int code = 0;             // 0: success
    std::string reason;       // of an error
    std::string key;          // with which the answer is proven; "": it isn't
    bool challenges = false;  // with realm and nonce
    bool tells_addresses = false;
    std::uint32_t lifetime = 0, sequence = 0;
};

void turn_desk::request::take(unsigned type, std::string value, std::size_t at) {
    const unsigned realm_type = standard ? 0x0014 : 0x0015, nonce_type = standard ? 0x0015 : 0x0014;
    if (type == 0x0006) user = std::move(value);
    else if (type == realm_type) realm = std::move(value);
    else if (type == nonce_type) nonce = std::move(value);
    else if (type == 0x000D) lifetime = std::move(value);
    else if (type == 0x8050) sequence = std::move(value);
    else if (type == 0x0008) {
        mac = std::move(value);
        mac_at = at;
    }
}

std::optional<turn_desk::request> turn_desk::request::read(std::span<const unsigned char> datagram) {
    request out;
    out.text.assign(datagram.begin(), datagram.end());
    const std::string_view in = out.text;
    if (in.size() < 20 || number_at(in, 2) != in.size() - 20) return std::nullopt;
    out.method = number_at(in, 0);
    out.standard = in.substr(4, 4) == standard_cookie;
    const bool known = out.method == 0x0003 || (out.standard && out.method == 0x0004);
    if (!known || (!out.standard && !in.substr(20).starts_with(first_attribute))) return std::nullopt;
    for (std::size_t at = 20; at < in.size();) {
        if (in.size() - at < 4) return std::nullopt;
        const std::size_t size = number_at(in, at + 2), taken = out.standard ? (size + 3) / 4 * 4 : size;
        if (taken > in.size() - at - 4) return std::nullopt;
        if (out.mac_at == 0) out.take(number_at(in, at), std::string(in.substr(at + 4, size)), at);
        at += 4 + taken;
    }
    return out;
}

std::optional<turn_desk::answer> turn_desk::take(std::span<const unsigned char> datagram, const std::string& from) {
    if (how_ == relay_udp::silent || how_ == relay_udp::refused) return std::nullopt;
    const auto asked = request::read(datagram);
    if (!asked || (asked->standard && how_ == relay_udp::microsoft)) return std::nullopt;
    const auto said = judge(*asked, from);
    if (!said) return std::nullopt;
    auto out = write(*asked, *said);
    if (how_ == relay_udp::strange) out[19] ^= 0xff;  // of somebody else's transaction
    const auto what = asked->gives_back() ? "release" : asked->mac_at > 0 ? "Allocate with credentials" : "Allocate";
    return answer{
        std::move(out), fmt::format("{}: {}", what, said->code == 0 ? "granted" : std::to_string(said->code))};
}

std::optional<turn_desk::verdict> turn_desk::judge(const request& asked, const std::string& from) {
    const bool shows_nothing = asked.mac_at == 0;
    if (allocate_ != relay_allocate::open) {
        if (shows_nothing) return verdict{.code = 401, .reason = "Unauthorized", .challenges = true};
        if (allocate_ == relay_allocate::silent) return std::nullopt;
        if (auto lacking = judge_proof(asked)) return lacking;
    }
    auto said = asked.gives_back() ? release(asked, from) : grant(asked, from);
    if (!shows_nothing) said.key = key_for(asked).value_or("");
    if (allocate_ == relay_allocate::forged && !said.key.empty()) said.key += '?';
    return said;
}

// What is wrong with it, if anything is.
std::optional<turn_desk::verdict> turn_desk::judge_proof(const request& asked) {
    const bool goes_stale = allocate_ == relay_allocate::always_stale ||
                            (allocate_ == relay_allocate::stale && nonces_ == 0);
    if (goes_stale) ++nonces_;
    if (goes_stale || asked.nonce != nonce()) return verdict{.code = 438, .reason = "Stale Nonce", .challenges = true};
    const auto key = key_for(asked);
    const bool proven = key && asked.realm == realm &&
                        asked.mac == integrity(asked.text.substr(0, asked.mac_at), asked.standard, *key);
    if (proven) return std::nullopt;
    return verdict{.code = 401, .reason = "Unauthorized", .challenges = true};
}

// In the standard dialect user and password are what the answer of the relay service says, in Microsoft's the bytes
// behind the Base64.
std::optional<std::string> turn_desk::key_for(const request& asked) const {
    const auto password = relay_password_for(*pool_, asked.standard ? asked.user : sip::base64(asked.user));
    if (!password) return std::nullopt;
    auto own = asked.standard ? *password : sip::from_base64(*password).value_or("");
    if (allocate_ == relay_allocate::other_keys) own += "of another pool";
    return md5(asked.user + ":" + std::string(realm) + ":" + own);
}

turn_desk::verdict turn_desk::grant(const request& asked, const std::string& from) {
    if (allocate_ == relay_allocate::quota) return {.code = 486, .reason = "Allocation Quota Reached"};
    const auto [at, is_new] = held_.try_emplace(from, asked.id());
    const bool asked_again = !is_new && at->second == asked.id();
    if (allocate_ == relay_allocate::mismatch || (!is_new && !asked_again))
        return {.code = 437, .reason = "Allocation Mismatch"};
    return {.tells_addresses = true, .lifetime = 600, .sequence = first_sequence};
}

turn_desk::verdict turn_desk::release(const request& asked, const std::string& from) {
    const bool in_sequence = asked.standard ||
                             asked.sequence == std::string(connection) + big_endian(first_sequence + 1);
    if (!in_sequence) return {.code = 400, .reason = "Bad Request"};
    if (held_.erase(from) == 0) return {.code = 437, .reason = "Allocation Mismatch"};
    return {.sequence = first_sequence + 1};
}

turn_desk::bytes turn_desk::write(const request& asked, const verdict& said) const {
    const bool standard = asked.standard;
    std::string out{static_cast<char>(0x01), static_cast<char>((said.code == 0 ? 0x00 : 0x10) | asked.method), 0, 0};
    out += asked.id();
    const auto put = [&](unsigned type, std::string_view value) { put_attribute(out, standard, type, value); };
    if (!standard) put(0x000F, first_attribute.substr(4));
    if (said.code > 0) {
        std::string error{0, 0, static_cast<char>(said.code / 100), static_cast<char>(said.code % 100)};
        put(0x0009, error + said.reason);
    } else {
        if (said.tells_addresses) put(standard ? 0x0016 : 0x0001, standard ? mixed_address : relayed_address);
        put(0x000D, big_endian(said.lifetime));
        if (!standard) put(0x8050, std::string(connection) + big_endian(said.sequence));
    }
    if (said.challenges) {
        put(standard ? 0x0014 : 0x0015, realm);
        put(standard ? 0x0015 : 0x0014, nonce());
    }
    if (!standard) put(0x8008, std::string_view("\0\0\0\2", 4));
    if (!said.key.empty()) put(0x0008, integrity(out, standard, said.key));
    const auto length = out.size() - 20;
    out[2] = static_cast<char>(length >> 8);
    out[3] = static_cast<char>(length & 0xff);
    return {out.begin(), out.end()};
}

}  // namespace ucsignin::lab
