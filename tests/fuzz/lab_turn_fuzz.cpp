// links: lab net auth
// What a client may send to the lab's relay: nothing is granted that isn't proven, what is answered has the request's
// transaction, and an allocation is made by an Allocate alone.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lab/turn_desk.hpp"
#include "net/stun.hpp"

using namespace ucsignin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto pool = std::make_shared<const lab::pool_state>(
        lab::pool_settings{}, lab::pool_credentials{}, [](const std::string&) {});
    using enum lab::relay_allocate;
    for (const auto how : {grants, stale, quota, open}) {
        lab::turn_desk desk(lab::relay_udp::answers, how, pool);
        for (int i = 0; i < 2; ++i) {
            const auto said = desk.take({data, size}, "192.0.2.200:50000");
            if (!said) break;
            net::stun::transaction_id id{};
            for (std::size_t at = 0; at < id.size(); ++at) id[at] = data[at + 4];
            const auto standard = net::stun::parse(said->datagram, net::stun::dialect::standard, id);
            const auto microsoft = net::stun::parse(said->datagram, net::stun::dialect::microsoft, id);
            if (!standard && !microsoft) std::abort();
            const bool success = (standard && standard->success) || (microsoft && microsoft->success);
            if (success && how != open) std::abort();
        }
        if (desk.allocations() > (how == open ? 1U : 0U)) std::abort();
    }
    return 0;
}
