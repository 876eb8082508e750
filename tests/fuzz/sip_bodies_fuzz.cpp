// links: sip
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/bodies.hpp"
#include "sip/media_relay.hpp"
#include "sip/xml.hpp"

using namespace ucsignin::sip;

namespace {

template <class Parsed>
void check(const Parsed& parsed, std::size_t size) {
    if (!parsed && parsed.error().offset > size + 4) std::abort();  // libxml2 counts the NUL that it adds
}

constexpr xml::limit few{4096, 4, 20, 3, 10, 3};

std::size_t walk(const xml::element& at, std::size_t depth, std::size_t& attributes) {
    const auto own = at.attributes().size();
    attributes += own;
    if (depth > few.depth || own > few.attributes_per_element) std::abort();
    std::size_t elements = 1;
    for (const auto& child : at.children()) elements += walk(child, depth + 1, attributes);
    return elements;
}

// What the parser saw is what the scan had counted.
void check_limits_hold(std::string_view text) {
    const auto document = xml::document::read(text, few);
    std::size_t attributes = 0;
    if (document && (walk(document->root(), 1, attributes) > few.nodes || attributes > few.attributes)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_limits_hold(text);
    check(parse_provisioning(text), size);
    const auto self = parse_roaming_self(text);
    check(self, size);
    if (self) (void)self->aggregate_availability();
    check(parse_contacts(text), size);
    check(parse_location_profile(text), size);
    check(parse_publish_fault(text), size);
    check(parse_media_relay(text), size);
    return 0;
}
