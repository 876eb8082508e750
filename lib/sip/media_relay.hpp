#pragma once
// Credentials for a media relay and where it is: MRAS (MS-AVEDGEA), application/msrtc-media-relay-auth+xml.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sip/message.hpp"

namespace ucsignin::sip {

// `from`: the user's SIP URI; `to`: the relay service's; `location`: internet or intranet.
[[nodiscard]] std::string media_relay_request(std::string_view from, std::string_view to, std::string_view location);

struct media_relay {
    std::string location;                           // as the server says: internet or intranet, "" when it doesn't
    std::string host;                               // hostName, or else directIPAddress
    std::uint16_t udp_port = 3478, tcp_port = 443;  // 0: what was sent is no port
};
// User name and password are secrets: that they came is all that is kept of them here (auth/relay_credentials.hpp).
struct media_relay_answer {
    std::string reason;  // reasonPhrase, "" when there is none
    bool has_credentials = false;
    std::int64_t duration_min = 0;  // of them; 0 when the server doesn't say
    std::vector<media_relay> relays;
    std::size_t left_out = 0;  // further ones

    // Clients that are strict want the word; a server that leaves it out and sends credentials has granted them.
    [[nodiscard]] bool is_granted() const;
};
[[nodiscard]] std::expected<media_relay_answer, parse_error> parse_media_relay(std::string_view xml);

}  // namespace ucsignin::sip
