#pragma once
// What a client that only signs in answers to the server's requests.

#include <optional>

#include "sip/message.hpp"

namespace ucsignin::sip {

// 200 to NOTIFY, OPTIONS and MESSAGE, 480 to INVITE (RFC 3261 21.4.18), 481 to what belongs to a dialog that we don't
// have, 501 to the rest; nothing to ACK and BENOTIFY (MS-SIP 3.5). Unsigned.
[[nodiscard]] std::optional<message> answer_to(const message& request);

}  // namespace ucsignin::sip
