// links: lab
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lab/ntlm_acceptor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view token(reinterpret_cast<const char*>(data), size);
    const ucsignin::lab::ntlm_acceptor acceptor("contoso.example", "pool01.contoso.example", "12345678");
    const std::string_view message = ucsignin::lab::ntlm_message_in(token);
    (void)acceptor.challenge(message);
    (void)acceptor.verify(
        message, [](const std::string&, const std::string&) { return std::optional<std::string>("secret"); });
    return 0;
}
