#pragma once
// Runs the two tables: starts each request as soon as its needs are met, visits each node as soon as its answers are
// there, and writes to each span whose answers it waited for.

#include <memory>

#include "signin/provisioning/tables.hpp"
#include "signin/base/session.hpp"

namespace ucsignin::signin::provisioning {

// Returns when every node was decided, or can't be. A request whose need was not accepted is never sent. A node that
// needs an answer which wasn't accepted, and that is told at another node, is not run; so is one whose request was not
// sent. A node behind one at which the sign-in ended is left to the recorder: it wasn't reached.
[[nodiscard]] net::awaitable<void> drive(context& c, std::shared_ptr<session> s, endpoint me, tables of);

}  // namespace ucsignin::signin::provisioning
