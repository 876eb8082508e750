#include "lab/ntlm_session.hpp"

#include "lab/ntlm_primitives.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::uint32_t sequence = 100;

}  // namespace

std::string ntlm_session::signature(std::string_view text, std::string_view direction) const {
    const auto derived = [&](std::string_view purpose) {
        std::string magic(key_.reveal());
        magic.append("session key to ").append(direction).append(" ").append(purpose).append(" key magic constant");
        return md5(magic.append(1, '\0'));
    };
    const auto number = little_endian(sequence, 4);
    const auto digest = hmac_md5(derived("signing"), number + std::string(text)).substr(0, 8);
    return little_endian(1, 4) + rc4(md5(derived("sealing") + number), digest) + number;
}

std::string ntlm_session::server_signature(std::string_view text) const { return signature(text, "server-to-client"); }
std::string ntlm_session::client_signature(std::string_view text) const { return signature(text, "client-to-server"); }

}  // namespace ucsignin::lab
