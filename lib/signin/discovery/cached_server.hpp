#pragma once
// discovery.cached_server: the server of the last sign-in, tried first, and whether it is still one.

#include <optional>

#include "signin/base/context.hpp"
#include "signin/discovery/candidates.hpp"

namespace ucsignin::signin::discovery {

// The server to try first, if there is one.
[[nodiscard]] std::optional<net::host_port> use_cached_server(context& c);

// Decided again when the candidates have been tried: a server that can't be used and that discovery does not name is
// gone.
[[nodiscard]] bool is_stale(const candidate& first, bool usable);
void note_stale(context& c, const candidate& gone);

// Keeps what the sign-in ended on, for the next time.
void keep_server(context& c, const net::host_port& server);

}  // namespace ucsignin::signin::discovery
