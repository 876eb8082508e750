#pragma once
// What one resolver of the lab does with one query: the zone's answer, or a fault. Bytes in, a decision out; no I/O.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lab/scenario.hpp"
#include "lab/zone.hpp"

namespace ucsignin::lab {

struct dns_reply {
    enum class act { send, nothing, close };  // close: the TCP connection
    act what = act::send;
    std::vector<unsigned char> wire;
    int delay_ms = 0;
    std::string said;  // for the log
};

class dns_answerer {
public:
    dns_answerer(std::shared_ptr<const zone> from, std::vector<dns_fault> faults, resolver_kind kind)
        : zone_(std::move(from)), faults_(std::move(faults)), seen_(faults_.size()), kind_(kind) {}

    [[nodiscard]] dns_reply answer(std::span<const unsigned char> query, bool over_tcp);
    [[nodiscard]] bool refuses_tcp() const;  // RFC 7766 broken in the plainest way: the port is closed
    [[nodiscard]] resolver_kind kind() const { return kind_; }

private:
    [[nodiscard]] const dns_fault* due(const net::dns::question&, bool checking_disabled);

    std::shared_ptr<const zone> zone_;
    std::vector<dns_fault> faults_;
    std::vector<int> seen_;
    resolver_kind kind_;
};

}  // namespace ucsignin::lab
