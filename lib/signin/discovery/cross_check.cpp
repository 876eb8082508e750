#include "signin/discovery/cross_check.hpp"

#include <algorithm>
#include <span>

namespace ucsignin::signin::discovery {
namespace {

struct known_look {
    std::string_view probe;
    look carry_out;
};

constexpr std::span<const known_look> looks;

}  // namespace

look find_look(std::string_view probe) {
    const auto at = std::ranges::find(looks, probe, &known_look::probe);
    return at == looks.end() ? nullptr : at->carry_out;
}

}  // namespace ucsignin::signin::discovery
