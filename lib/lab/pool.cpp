// The lab as a whole: addresses, listeners, thread.

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <optional>
#include <thread>

#include "host/memory_file.hpp"
#include "lab/dead_ports.hpp"
#include "lab/dns_server.hpp"
#include "lab/listeners.hpp"
#include "lab/world.hpp"

namespace ucsignin::lab {
namespace {

namespace asio = boost::asio;

using outcome = std::expected<void, std::string>;

// Connections of a client that has ended are read to their end within this; those that a scenario delays stay longer.
constexpr std::chrono::milliseconds grace{250};

struct addresses {
    lab_hosts hosts;
    bool standard = false;
    net::ip_address dns;

    [[nodiscard]] net::endpoint dns_at() const { return {dns, static_cast<std::uint16_t>(standard ? 53 : 0)}; }
    // Where a service listens in truth: on its own address and port, or on any port of the loopback of its family.
    [[nodiscard]] net::endpoint place_of(const net::endpoint& meant) const {
        if (standard) return meant;
        if (meant.address.is_v6()) return {asio::ip::address_v6::loopback(), 0};
        return {asio::ip::address_v4::loopback(), 0};
    }
};

std::expected<addresses, std::string> choose_addresses(const options& wanted) {
    if (!wanted.standard_ports && wanted.listen.empty())
        return addresses{documentation_hosts(*wanted.what), false, asio::ip::address_v4::loopback()};
    const auto sip = net::parse_endpoint(wanted.listen, 443);
    const auto web = net::parse_endpoint(wanted.listen_web.empty() ? wanted.listen : wanted.listen_web, 443);
    if (!sip || !web) return std::unexpected((sip ? web : sip).error().detail);
    lab_hosts hosts{{sip->address}, {sip->address}, {sip->address}, {web->address}, {}};
    hosts.relays.assign(wanted.what->pool.relays.size(), {sip->address});
    return addresses{std::move(hosts), true, sip->address};
}

class running_pool final : public pool {
public:
    running_pool(const options& wanted, const addresses& where)
        : where_(where),
          world_(std::make_shared<world>(wanted.what, where_.hosts, context_.get_executor(), issuers(*wanted.what))) {}
    // Everything listens when it returns.
    [[nodiscard]] outcome open();
    ~running_pool() override { end(); }
    running_pool(const running_pool&) = delete;
    running_pool& operator=(const running_pool&) = delete;

    const client_environment& environment() const override { return environment_; }
    std::vector<std::string> log() const override { return world_->log->lines(); }
    std::string bug() const override { return world_->log->bug(); }
    std::vector<received_credential> credentials() const override { return world_->received->all(); }
    void stop() override {
        if (!thread_.joinable()) return;
        let_in();
        world_->present->wait_until_gone(grace);
        end();
    }

private:
    void serve();
    void let_in();
    void end() {
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] outcome open_resolvers();
    [[nodiscard]] outcome open_resolver(resolver_kind kind);
    [[nodiscard]] outcome open_name_server();
    [[nodiscard]] outcome open_service(const service& one);
    [[nodiscard]] outcome open_relay(const relay_place& one);
    [[nodiscard]] outcome lead(const net::endpoint& meant, const net::result<net::endpoint>& actual);
    [[nodiscard]] net::result<net::endpoint> closed_at(const net::endpoint& at);
    [[nodiscard]] net::result<net::endpoint> filtered_at(const net::endpoint& at);
    [[nodiscard]] outcome describe();

    // Destroyed last: what its handlers hold goes with it.
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> busy_{context_.get_executor()};
    addresses where_;
    std::shared_ptr<world> world_;
    std::optional<host::memory_file> root_,
        password_;  // for clients, which read files; nothing of them outlives the lab
    std::vector<closed_port> closed_;
    std::vector<filtered_port> filtered_;
    client_environment environment_;
    std::thread thread_;
};

outcome running_pool::open() {
    if (auto done = open_resolvers(); !done) return done;
    if (auto done = open_name_server(); !done) return done;
    for (const auto& one : world_->services)
        if (auto done = open_service(one); !done) return done;
    for (const auto& one : world_->relays)
        if (auto done = open_relay(one); !done) return done;
    if (auto done = describe(); !done) return done;
    thread_ = std::thread([this] { serve(); });
    return {};
}

// An exception is a bug of the lab: it is kept, and whoever else is served goes on.
void running_pool::serve() {
    for (;;) {
        try {
            context_.run();
            return;
        } catch (const std::exception& bug) {
            world_->log->note_bug(bug.what());
        }
    }
}

// Whoever knocked before this counts as present after it. The first of these wakes the thread, which then finds who
// knocks; the others are dealt with behind that.
void running_pool::let_in() {
    for (int i = 0; i < 3; ++i) {
        std::promise<void> done;
        asio::post(context_, [&done] { done.set_value(); });
        done.get_future().wait();
    }
}

outcome running_pool::open_resolvers() {
    for (const auto kind : world_->what->dns.resolvers) {
        if (auto done = open_resolver(kind); !done) return done;
        if (where_.standard) return {};  // one port 53 an address
    }
    return {};
}

outcome running_pool::open_resolver(resolver_kind kind) {
    if (kind == resolver_kind::closed) {
        const auto at = closed_at({where_.dns, 0});
        if (!at) return std::unexpected(at.error().detail);
        environment_.resolvers.push_back(net::to_string(*at));
        return {};
    }
    dns_answerer answerer(world_->names, world_->what->dns.faults, kind);
    const auto server = dns_server::open(context_, where_.dns_at(), std::move(answerer), world_->log);
    if (!server) return std::unexpected(server.error().detail);
    (*server)->run();
    environment_.resolvers.push_back(net::to_string((*server)->local()));
    return {};
}

// Only beside the resolvers of loopback: with standard ports there is one port 53 an address.
outcome running_pool::open_name_server() {
    const auto& what = *world_->what;
    if (!what.dns.authoritative.there || where_.standard) return {};
    auto names = std::make_shared<const zone>(zone::authoritative(what, where_.hosts));
    dns_answerer answerer(std::move(names), what.dns.authoritative.faults, resolver_kind::authoritative);
    const auto server = dns_server::open(context_, where_.dns_at(), std::move(answerer), world_->log);
    if (!server) return std::unexpected(server.error().detail);
    (*server)->run();
    environment_.connect_to.push_back(std::string(name_server_address) + ":53:" + net::to_string((*server)->local()));
    return {};
}

outcome running_pool::open_service(const service& one) {
    const tcp_act standing = world_->faults.standing(one);
    const net::endpoint at = where_.place_of(one.meant);
    if (one.what == speaks::filtered || standing == tcp_act::drop) return lead(one.meant, filtered_at(at));
    if (one.what == speaks::closed || standing == tcp_act::refuse)
        return where_.standard ? outcome{} : lead(one.meant, closed_at(at));
    auto opened = net::listen(context_.get_executor(), at);
    if (!opened) return std::unexpected(opened.error().detail);
    const std::shared_ptr<net::listener> door = std::move(*opened);
    world_->tasks.start(accept_connections(world_, &one, door));
    return lead(one.meant, door->local());
}

outcome running_pool::open_relay(const relay_place& one) {
    if (where_.standard && one.how == relay_udp::refused) return {};
    const auto server = relay_server::open(context_, where_.place_of(one.meant), one, world_->pool, world_->log);
    if (!server) return std::unexpected(server.error().detail);
    (*server)->run();
    return lead(one.meant, (*server)->local());
}

outcome running_pool::lead(const net::endpoint& meant, const net::result<net::endpoint>& actual) {
    if (!actual) return std::unexpected(actual.error().detail);
    if (!where_.standard) environment_.connect_to.push_back(net::to_string(meant) + ":" + net::to_string(*actual));
    return {};
}

// One of each kind and family is enough: they all do the same.
net::result<net::endpoint> running_pool::closed_at(const net::endpoint& at) {
    for (const auto& one : closed_)
        if (one.local().address == at.address && at.port == 0) return one.local();
    auto opened = closed_port::open(context_, at);
    if (!opened) return std::unexpected(opened.error());
    return closed_.emplace_back(std::move(*opened)).local();
}

net::result<net::endpoint> running_pool::filtered_at(const net::endpoint& at) {
    for (const auto& one : filtered_)
        if (one.local().address == at.address && at.port == 0) return one.local();
    auto opened = filtered_port::open(context_, at);
    if (!opened) return std::unexpected(opened.error());
    return filtered_.emplace_back(std::move(*opened)).local();
}

outcome running_pool::describe() {
    const auto& client = world_->what->client;
    auto root = host::memory_file::make("root.pem", world_->certificates->root_pem());
    if (!root) return std::unexpected(root.error());
    root_.emplace(std::move(*root));
    environment_.ca_file = root_->path();
    environment_.user = client.address;
    environment_.login = client.login;
    environment_.diagnose_options = client.options;
    environment_.records = world_->names->lines();
    if (!client.password) return {};
    auto password = host::memory_file::make("password", *client.password + "\n");
    if (!password) return std::unexpected(password.error());
    password_.emplace(std::move(*password));
    environment_.password = *client.password;
    environment_.password_file = password_->path();
    return {};
}

}  // namespace

std::expected<std::unique_ptr<pool>, std::string> start(options wanted) {
    if (!wanted.what) wanted.what = healthy_scenario();
    const auto where = choose_addresses(wanted);
    if (!where) return std::unexpected(where.error());
    auto made = std::make_unique<running_pool>(wanted, *where);
    auto opened = made->open();
    if (!opened) return std::unexpected(opened.error());
    return made;
}

}  // namespace ucsignin::lab
