#pragma once
// What every stage is given, and nothing global: the trace, the environment, the identity, the deadlines, the ledger.

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "auth/ledger.hpp"
#include "host/host.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"
#include "signin/deadlines.hpp"
#include "signin/task_group.hpp"
#include "trace/evidence.hpp"
#include "ucsignin/signin.hpp"

namespace ucsignin::signin {

namespace ev = trace::ev;

class web_client;
class clock_watch;
namespace devices {
struct this_pc;
}

struct identity {
    std::string user, domain;   // "alice", "contoso.example"
    std::string address;        // "alice@contoso.example"
    std::string sip_uri;        // "sip:alice@contoso.example"
    std::string login;          // what a server asks for: the address unless --login says otherwise
};

struct context {
    const signin::options& options;
    identity who;
    net::asio::any_io_executor executor;
    trace::recorder& trace;
    deadlines& until;
    task_group& beside;
    auth::ledger& passwords;
    net::resolver& resolver;
    std::shared_ptr<net::trust_store> trust;
    web_client& web;
    clock_watch& clock;
    devices::this_pc& pc;
    std::function<void(std::string_view)> keylog;   // gets the TLS secrets of the SIP connections; empty: nobody does

    [[nodiscard]] bool has_password() const { return options.password.has_value(); }
    // Protocol section 1.5: the SIP domain itself, a name below it, or what --trust-domain adds.
    [[nodiscard]] bool trusts(const std::string& host) const;
};

// Equal to the domain, or a name below it.
[[nodiscard]] bool is_under(const std::string& host, const std::string& domain);

// Seconds since 1970, by this PC's clock.
[[nodiscard]] std::int64_t wall_clock();

}  // namespace ucsignin::signin
