#pragma once
// Partners' domains, looked up as an Edge does it for open federation: _sipfederationtls._tcp (protocol 02, section
// 7.1). From here it is a hint only: the Edge may ask another resolver, or know its partners by a list.

#include <optional>
#include <string>
#include <vector>

#include "signin/provisioning/tables.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

struct partner_seen {
    std::string domain;
    trace::ev::partner_word state = "no_answer";
    std::optional<trace::ev::dns_state_word> answer = {};  // how DNS answered; none when the name can't be asked for
    std::string server = {};                               // of its first record
    std::uint16_t port = 0;
};
struct partners_seen {
    std::vector<partner_seen> all;
    std::size_t not_asked = 0;
};

// A user's partners are told to his resolver, so not all of them.
inline constexpr std::size_t most_partners_asked = 20;

// All at once.
[[nodiscard]] wish look_for_partners(std::vector<std::string> domains);

}  // namespace ucsignin::signin::provisioning
