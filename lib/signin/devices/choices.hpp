#pragma once
// What stage 1 chooses, or the system for it: the options that there were, and why each was taken or passed over. Pure.

#include <span>
#include <vector>

#include "host/host.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/devices/decisions.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::devices {

// Which adapters can carry the sign-in; chosen are all that can.
[[nodiscard]] trace::decision choose_adapters(
    std::span<const host::adapter> adapters, std::span<const net::ip_address> targets);

[[nodiscard]] trace::decision choose_video(const host::cameras&);
// The default device of one side among all of its kind.
[[nodiscard]] trace::decision choose_default(const host::audio&, side);
// What a call would use: empty where neither side leaves a choice.
[[nodiscard]] trace::decision choose_defaults(const host::audio&);

// By which adapter packets leave: the kernel's choice, explained by what is known of the adapters.
[[nodiscard]] trace::decision choose_route(std::span<const way> ways, std::span<const host::adapter> adapters);

// Which resolver the questions go to: the first in the system's order that answers.
[[nodiscard]] trace::decision choose_resolver(std::span<const resolver_seen>);

}  // namespace ucsignin::signin::devices
