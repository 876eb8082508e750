#pragma once
// A world for tests: a PC with nothing on it, names and servers as the test has them, nothing of the network.

#include <deque>
#include <functional>
#include <map>

#include "signin/base/environment.hpp"

namespace ucsignin::signin::testing {

// Whoever is dialled: `answer` gives a stream, or why there is none. TLS comes up at once, with a certificate that
// proves any name but those in `unproven`.
class scripted_dialer {
public:
    std::function<net::result<net::stream_ptr>(const net::endpoint& to)> answer = [](const net::endpoint& to) {
        return std::unexpected(net::error{net::fault::refused, net::to_string(to) + " refuses", 0});
    };
    std::vector<std::string> unproven;
    std::vector<std::string> silent;   // addresses that never answer
    std::vector<std::string> slow;     // that answer when half of the time given is over
    std::vector<std::string> dialled;  // "192.0.2.1:443", in their order
    // What comes of datagrams, the first of an exchange; "192.0.2.1:3478" of those that were asked.
    std::function<net::datagram_outcome(const net::endpoint& to, const net::datagram_question&)> over_udp =
        [](const net::endpoint& to, const net::datagram_question&) {
            net::datagram_outcome none;
            none.failed = net::error{net::fault::timed_out, net::to_string(to) + " is silent", 0};
            return none;
        };
    std::vector<std::string> asked_over_udp;
};

// Answers A questions at once.
class scripted_resolver {
public:
    std::map<std::string, std::string, std::less<>> addresses;         // name -> IPv4 address
    std::map<std::string, net::dns::srv, std::less<>> services;        // name -> its only SRV record
    std::map<std::string, net::answer_state, std::less<>> unanswered;  // name -> how it goes wrong
    std::vector<std::string> asked;
};

[[nodiscard]] net::dns_answer answer_from(const scripted_resolver&, const net::dns::question&);
// This PC's ports: free, but for those that are named, as "udp 50020".
struct scripted_ports {
    std::map<std::string, net::port_state, std::less<>> states;
    std::vector<std::string> tried;
};
[[nodiscard]] std::unique_ptr<host_view> empty_host(
    std::shared_ptr<scripted_ports> ports = std::make_shared<scripted_ports>());
// 2026-03-01T09:30:00Z, for ever.
[[nodiscard]] std::shared_ptr<const pc_clock> stopped_clock();
// Made once in a process.
[[nodiscard]] std::unique_ptr<key_source> key_made_before();

// Files in memory.
class scripted_files final : public private_files {
public:
    std::expected<std::string, std::string> read(const std::string& path) const override;
    std::expected<void, std::string> write(
        const std::string& folder, const std::string& path, std::string_view text) const override;
    void remove(const std::string& path) const override;
    mutable std::map<std::string, std::string> kept;  // by path
    std::string unreadable, unwritable;               // why, if they are
};

[[nodiscard]] environment scripted_environment(
    std::shared_ptr<scripted_dialer> dialer, std::shared_ptr<scripted_resolver> names);

}  // namespace ucsignin::signin::testing
