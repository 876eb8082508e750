#pragma once
// The server name in a TLS ClientHello (RFC 8446 4.1.2, RFC 6066 3), read before the handshake so that faults can tell
// names apart.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace ucsignin::lab {

struct hello_error {
    std::size_t offset = 0;
    std::string what;
};

// Bytes still missing until the first handshake message is whole: 0 when it is, or when the bytes are not TLS.
[[nodiscard]] std::size_t missing_of_hello(std::string_view bytes);
[[nodiscard]] bool is_client_hello(std::string_view bytes);
// Lower case, "" when the client sent none.
[[nodiscard]] std::expected<std::string, hello_error> server_name_of(std::string_view bytes);

}  // namespace ucsignin::lab
