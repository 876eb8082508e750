#pragma once
// The media relay: how its credentials are asked for (protocol 02, section 6), and what of each relay answers from
// here. Whether media passes is another question: it takes the credentials, and a second party.

#include <string>
#include <vector>

#include "signin/provisioning/tables.hpp"
#include "sip/bodies.hpp"
#include "sip/media_relay.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

// Relays are meant for one side of the Edge.
[[nodiscard]] inline trace::ev::relay_location_word location_for(bool remote) {
    if (remote) return "internet";
    return "intranet";
}

// SERVICE to the relay service that the configuration names, if it names one.
[[nodiscard]] wish ask_for_relay(const endpoint& me, const sip::provisioning& configuration);

struct relay_seen {
    sip::media_relay relay;
    std::string address;  // that was tried, "" when the name has none
    trace::ev::relay_tcp_word tcp = "not_tried";
    trace::ev::relay_udp_word udp = "not_tried";
    std::string dialect;  // of TURN, in which it answered
    std::optional<int> error_code;
    double answered_ms = 0;
    std::vector<std::string> errors;

    [[nodiscard]] bool connects() const { return tcp.word() == "connects"; }
    [[nodiscard]] bool answers() const { return udp.word() == "answers"; }
    [[nodiscard]] bool is_alive() const { return connects() || answers(); }
};
struct relays_seen {
    std::vector<relay_seen> all;  // in the order of the answer
};

// As many as a client would hold beside each other.
inline constexpr std::size_t most_relays_tried = 4;

// TCP and UDP of each side by side: a connection, and an Allocate without credentials in both dialects of TURN.
[[nodiscard]] wish look_at(const sip::media_relay_answer& granted);

}  // namespace ucsignin::signin::provisioning
