#pragma once
// The lab's pool behind streams in memory, on the loop of the sign-in itself: no socket, no thread, no process.

#include "../../net/failing_stream.hpp"
#include "../scripted_environment.hpp"
#include "lab/world.hpp"
#include "signin/base/environment.hpp"
#include "ucsignin/report.hpp"

namespace ucsignin::signin::testing {

struct lab_in_memory {
    std::shared_ptr<const lab::scenario> what;
    std::shared_ptr<const lab::issuers> by;                                       // made once for many runs
    std::shared_ptr<net::test::harm> harm = std::make_shared<net::test::harm>();  // of DNS, connections, bytes
    std::shared_ptr<lab::world> served{};                                         // set when a run begins
    net::asio::any_io_executor executor{};                                        // that one's loop

    std::shared_ptr<lab::pool_state> pool{};  // of a run before, that is remembered
    bool key_is_slow = false;                 // made while everything else waits
    std::shared_ptr<scripted_files> cache{};  // none: nothing is kept

    // Where the run goes: the lab's names and servers, an empty PC, a key made before, the true clock.
    [[nodiscard]] surroundings around();
};

struct whole_run {
    report::report told;                             // judged
    std::vector<lab::received_credential> received;  // by the lab's servers
    double took_s = 0;
    bool interrupted = false;
};
// The scenario's user signs in.
[[nodiscard]] whole_run sign_in_to(lab_in_memory& lab, double total_s, control* by = nullptr);

}  // namespace ucsignin::signin::testing
