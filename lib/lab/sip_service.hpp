#pragma once
// SIP as the pool speaks it on one connection: a registrar and a front end behind TLS-DSK signatures.

#include <memory>
#include <string>

#include "lab/pool_state.hpp"
#include "net/stream.hpp"

namespace ucsignin::lab {

// Serves until the client goes, or a fault of the scenario ends the connection. `server_name` is the individual server
// (targetname of its challenges). Never fails: what happened is said in the pool's log.
//
// Where the protocol notes leave the choice open: a REGISTER whose signature is wrong or replayed gets a fresh 401 challenge
// with error 1000; any other request without a valid signature gets 403 (a 401 would make clients sign again for ever);
// NEGOTIATE gets 405; unsigned answers of the client are ignored.
[[nodiscard]] net::awaitable<void> serve_sip(std::shared_ptr<pool_state> pool, net::stream_ptr stream, std::string server_name);

}  // namespace ucsignin::lab
