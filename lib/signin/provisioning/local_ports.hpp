#pragma once
// The ports that calls are to use, tried on this PC: whether other programs have them (protocol 02, section 6.4).

#include <vector>

#include "net/local_ports.hpp"
#include "signin/provisioning/settings.hpp"
#include "signin/provisioning/tables.hpp"

namespace ucsignin::signin::provisioning {

// Of one range.
struct range_seen {
    port_range range;
    int tried = 0, taken = 0, denied = 0;  // bindings: a port over UDP and over TCP counts twice

    // More than half of what was tried: a call may find no port.
    [[nodiscard]] bool is_crowded() const { return 2 * (taken + denied) > tried; }
};
struct ports_seen {
    std::vector<range_seen> all;
};

// Bindings of one range, and so 200 at most in a run. A range that needs more is sampled evenly, ends included.
inline constexpr int most_bindings = 40;

// What is tried of it: UDP for sound and pictures, TCP for files, both for sharing.
[[nodiscard]] std::vector<net::local_port> bindings_for(const port_range&);

[[nodiscard]] wish try_local_ports(const sip::provisioning&);

}  // namespace ucsignin::signin::provisioning
