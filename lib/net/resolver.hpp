#pragma once
// Questions to the configured resolvers: c-ares on Asio's loop, with what c-ares hides by default kept visible.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/address.hpp"
#include "net/dns.hpp"
#include "net/stream.hpp"
#include "net/wire_tap.hpp"

namespace ucsignin::net {

enum class answer_state { records, no_data, nxdomain, servfail, refused, timed_out, malformed, unreachable, other };
[[nodiscard]] std::string_view to_string(answer_state);  // "records", "NODATA", "NXDOMAIN", "SERVFAIL", ...

// One question's answer, as it came. `records` holds the whole answer section: CNAMEs first, then what was asked.
struct dns_answer {
    dns::question question;
    answer_state state = answer_state::timed_out;
    std::string resolver;  // who answered, "192.0.2.53:53"; empty when nobody did
    std::uint16_t rcode = 0;
    std::vector<dns::resource> records;    // as many as are of use (most_services, most_addresses of dns_judgement.hpp)
    std::size_t left_out = 0;              // further ones
    std::vector<std::string> cname_chain;  // targets, in order
    bool truncated = false;                // the UDP answer was cut, and asked again over TCP
    bool over_tcp = false;
    bool zone_exists = false;                   // an SOA of the zone came with the negative answer
    std::string zone;                           // that SOA's owner
    bool authoritative = false;                 // the zone's own server speaks (AA)
    bool cname_loop = false;                    // the chain comes back to itself or does not end
    std::optional<std::uint32_t> negative_ttl;  // how long a 'no' is kept (RFC 2308 5)
    std::vector<dns::extended_error> extended_errors;
    int retransmissions = 0;
    double latency_ms = 0;
    std::string detail;  // what went wrong, for people

    [[nodiscard]] std::vector<ip_address> addresses() const;  // A and AAAA, in the order of the answer
    [[nodiscard]] std::vector<dns::srv> services() const;     // in RFC 2782 order (weight as the tie-break, no dice)
};

// How one server is asked when it matters.
struct dns_way {
    bool recursion = true;           // false: only what the server itself knows
    bool checking_disabled = false;  // CD: also what DNSSEC says is forged (RFC 4035 3.2.2)
    bool tcp = false;                // at once, without UDP before
};

// Asks the resolvers in their order. The next is asked when those before have failed (SERVFAIL and REFUSED count as
// failures, as for the systems' own resolvers) or kept silent for a second; one that kept silent is not waited for
// again. The first that answers wins. Equal questions of one run are asked once (the second caller waits for the
// first). Cancelling a caller does not cancel the question.
class resolver {
public:
    virtual ~resolver() = default;
    [[nodiscard]] virtual awaitable<dns_answer> ask(dns::question question, deadline until) = 0;
    // A and AAAA of a name, in that order. An address that is there does not wait long for one that is not: when one
    // question has brought addresses, or that there is no such name, the other has a second more (time to be repeated,
    // where its kind is answered for other names; 50 ms, as RFC 8305 3 has it, where it was waited for in vain before).
    // It then counts as timed_out, and says so in `detail`.
    [[nodiscard]] virtual awaitable<std::vector<dns_answer>> ask_addresses(std::string name, deadline until) = 0;
    // This server, in this way, now: nothing is remembered.
    [[nodiscard]] virtual awaitable<dns_answer> ask_at(
        dns::question question, endpoint server, dns_way way, deadline until) = 0;
    [[nodiscard]] virtual const std::vector<endpoint>& servers() const = 0;
};

// `servers` empty: those of the system (/etc/resolv.conf by way of c-ares). `tap` hears each query to each server, not
// its retransmissions, and each answer.
[[nodiscard]] std::unique_ptr<resolver> make_resolver(
    asio::any_io_executor executor, std::vector<endpoint> servers, wire_tap tap = nullptr);

}  // namespace ucsignin::net
