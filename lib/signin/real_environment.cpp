// The real world behind `environment`: the network, this PC, its clock, files and keys. All of it is made here and
// nowhere else, so that a test can hand in a scripted one; what may block runs in a worker that is left at its
// deadline.
#include "signin/real_environment.hpp"

#include <chrono>

#include "ucsignin/files.hpp"
#include "host/keylog.hpp"
#include "ucsignin/files.hpp"
#include "net/work.hpp"
#include "signin/base/cache.hpp"

namespace ucsignin::signin {
namespace {

// A home that lies on a network may hang: the sign-in waits for it no longer than it would for a slow disk.
constexpr std::chrono::milliseconds longest_access{500};

class network final : public dialer {
public:
    net::awaitable<net::connect_outcome> connect(
        net::endpoint to, net::connect_options how, net::deadline until) override {
        return net::connect_by(std::move(to), std::move(how), until);
    }
    net::awaitable<net::tls_outcome> secure(
        net::stream_ptr over, net::tls_options wanted, net::deadline until) override {
        return net::tls_connect(std::move(over), std::move(wanted), until);
    }
};

class udp final : public datagram_sender {
public:
    net::awaitable<net::datagram_outcome> ask(
        net::endpoint to, net::datagram_question what, net::deadline until) override {
        return net::exchange_datagrams(std::move(to), std::move(what), until);
    }
};

class this_host final : public host_view {
public:
    host::inventory list_adapters() const override { return host::list_adapters(); }
    host::route route_to(const net::ip_address& target) const override { return host::route_to(target); }
    host::hosts_file read_hosts() const override { return host::read_hosts(); }
    std::vector<std::string> search_list() const override { return host::read_resolvers().search; }
    std::vector<host::leased_sip_server> leased_sip_servers() const override { return host::read_leased_sip_servers(); }
    std::string hostname() const override { return host::hostname(); }
    std::string machine_id() const override { return host::machine_id(); }
    std::vector<net::port_state> try_ports(std::span<const net::local_port> ports) const override {
        return net::try_ports(ports);
    }

    // Drivers wake up their devices, each in its own time.
    net::awaitable<net::result<host::cameras>> list_cameras(net::deadline until) override {
        const std::function<host::cameras()> work = [] { return host::list_cameras(); };
        co_return co_await net::run_blocking(work, until);
    }
    net::awaitable<host::audio> probe_audio(net::deadline until) override {
        return host::probe_audio(host::own_executable(), until);
    }
    // NSS modules block, each in its own way: all names in one worker, which is left alone at the deadline.
    net::awaitable<net::result<std::vector<addresses>>> look_up(
        std::vector<std::string> names, net::deadline until) override {
        const std::function<std::vector<addresses>()> work = [names] {
            std::vector<addresses> found;
            for (const auto& name : names) found.push_back(host::look_up(name));
            return found;
        };
        co_return co_await net::run_blocking(work, until);
    }
    net::awaitable<net::result<host::file_result<std::string>>> read_script(
        std::string path, std::size_t most_bytes, net::deadline until) override {
        const std::function<host::file_result<std::string>()> work = [path, most_bytes] {
            return host::read_file(path, {.bytes = most_bytes});
        };
        co_return co_await net::run_blocking(work, until);
    }
    net::awaitable<std::expected<std::vector<std::string>, std::string>> evaluate_pac(
        std::string script, std::string own_address, std::vector<host::pac_question> questions,
        net::deadline until) override {
        return host::evaluate_pac(
            host::own_executable(), std::move(script), std::move(own_address), std::move(questions), until);
    }
};

class system_clock final : public pc_clock {
public:
    double seconds() const override {
        return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    }
};

class key_worker final : public key_source {
public:
    net::awaitable<std::expected<auth::key_ptr, std::string>> make_key(net::deadline until) override {
        using made_key = std::expected<auth::key_ptr, std::string>;
        const std::function<made_key()> work = auth::generate_key;
        auto key = co_await net::run_blocking(work, until);
        co_return key ? std::move(*key) : made_key(std::unexpected(key.error().detail));
    }
};

class files_of_this_account final : public private_files {
public:
    std::expected<std::string, std::string> read(const std::string& path) const override {
        using text = std::expected<std::string, std::string>;
        auto got = host::left_behind<text>(
            [path] { return host::read_private_file(path); }, net::clock::now() + longest_access);
        return got ? std::move(*got) : text(std::unexpected(path + ": the disk takes too long"));
    }
    std::expected<void, std::string> write(
        const std::string& folder, const std::string& path, std::string_view text) const override {
        using done = std::expected<void, std::string>;
        const auto written = host::left_behind<done>(
            [folder, path, kept = auth::secret(std::string(text))]() -> done {
                if (auto made = host::make_private_folder(folder); !made) return made;
                return host::write_private_file(path, kept.reveal());
            },
            net::clock::now() + longest_access);
        return written ? *written : done(std::unexpected(path + ": the disk takes too long"));
    }
    void remove(const std::string& path) const override { host::remove_file(path); }
};

host::proxy_settings choose_proxy(const options& o) {
    if (!o.proxy.empty()) return host::proxy_from_option(o.proxy);
    return o.use_proxy_environment ? host::proxy_from_environment(host::read_environment()) : host::proxy_settings{};
}

// The file was opened once when the options were read.
std::function<void(std::string_view)> keylog_of(const options& o) {
    if (o.keylog.empty()) return nullptr;
    auto opened = host::open_keylog(o.keylog);
    return opened ? std::move(*opened) : nullptr;
}

std::string cache_folder_of(const options& o) {
    const auto parts = split_address(o.address);
    if (!o.cache || !parts) return {};
    return profile_cache::folder_for(host::read_environment(), "sip:" + parts->user + "@" + parts->domain);
}

std::shared_ptr<net::trust_store> load_trust(const options& o, std::string& error) {
    auto loaded = net::trust_store::load(true, o.ca_files);
    // Files were checked when the options were read; what is left is a system without a readable store.
    if (!loaded) {
        error = loaded.error().detail;
        loaded = net::trust_store::load(false, o.ca_files);
    }
    if (!loaded) loaded = net::trust_store::load(false, {});
    return *loaded;
}

environment make(net::asio::any_io_executor executor, const options& o, net::wire_tap tap) {
    environment made;
    made.dial = std::make_unique<network>();
    made.datagrams = std::make_unique<udp>();
    made.resolver = net::make_resolver(executor, o.resolvers, std::move(tap));
    made.ask_only = [executor](net::endpoint server) {
        return net::make_resolver(executor, std::vector<net::endpoint>(1, server));
    };
    made.host = std::make_unique<this_host>();
    made.clock = std::make_shared<system_clock>();
    made.keys = std::make_unique<key_worker>();
    made.files = real_files();
    made.trust = load_trust(o, made.trust_error);
    made.proxy = choose_proxy(o);
    made.cache_folder = cache_folder_of(o);
    made.keylog = keylog_of(o);
    return made;
}

}  // namespace

surroundings real_surroundings() { return {std::make_shared<system_clock>(), make}; }

std::shared_ptr<const private_files> real_files() { return std::make_shared<files_of_this_account>(); }

}  // namespace ucsignin::signin
