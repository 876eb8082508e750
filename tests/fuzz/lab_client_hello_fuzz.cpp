// links: lab
// A ClientHello: what was found whole stays whole with more bytes after it, and offsets of errors lie within the
// message.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lab/client_hello.hpp"

using namespace ucsignin::lab;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto name = server_name_of(bytes);
    if (!name && (name.error().offset > size || name.error().what.empty())) std::abort();
    if (name && name->size() > size) std::abort();
    if (missing_of_hello(bytes) == 0 && size > 0 && missing_of_hello(std::string(bytes) + "more") != 0) std::abort();
    return 0;
}
