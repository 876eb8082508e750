#pragma once
// Which Autodiscover root is taken when several are asked side by side. Pure.

#include <cstddef>
#include <optional>
#include <span>

namespace ucsignin::signin::discovery {

struct root_state {
    bool ended = false;  // no more to come from there
    bool found = false;  // it offers documents
};

// States in the client's order: the internal name before the external one, https before http. The first that was found,
// once all before it have ended; after `grace_over` those before it are not waited for. Nothing: wait, or none is left.
[[nodiscard]] std::optional<std::size_t> choose_root(std::span<const root_state> states, bool grace_over);

}  // namespace ucsignin::signin::discovery
