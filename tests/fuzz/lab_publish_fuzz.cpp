// links: lab
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lab/front_end_bodies.hpp"
#include "lab/presence.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    (void)ucsignin::lab::batch_resources(body);
    (void)ucsignin::lab::provisioning_groups(body);
    const auto request = ucsignin::lab::parse_publish(body, 1'800'000'000);
    if (!request) return 0;
    ucsignin::lab::presentity who({.address = "alice@contoso.example"}, 1'800'000'000);
    (void)who.publish(request->publications, "e1", 1'800'000'000);
    (void)who.categories_xml();
    return 0;
}
