#pragma once
// The lab's pool behind streams in memory, on the loop of the sign-in itself: no socket, no thread, no process.

#include "../../net/failing_stream.hpp"
#include "lab/world.hpp"
#include "signin/base/environment.hpp"

namespace ucsignin::signin::testing {

struct lab_in_memory {
    std::shared_ptr<const lab::scenario> what;
    std::shared_ptr<const lab::issuers> by;  // made once for many runs
    std::shared_ptr<net::test::harm> harm;   // of everything that comes or goes: DNS, connections, bytes
    std::shared_ptr<lab::world> served;      // set when a run begins

    // Where the run goes: the lab's names and servers, an empty PC, a key made before, the true clock.
    [[nodiscard]] surroundings around();
};

}  // namespace ucsignin::signin::testing
