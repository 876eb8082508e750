#pragma once
// What the looks of the second round have in common, whichever stage takes them.

#include "signin/base/context.hpp"
#include "trace/looks.hpp"

namespace ucsignin::signin {

using look = net::awaitable<void> (*)(context&, second_look, net::deadline);

struct known_look {
    trace::look_ref probe;
    look carry_out;
};

// The span of one look. Its subject names the probe as well: several looks at one name don't supersede one another.
[[nodiscard]] trace::scope open_look(context& c, chart::node_ref node, const second_look& one);

}  // namespace ucsignin::signin
