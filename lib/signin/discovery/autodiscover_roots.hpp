#pragma once
// Which Autodiscover root is taken when several are asked side by side. Pure.

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "ucsignin/trace.hpp"

namespace ucsignin::signin::discovery {

struct root_state {
    bool ended = false;     // no more to come from there
    bool found = false;     // it offers documents
    std::string url = {};   // where the walk begins
    bool nameless = false;  // the name has no address
    bool read = false;      // its documents were read before, and name no server
};

// States in the client's order: the internal name before the external one, https before http. The first that was found,
// once all before it have ended; after `grace_over` those before it are not waited for. Nothing: wait, or none is left.
[[nodiscard]] std::optional<std::size_t> choose_root(std::span<const root_state> states, bool grace_over);
// Why that one.
[[nodiscard]] trace::decision decide_root(std::span<const root_state> states, std::size_t taken);

}  // namespace ucsignin::signin::discovery
