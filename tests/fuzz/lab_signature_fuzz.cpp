// links: lab
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lab/raw_signature.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view wire(reinterpret_cast<const char*>(data), size);
    const std::string value = ucsignin::lab::raw_header(wire, "Authorization");
    (void)ucsignin::lab::raw_signed_text(wire, value);
    (void)ucsignin::lab::raw_signed_text(wire, wire);
    return 0;
}
