#include "sip/identity.hpp"

#include <array>
#include <cstdint>

#include "sip/encoding.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::sip {
namespace {

// {fcacfb03-8a73-46ef-91b1-e5ebeeaba4fe} as it lies in the memory of a little-endian machine.
constexpr std::string_view endpoint_namespace = "\x03\xfb\xac\xfc\x73\x8a\xef\x46\x91\xb1\xe5\xeb\xee\xab\xa4\xfe";

// Where byte i of a GUID's text stands in its little-endian layout, and the other way round: the swap is its own
// inverse.
constexpr std::array<std::size_t, 16> layout = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

std::string swap_layout(std::string_view bytes) {
    std::string out(16, '\0');
    for (std::size_t i = 0; i < layout.size(); ++i) out[i] = bytes[layout[i]];
    return out;
}

std::string guid_text(std::string_view bytes) {
    const std::string digits = hex(bytes);
    return digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' + digits.substr(12, 4) + '-' + digits.substr(16, 4) +
           '-' + digits.substr(20);
}

}  // namespace

std::string instance_from_epid(std::string_view epid) {
    std::string guid = swap_layout(sha1(std::string(endpoint_namespace) + std::string(epid)).substr(0, 16));
    guid[6] = static_cast<char>((static_cast<unsigned char>(guid[6]) & 0x0fU) | 0x50U);
    guid[8] = static_cast<char>((static_cast<unsigned char>(guid[8]) & 0x3fU) | 0x80U);
    return guid_text(guid);
}

std::string gruu_opaque(std::string_view instance) {
    std::string digits;
    for (char c : instance)
        if (c != '-') digits += c;
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() != 16) return {};
    return base64url(swap_layout(*bytes) + std::string(2, '\0'));
}

std::string epid_for(std::string_view sip_uri, std::string_view machine_id) {
    // The tool's own name in the hash keeps it apart from a desktop client that hashes the same two things.
    return hex(sha1("ucsignin:" + lower(sip_uri) + ':' + std::string(machine_id))).substr(0, 12);
}

}  // namespace ucsignin::sip
