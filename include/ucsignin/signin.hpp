#pragma once
// The sign-in: five stages in the desktop client's order, written down as a trace. It judges nothing.

#include <chrono>
#include <expected>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ucsignin/address.hpp"
#include "ucsignin/secret.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

enum class auth_choice { automatic, tls_dsk, kerberos, ntlm };
enum class vantage { unknown, inside, outside };

// What the first round left open, for a second and last one: `probe` is a word of the evidence ucsignin.probe,
// `subject` the name, record or server (host:port) that it looks at.
struct second_look {
    std::string probe, subject;
};

struct options {
    std::string address;                   // "alice@contoso.example"
    std::string login;                     // UPN or DOMAIN\user when it differs from the address
    std::optional<auth::secret> password;  // none: runs up to the first challenge and says so
    auth_choice auth = auth_choice::automatic;
    std::optional<net::host_port> server;  // --server: nothing is discovered; port 0: 5061, then 443
    signin::vantage vantage = signin::vantage::unknown;
    std::vector<net::endpoint> resolvers;  // empty: the system's
    std::vector<net::connect_to> connect_to;
    std::vector<std::string> ca_files;  // beside the system's roots
    std::string keylog;       // file for the TLS secrets of the SIP connections (NSS key log format); empty: none
    bool tls_scan = false;    // try which TLS versions each server accepts
    std::string proxy;        // URL; empty: what the environment says
    std::string proxy_login;  // of the proxy alone; empty: nothing is told to a proxy that asks
    std::optional<auth::secret> proxy_password;  // Basic sends it to the proxy as it is
    std::vector<std::string> trust_domains;      // the trust rule of protocol section 1.5, widened by hand
    int until_stage = 5;
    bool publish = true;
    std::vector<std::string> dial;         // numbers to normalise by the user's dial plan
    std::vector<std::string> presence_of;  // whose presence to ask for besides the contacts'; without "sip:"
    bool partners = true;                  // look up the domains of partners among the contacts
    double stay_s = 0;                     // how long to stay signed in and watch
    std::string user_agent;                // empty: that of a current desktop client
    double timeout_s = 30;                 // one total; every other deadline derives from it
    bool use_proxy_environment = true;
    trace::message_detail messages = trace::message_detail::headers;  // that are kept of what goes over the wire
    bool cache = false;                    // --cache: use and keep server, certificate and key
    std::string password_source = "none";  // prompt, file, stdin, lab or none; for the trace
    // Asked once, when the sign-in has ended; what it names is looked at within a sixth of the total. None: no second
    // round.
    std::function<std::vector<second_look>(const trace::record&)> left_open;
    std::string exchange;      // --exchange: host of Exchange; empty: Autodiscover finds it
    bool ask_exchange = true;  // unless --no-exchange
};

// "user@domain" as the contract wants it; an error says what is wrong with it.
struct address_parts {
    std::string user, domain;  // domain in lower case
};
[[nodiscard]] std::optional<address_parts> split_address(const std::string& address);

// Files that the options name, tried before a run so that a typing error is told at once. The error names the file.
[[nodiscard]] std::expected<void, std::string> check_ca_file(
    const std::string& file, std::chrono::steady_clock::time_point until);
[[nodiscard]] std::expected<void, std::string> check_keylog(const std::string& file);  // it is made, and kept private

struct run_result {
    trace::record trace;
    bool interrupted = false;
    bool decided = false;  // the sign-in had ended by itself: what was cut short came after its result
    std::string fault;     // a bug of this program that ended the run; the trace holds what came before
};

class run_state;

// One run, seen from other threads: each function may be called from any, at any time, before, during and after the
// run, also while the run's own thread is busy.
class control {
public:
    // Ends the run in order: signed out, with the trace so far. Before the run: it ends as soon as it begins.
    void interrupt();
    // A copy of what there is now, as a report needs it; what is under way counts as interrupted.
    [[nodiscard]] run_result so_far() const;
    // The run's time is over and its thread is stuck. To be asked often: each time the thread is given something to do.
    [[nodiscard]] bool is_overdue();

private:
    friend class run_state;
    mutable std::mutex mutex_;
    run_state* running_ = nullptr;
    std::optional<run_result> ended_;
    bool interrupted_ = false;
};

// Runs to the end on the calling thread. `heard` is called on it as each span ends. A bug ends the run in order: signed
// out, with the trace so far. Throws only when the options were not checked before.
[[nodiscard]] run_result run(const options&, trace::recorder::listener heard, control* by = nullptr);

}  // namespace ucsignin::signin
