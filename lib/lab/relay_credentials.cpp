#include "lab/relay_credentials.hpp"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lab/big_endian.hpp"
#include "sip/encoding.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::size_t mac_size = 20, size_without_mac = 36;  // of version 2
constexpr std::string_view version_2("\x02\x00\x00\x24", 4);

std::string hmac_sha1(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(
        EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
        text.size(), out.data(), &size);
    return {reinterpret_cast<const char*>(out.data()), size};
}

std::uint64_t number_of(std::string_view big_endian_bytes) {
    std::uint64_t out = 0;
    for (const char byte : big_endian_bytes) out = out << 8 | static_cast<unsigned char>(byte);
    return out;
}

// 100 ns since 1601, as Windows counts.
std::uint64_t windows_time(std::int64_t seconds) {
    return (static_cast<std::uint64_t>(seconds) + 11644473600U) * 10000000U;
}

std::string user_name(const auth::secret& key, std::string_view identity, std::int64_t expires) {
    const auto when = windows_time(expires);
    std::string text(version_2);
    text += big_endian(static_cast<std::uint32_t>(when)) + big_endian(static_cast<std::uint32_t>(when >> 32));
    text += hmac_sha1(key.reveal(), identity) + big_endian(0);
    return text + hmac_sha1("1" + key.reveal(), text);
}

std::string password_of(const auth::secret& key, std::string_view user) {
    return sip::base64(hmac_sha1("2" + key.reveal(), user));
}

}  // namespace

relay_login issue_relay_login(const pool_state& pool, std::string_view identity, int minutes) {
    const auto& told = pool.settings();
    if (!told.mras_user.empty()) return {told.mras_user, told.mras_password};
    const auto user = user_name(pool.ticket_key(), identity, pool.now() + minutes * std::int64_t{60});
    return {sip::base64(user), password_of(pool.ticket_key(), user)};
}

std::optional<std::string> relay_password_for(const pool_state& pool, std::string_view name) {
    const auto& told = pool.settings();
    if (!told.mras_user.empty()) return name == told.mras_user ? std::optional(told.mras_password) : std::nullopt;
    const auto user = sip::from_base64(name).value_or("");
    if (user.size() != size_without_mac + mac_size || !user.starts_with(version_2)) return std::nullopt;
    const auto text = std::string_view(user).substr(0, size_without_mac);
    if (user.substr(size_without_mac) != hmac_sha1("1" + pool.ticket_key().reveal(), text)) return std::nullopt;
    const auto expires = number_of(text.substr(8, 4)) << 32 | number_of(text.substr(4, 4));
    if (expires <= windows_time(pool.now())) return std::nullopt;
    return password_of(pool.ticket_key(), user);
}

}  // namespace ucsignin::lab
