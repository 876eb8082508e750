#pragma once
// What a sign-in gets from outside: whom it can dial, what it can ask, what this PC is like. Everything in signin/ goes
// by these; the real ones are made in signin/real_environment.cpp alone, tests hand in scripted ones. Waiting goes by
// net::clock, which is Asio's: another clock would set deadlines that no timer keeps.

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/certificate.hpp"
#include "host/host.hpp"
#include "host/pac.hpp"
#include "net/local_ports.hpp"
#include "net/resolver.hpp"
#include "net/tcp.hpp"
#include "net/tls.hpp"
#include "net/udp.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::signin {

class dialer {
public:
    virtual ~dialer() = default;
    [[nodiscard]] virtual net::awaitable<net::connect_outcome> connect(
        net::endpoint to, net::connect_options how, net::deadline until) = 0;
    [[nodiscard]] virtual net::awaitable<net::tls_outcome> secure(
        net::stream_ptr over, net::tls_options wanted, net::deadline until) = 0;
};

// Datagrams to one address, and what comes back from it.
class datagram_sender {
public:
    virtual ~datagram_sender() = default;
    [[nodiscard]] virtual net::awaitable<net::datagram_outcome> ask(
        net::endpoint to, net::datagram_question what, net::deadline until) = 0;
};

// This PC. What blocks is awaited, and left behind at the deadline.
class host_view {
public:
    virtual ~host_view() = default;
    [[nodiscard]] virtual host::inventory list_adapters() const = 0;
    [[nodiscard]] virtual host::route route_to(const net::ip_address& target) const = 0;
    [[nodiscard]] virtual host::hosts_file read_hosts() const = 0;
    [[nodiscard]] virtual std::vector<std::string> search_list() const = 0;  // of the system's resolvers
    [[nodiscard]] virtual std::vector<host::leased_sip_server> leased_sip_servers() const = 0;
    [[nodiscard]] virtual std::string hostname() const = 0;
    [[nodiscard]] virtual std::string machine_id() const = 0;
    // A state for each.
    [[nodiscard]] virtual std::vector<net::port_state> try_ports(std::span<const net::local_port> ports) const = 0;
    [[nodiscard]] virtual net::awaitable<net::result<host::cameras>> list_cameras(net::deadline until) = 0;
    [[nodiscard]] virtual net::awaitable<host::audio> probe_audio(net::deadline until) = 0;
    // By the system's own look-up, a list for each name.
    using addresses = std::vector<net::ip_address>;
    [[nodiscard]] virtual net::awaitable<net::result<std::vector<addresses>>> look_up(
        std::vector<std::string> names, net::deadline until) = 0;
    // A proxy script by file://, and what a script says.
    [[nodiscard]] virtual net::awaitable<net::result<host::file_result<std::string>>> read_script(
        std::string path, std::size_t most_bytes, net::deadline until) = 0;
    [[nodiscard]] virtual net::awaitable<std::expected<std::vector<std::string>, std::string>> evaluate_pac(
        std::string script, std::string own_address, std::vector<host::pac_question> questions,
        net::deadline until) = 0;
};

class pc_clock {
public:
    virtual ~pc_clock() = default;
    [[nodiscard]] virtual double seconds() const = 0;  // since 1970, by this PC's clock
};

class key_source {
public:
    virtual ~key_source() = default;
    [[nodiscard]] virtual net::awaitable<std::expected<auth::key_ptr, std::string>> make_key(net::deadline until) = 0;
};

// Files for this account's eyes only. Errors are one line.
class private_files {
public:
    virtual ~private_files() = default;
    // An empty error: there is no such file.
    [[nodiscard]] virtual std::expected<std::string, std::string> read(const std::string& path) const = 0;
    [[nodiscard]] virtual std::expected<void, std::string> write(
        const std::string& folder, const std::string& path, std::string_view text) const = 0;
    virtual void remove(const std::string& path) const = 0;
};

struct environment {
    std::unique_ptr<dialer> dial;
    std::unique_ptr<datagram_sender> datagrams;
    std::unique_ptr<net::resolver> resolver;
    // One that asks this server alone, and is heard by nobody: whether it answers at all.
    std::function<std::unique_ptr<net::resolver>(net::endpoint server)> ask_only;
    std::unique_ptr<host_view> host;
    std::shared_ptr<const pc_clock> clock;
    std::unique_ptr<key_source> keys;
    std::shared_ptr<const private_files> files;
    std::shared_ptr<net::trust_store> trust;
    std::string trust_error;                       // why roots could not be read
    host::proxy_settings proxy;                    // by option, or what this PC is set to
    std::string cache_folder;                      // of this user; empty: nothing is kept
    std::function<void(std::string_view)> keylog;  // gets the TLS secrets of the SIP connections; empty: nobody does
};

// Where an environment comes from, before the run that it is for has a loop. `tap` hears what the resolver does.
struct surroundings {
    std::shared_ptr<const pc_clock> clock;
    std::function<environment(net::asio::any_io_executor, const options&, net::wire_tap tap)> make;
};

}  // namespace ucsignin::signin
