#include "net/tcp_facts.hpp"

// Not <netinet/tcp.h>: glibc's tcp_info ends before what newer kernels tell.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace ucsignin::net {

std::optional<tcp_facts> read_tcp_facts(int socket) {
    tcp_info info{};  // an older kernel fills less of it; the rest stays 0
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    return tcp_facts{
        .rtt_ms = info.tcpi_rtt / 1000.0,
        .retransmissions = info.tcpi_total_retrans,
        .mss = info.tcpi_snd_mss,
        .path_mtu = info.tcpi_pmtu,
        .out_of_order = info.tcpi_rcv_ooopack,
        .bytes_received = static_cast<std::int64_t>(info.tcpi_bytes_received),
        .unacked = info.tcpi_unacked};
}

bool limit_segments(int socket, int bytes) {
    return setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &bytes, sizeof bytes) == 0;
}

bool bind_to_device(int socket, const std::string& adapter) {
    return setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, adapter.c_str(), static_cast<socklen_t>(adapter.size())) ==
           0;
}

void give_up_unacknowledged(int socket, int milliseconds) {
    // A system without it keeps its own limit.
    (void)setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

}  // namespace ucsignin::net
