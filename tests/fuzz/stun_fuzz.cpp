// links: net
// What a relay may answer, in both dialects: the transaction is taken from the bytes, so that what is behind it is
// read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "net/stun.hpp"

using namespace ucsignin::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    stun::transaction_id id{};
    if (size >= 20) std::copy_n(data + 4, id.size(), id.begin());
    for (const auto of : {stun::dialect::standard, stun::dialect::microsoft}) {
        const auto read = stun::parse({data, size}, of, id);
        if (!read && (read.error().offset > size || read.error().what.empty())) std::abort();
        if (read && (read->realm.size() > 128 || (read->error_code && *read->error_code > 955))) std::abort();
        // Nobody else's answer counts.
        auto other = id;
        other.back() ^= 1;
        if (stun::parse({data, size}, of, other)) std::abort();
    }
    return 0;
}
