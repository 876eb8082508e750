#pragma once
// What the front end tells by itself: later notifications of accepted subscriptions (MS-SIP 3.5, part 02 sections 1.5
// and 3.2).

#include <set>
#include <string>

#include "lab/pool_state.hpp"
#include "sip/message.hpp"

namespace ucsignin::lab {

inline constexpr int subscription_s = 28721;

// A request of the server in a dialog that the client began. BENOTIFY when the client takes it.
[[nodiscard]] sip::message notification(
    subscription& in, bool best_effort, std::string type, std::string body, const std::string& state);

// The user's other endpoints, and who watches the user: these categories of `who` changed. `epid`: who did it, and
// knows.
void tell_of_presence(
    pool_state&, const account& who, const std::string& epid, const std::set<std::string>& categories);

}  // namespace ucsignin::lab
