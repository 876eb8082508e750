// links: signin
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "signin/discovery/autodiscover_document.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    (void)ucsignin::signin::discovery::parse_autodiscover("application/json", body);
    (void)ucsignin::signin::discovery::parse_autodiscover("text/xml", body);
    return 0;
}
