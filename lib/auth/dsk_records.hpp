#pragma once
// TLS records of a handshake token (RFC 5246 6.2.1).

#include <string>
#include <string_view>

namespace ucsignin::auth {

// Puts neighbouring handshake records (type 22) into one, up to 2^14 bytes each: clients of Lync's time don't read a
// ServerHelloDone that has a record of its own. Plaintext flights only; a text that isn't records comes back unchanged.
[[nodiscard]] std::string merge_handshake_records(std::string_view flight);

}  // namespace ucsignin::auth
