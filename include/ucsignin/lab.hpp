#pragma once
// The lab: an emulated Skype for Business pool (DNS, autodiscover, web ticket, certificate provisioning, registrar and
// front end) on real sockets, with faults described as data. It runs on its own thread and io_context.
// The sign-in code does not know that it exists: what differs is the environment that it is handed.

#include <cstdint>
#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ucsignin::lab {

struct scenario;  // lib/lab/scenario.hpp

struct load_error {
    std::string file, where, what;  // where: JSON pointer into the scenario
};
[[nodiscard]] std::expected<std::shared_ptr<const scenario>, load_error> load_scenario(
    const std::string& path, std::chrono::steady_clock::duration longest = std::chrono::seconds(5));
[[nodiscard]] std::shared_ptr<const scenario> healthy_scenario();

struct options {
    std::shared_ptr<const scenario> what;
    // Both empty: loopback on high ports. Else: DNS 53 and SIP 443 and 5061 on `listen`, HTTP 80 and HTTPS 443 on
    // `listen_web`.
    std::string listen, listen_web;
    bool standard_ports = false;
};

// What a client has to be told to find the lab instead of the world.
struct client_environment {
    std::vector<std::string> resolvers;   // "127.0.0.1:40053"
    std::vector<std::string> connect_to;  // "192.0.2.10:443:127.0.0.1:41443", as for --connect-to
    std::string ca_file;                  // PEM of the lab's root
    std::string user, login;              // "alice@contoso.example", "CONTOSO\\alice"
    std::string password;
    std::string password_file;
    std::vector<std::string> records;           // zone file lines, fully qualified
    std::vector<std::string> diagnose_options;  // command-line options that the scenario asks for ("--server", ...)
};

// What one server got of one kind: ntlm, ntlm_negotiate, kerberos, basic, bearer, username_token,
// username_token_base64, web_ticket, certificate, signature, other. Never what was in it.
struct received_credential {
    std::string host;  // the name by which it was asked
    std::uint16_t port = 0;
    std::string protocol;  // http, https, sip
    std::string kind;
    int count = 0;
};

class pool {
public:
    virtual ~pool() = default;  // stops and joins
    [[nodiscard]] virtual const client_environment& environment() const = 0;
    // What reached the lab and how it answered, a line each; never a secret.
    [[nodiscard]] virtual std::vector<std::string> log() const = 0;
    [[nodiscard]] virtual std::vector<received_credential> credentials() const = 0;
    // What broke in the lab itself, "" when nothing did: what a client saw is worth nothing then.
    [[nodiscard]] virtual std::string bug() const = 0;
    // Takes in what clients that have gone left on their connections, then answers nobody any more.
    virtual void stop() = 0;
};
// Credentials and log as JSON, "format": "ucsignin-lab-record/1" (tests/scenarios/README.md).
[[nodiscard]] std::string record_of(const pool&);
[[nodiscard]] std::expected<std::unique_ptr<pool>, std::string> start(options);

}  // namespace ucsignin::lab
