// links: lab
// Any query gets an answer that can be parsed and has its identifier, or none.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "lab/dns_answerer.hpp"

using namespace ucsignin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto what = lab::healthy_scenario();
    const auto names = std::make_shared<const lab::zone>(*what, lab::documentation_hosts(*what));
    for (const bool over_tcp : {false, true}) {
        lab::dns_answerer resolver(names, {}, lab::resolver_kind::good);
        const auto reply = resolver.answer({data, size}, over_tcp);
        if (reply.what != lab::dns_reply::act::send) continue;
        const auto read = net::dns::parse(reply.wire);
        if (!read || !read->response || read->id != (data[0] << 8 | data[1])) std::abort();
    }
    return 0;
}
