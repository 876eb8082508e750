#pragma once
// What roaming self says of the user's own presence beside this endpoint's: the states of other endpoints, of the
// calendar and of the user's own hand, and who may see how much (protocol 02, sections 3.3 to 3.6). Pure.

#include <string>
#include <vector>

#include "sip/bodies.hpp"
#include "trace/evidence_provisioning.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin::provisioning {

struct other_state {
    trace::ev::presence_kind_word kind = "other";
    int availability = -1;
    std::string activity, endpoint, since;  // as the server has them, "" where it has not
    bool outweighs = false;                 // others see this one
};
// Those in container 2 but the aggregates and our own machine state; `seen` is what others see.
[[nodiscard]] std::vector<other_state> other_states(
    const sip::roaming_self& from, std::uint32_t own_machine_state, int seen);
[[nodiscard]] std::vector<trace::fact> facts_of(const other_state&);
// "the user's own state, set by endpoint ... at ..."
[[nodiscard]] std::string words_of(const other_state&);
// "do not disturb" (section 3.6).
[[nodiscard]] std::string_view words_of_availability(int availability);

// Who is at which level of access: as many as a span shows, and how many are blocked.
struct access_lists {
    std::vector<std::vector<trace::fact>> members;
    std::int64_t blocked = 0;
};
[[nodiscard]] access_lists access_of(const sip::roaming_self& from);

}  // namespace ucsignin::signin::provisioning
