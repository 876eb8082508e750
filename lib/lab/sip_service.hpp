#pragma once
// SIP as the pool speaks it on one connection: a registrar and a front end behind TLS-DSK signatures.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lab/credential.hpp"
#include "lab/pool_state.hpp"
#include "net/stream.hpp"

namespace ucsignin::lab {

// Where a connection arrived.
struct sip_place {
    std::string server_name;  // the individual server: targetname of its challenges
    std::function<bool(std::string_view at)> is_meant = [](std::string_view at) {
        return at.empty();
    };  // by a rule's `at`
    std::function<void(const std::vector<credential>&)> received = [](const std::vector<credential>&) {};
};

// Serves until the client goes, or a fault of the scenario ends the connection. Never fails: what happened is said in
// the pool's log.
//
// Where the protocol notes leave the choice open: a REGISTER whose signature is wrong or replayed gets a fresh 401
// challenge with error 1000; any other request without a valid signature gets 403 (a 401 would make clients sign again
// for ever); NEGOTIATE gets 405; unsigned answers of the client are ignored.
[[nodiscard]] net::awaitable<void> serve_sip(std::shared_ptr<pool_state> pool, net::stream_ptr stream, sip_place place);

}  // namespace ucsignin::lab
