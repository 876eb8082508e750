#pragma once
// What every stage is given, and nothing global: the trace, the environment, the identity, the deadlines, the ledger.

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "auth/ledger.hpp"
#include "auth/ticket_cache.hpp"
#include "net/task_group.hpp"
#include "signin/base/deadlines.hpp"
#include "signin/base/environment.hpp"
#include "signin/base/proxy_login.hpp"
#include "signin/base/trust.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::signin {

namespace ev = trace::ev;

class web_client;
class clock_watch;
struct trust_memory;
struct this_pc;

struct identity {
    std::string user, domain;  // "alice", "contoso.example"
    std::string address;       // "alice@contoso.example"
    std::string sip_uri;       // "sip:alice@contoso.example"
    std::string login;         // what a server asks for: the address unless --login says otherwise
};

struct context {
    const signin::options& options;
    identity who;
    net::asio::any_io_executor executor;
    trace::recorder& trace;
    deadlines& until;
    net::task_group& beside;
    auth::ledger& passwords;
    auth::ledger& proxy_passwords;
    const trust_rule& trusted_names;
    trust_memory& trust_so_far;
    auth::ticket_cache& tickets;
    signin::environment& environment;
    web_client& web;
    clock_watch& clock;
    this_pc& pc;
    std::size_t dials = 0;  // addresses that were tried so far (limits.hpp)

    [[nodiscard]] proxy_account for_proxy() const {
        return {options.proxy_login, options.proxy_password, proxy_passwords};
    }
    [[nodiscard]] bool has_password() const { return options.password.has_value(); }
};

// Seconds since 1970, by this PC's clock.
[[nodiscard]] std::int64_t wall_clock(const context& c);

}  // namespace ucsignin::signin
