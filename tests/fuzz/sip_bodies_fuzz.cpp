// links: sip
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/bodies.hpp"

using namespace ucsignin::sip;

namespace {

template <class Parsed>
void check(const Parsed& parsed, std::size_t size) {
    if (!parsed && parsed.error().offset > size + 4) std::abort();   // libxml2 counts the NUL that it adds
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view xml(reinterpret_cast<const char*>(data), size);
    check(parse_provisioning(xml), size);
    const auto self = parse_roaming_self(xml);
    check(self, size);
    if (self) (void)self->aggregate_availability();
    check(parse_contacts(xml), size);
    check(parse_location_profile(xml), size);
    check(parse_publish_fault(xml), size);
    return 0;
}
