#pragma once
// What the system's TCP knows about a connection: round trips, losses, sizes. Told from one another by these: a path
// that swallows large packets (later, smaller segments arrive out of order), plain loss (segments are sent again and
// arrive), and a server that is silent (everything was acknowledged, nothing came).

#include <cstdint>
#include <optional>
#include <string>

namespace ucsignin::net {

struct tcp_facts {
    double rtt_ms = 0;                 // smoothed
    std::int64_t retransmissions = 0;  // all segments that were sent again, the SYN among them
    std::int64_t mss = 0;              // bytes that go into one segment to the peer
    std::int64_t path_mtu = 0;
    std::int64_t out_of_order = 0;    // segments that came before one that is missing
    std::int64_t bytes_received = 0;  // in order
    std::int64_t unacked = 0;         // segments under way or lost
};

// Nothing where the system does not tell. One source for each platform.
[[nodiscard]] std::optional<tcp_facts> read_tcp_facts(int socket);
// The largest segment that this side announces, and sends; to be set before connecting. False when the system refuses.
bool limit_segments(int socket, int bytes);
// Out by this adapter, whatever the routes say. False when the system refuses.
bool bind_to_device(int socket, const std::string& adapter);
// How long what was sent may stay without an acknowledgement before the connection counts as lost. The system's own
// limit is a quarter of an hour: a connection that a firewall forgot looks alive for that long.
void give_up_unacknowledged(int socket, int milliseconds);

}  // namespace ucsignin::net
