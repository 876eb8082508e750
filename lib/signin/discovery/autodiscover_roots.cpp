#include "signin/discovery/autodiscover_roots.hpp"

namespace ucsignin::signin::discovery {

std::optional<std::size_t> choose_root(std::span<const root_state> states, bool grace_over) {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i].found) return i;
        if (!states[i].ended && !grace_over) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace ucsignin::signin::discovery
