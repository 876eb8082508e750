#include "signin/provisioning/local_ports.hpp"

#include <algorithm>

#include "signin/base/context.hpp"

namespace ucsignin::signin::provisioning {
namespace {

using transport = net::local_port::transport;

std::vector<transport> transports_of(std::string_view kind) {
    if (kind == "files") return {transport::tcp};
    if (kind == "sharing") return {transport::udp, transport::tcp};
    return {transport::udp};
}

range_seen try_range(const host_view& pc, const port_range& range) {
    range_seen seen{.range = range};
    for (const auto state : pc.try_ports(bindings_for(range))) {
        if (state == net::port_state::unknown) continue;
        ++seen.tried;
        if (state == net::port_state::taken) ++seen.taken;
        if (state == net::port_state::denied) ++seen.denied;
    }
    return seen;
}

net::awaitable<std::shared_ptr<const std::any>> try_ranges(context& c, std::vector<port_range> ranges) {
    ports_seen seen;
    for (const auto& one : ranges) seen.all.push_back(try_range(*c.environment.host, one));
    co_return std::make_shared<const std::any>(std::move(seen));
}

}  // namespace

std::vector<net::local_port> bindings_for(const port_range& range) {
    const auto over = transports_of(range.kind.word());
    const int last = range.to - range.from;
    const int count = std::min(last + 1, most_bindings / static_cast<int>(over.size()));
    std::vector<net::local_port> all;
    for (int i = 0; i < count; ++i) {
        const int step = count == 1 ? 0 : i * last / (count - 1);
        for (const auto one : over) all.push_back({one, static_cast<std::uint16_t>(range.from + step)});
    }
    return all;
}

wish try_local_ports(const sip::provisioning& configuration) {
    auto ranges = read_media_ports(configuration).ranges;
    std::erase_if(ranges, [](const port_range& one) { return one.from > one.to; });
    if (ranges.empty()) return not_sent{};
    return look_for{[ranges = std::move(ranges)](context& c) { return try_ranges(c, ranges); }};
}

}  // namespace ucsignin::signin::provisioning
