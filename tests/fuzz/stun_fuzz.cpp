// links: net auth
// What a relay may answer, in both dialects: the transaction is taken from the bytes, so that what is behind it is
// read. Then a whole exchange, in which each answer is these bytes under the number of the request: it ends after a
// handful of requests, whatever they say.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "auth/turn_allocation.hpp"
#include "net/stun.hpp"

using namespace ucsignin;
using namespace ucsignin::net;

namespace {

constexpr std::size_t header = 20;

void read_alone(const std::uint8_t* data, std::size_t size) {
    stun::transaction_id id{};
    if (size >= header) std::copy_n(data + 4, id.size(), id.begin());
    for (const auto of : {stun::dialect::standard, stun::dialect::microsoft}) {
        const auto read = stun::parse({data, size}, of, id);
        if (!read && (read.error().offset > size || read.error().what.empty())) std::abort();
        if (read && (read->realm.size() > 763 || read->nonce.size() > 763)) std::abort();
        if (read && read->error_code && *read->error_code > 955) std::abort();
        if (read && read->integrity_at && *read->integrity_at + 24 > size) std::abort();
        if (read && stun::is_proven({data, size}, *read, "a key that nobody has")) std::abort();
        // Nobody else's answer counts.
        auto other = id;
        other.back() ^= 1;
        if (stun::parse({data, size}, of, other)) std::abort();
    }
}

// Which of the forms is answered; the first answer is a challenge where the bytes are none.
void exchange(std::size_t form, const std::uint8_t* data, std::size_t size, bool challenge_first) {
    auth::turn_allocation one(auth::relay_credentials{auth::secret("dXNlcg=="), auth::secret("cGFzc3dvcmQ=")});
    const std::vector<std::uint8_t> challenge{0x01, 0x13, 0x00, 0x18, 0,   0,   0, 0,    0, 0, 0,   0,   0,   0,  0,
                                              0,    0,    0,    0,    0,   0,   9, 0,    4, 0, 0,   4,   1,   0,  0x14,
                                              0,    4,    'r',  'r',  'r', 'r', 0, 0x15, 0, 4, 'n', 'n', 'n', 'n'};
    int requests = 0;
    for (auto forms = one.request(); !forms.empty(); forms = one.request()) {
        if (++requests > 8) std::abort();
        const auto& asked = forms[std::min(form, forms.size() - 1)];
        auto answer = challenge_first && requests == 1 ? challenge : std::vector<std::uint8_t>(data, data + size);
        if (answer.size() < header) return;
        std::copy_n(asked.begin() + 4, 16, answer.begin() + 4);
        if (!one.is_answer(answer)) return;
        one.take(answer);
        if (one.so_far().allocation == auth::turn_allocation::state::granted) std::abort();  // nothing proves it
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_alone(data, size);
    exchange(0, data, size, false);
    exchange(1, data, size, false);
    exchange(0, data, size, true);
    exchange(1, data, size, true);
    return 0;
}
