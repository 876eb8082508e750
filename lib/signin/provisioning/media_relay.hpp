#pragma once
// The media relay: how its credentials are asked for (protocol 02, section 6), what of each relay answers from here,
// and whether it takes the credentials. Whether media passes is another question: it takes a second party.

#include <optional>
#include <string>
#include <vector>

#include "auth/relay_credentials.hpp"
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
    trace::ev::relay_allocation_word allocation = "not_tried";  // with the credentials
    std::optional<int> allocation_code;                         // of a refusal
    bool stale_once = false, released = false;
    std::vector<std::string> errors;

    [[nodiscard]] bool connects() const { return tcp.word() == "connects"; }
    [[nodiscard]] bool answers() const { return udp.word() == "answers"; }
    [[nodiscard]] bool is_alive() const { return connects() || answers(); }
    [[nodiscard]] bool was_granted() const {
        return allocation.word() == "granted" || allocation.word() == "unproven" || allocation.word() == "open";
    }
    [[nodiscard]] bool grants_nothing() const { return !was_granted() && allocation.word() != "not_tried"; }
};
struct relays_seen {
    std::vector<relay_seen> all;  // in the order of the answer
};

// As many as a client would hold beside each other.
inline constexpr std::size_t most_relays_tried = 4;

// TCP and UDP of each side by side: a connection; an Allocate without credentials in both dialects of TURN, and then
// with them, given back at once. The credentials go to the relays of the answer that brought them, and nowhere else.
[[nodiscard]] wish look_at(const auth::relay_grant& granted);

}  // namespace ucsignin::signin::provisioning
