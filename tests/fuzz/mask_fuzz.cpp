// links: report
// Masking of single values: never reads past the text.

#include <cstdint>

#include "report/pseudonyms.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ucsignin::report::pseudonyms masks;
    (void)masks.dn(text);
    (void)masks.sip_uri(text);
    (void)masks.url(text);
    (void)masks.login(text);
    (void)masks.host(text);
    (void)masks.text(text);
    return 0;
}
