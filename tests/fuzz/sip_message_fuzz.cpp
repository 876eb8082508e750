// links: sip
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sip/message.hpp"

using namespace ucsignin::sip;

namespace {

// Cut in two at any place, a stream gives the same messages as in one piece.
int count_messages(std::string_view first, std::string_view second) {
    framer cutter;
    int count = 0;
    for (const auto part : {first, second}) {
        cutter.feed(part);
        for (;;) {
            const auto next = cutter.next();
            if (!next) return -1 - count;
            if (!*next) break;
            ++count;
        }
    }
    return count;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view wire(reinterpret_cast<const char*>(data), size);
    const auto at = size == 0 ? 0 : data[0] % size;
    if (count_messages(wire, {}) != count_messages(wire.substr(0, at), wire.substr(at))) std::abort();
    const auto one = parse(wire);
    if (!one) {
        if (one.error().offset > size) std::abort();
        return 0;
    }
    const auto again = parse(one->serialize());  // what was read can be written and read again
    if (!again || again->body != one->body || again->status != one->status ||
        again->headers.size() != one->headers.size())
        std::abort();
    (void)diagnostics_of(*one);
    return 0;
}
