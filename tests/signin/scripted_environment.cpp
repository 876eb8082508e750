#include "scripted_environment.hpp"

#include <algorithm>

#include "net/deadline.hpp"

namespace ucsignin::signin::testing {
namespace {

class dialer_of_test final : public dialer {
public:
    explicit dialer_of_test(std::shared_ptr<scripted_dialer> by) : by_(std::move(by)) {}
    net::awaitable<net::connect_outcome> connect(net::endpoint to, net::connect_options, net::deadline until) override {
        by_->dialled.push_back(net::to_string(to));
        if (std::ranges::find(by_->slow, net::to_string(to)) != by_->slow.end())
            co_await net::pass_time(net::clock::now() + (until - net::clock::now()) / 2);
        if (std::ranges::find(by_->silent, net::to_string(to)) != by_->silent.end()) {
            co_await net::pass_time(until);
            co_return net::connect_outcome{
                std::unexpected(net::error{net::fault::timed_out, net::to_string(to) + " is silent", 0}), {}};
        }
        co_return net::connect_outcome{by_->answer(to), {}};
    }
    net::awaitable<net::tls_outcome> secure(net::stream_ptr over, net::tls_options wanted, net::deadline) override {
        net::tls_outcome done;
        done.facts.server_name = wanted.server_name;
        done.facts.version = "TLSv1.2";
        done.facts.name_matches = std::ranges::find(by_->unproven, wanted.server_name) == by_->unproven.end();
        done.facts.chain.push_back({.subject = "CN=" + wanted.server_name, .issuer = "CN=test"});
        done.stream = net::unverified_stream(std::move(over), done.facts);
        co_return done;
    }

private:
    std::shared_ptr<scripted_dialer> by_;
};

class datagrams_of_test final : public datagram_sender {
public:
    explicit datagrams_of_test(std::shared_ptr<scripted_dialer> by) : by_(std::move(by)) {}
    net::awaitable<net::datagram_outcome> ask(net::endpoint to, net::datagram_question what, net::deadline) override {
        by_->asked_over_udp.push_back(net::to_string(to));
        co_return by_->over_udp(to, what);
    }

private:
    std::shared_ptr<scripted_dialer> by_;
};

class resolver_of_test final : public net::resolver {
public:
    explicit resolver_of_test(std::shared_ptr<scripted_resolver> by) : by_(std::move(by)) {}
    net::awaitable<net::dns_answer> ask(net::dns::question question, net::deadline) override {
        by_->asked.push_back(question.name);
        co_return answer_from(*by_, question);
    }
    net::awaitable<std::vector<net::dns_answer>> ask_addresses(std::string name, net::deadline until) override {
        std::vector<net::dns_answer> both;
        for (const auto kind : {net::dns::type::a, net::dns::type::aaaa}) {
            net::dns::question one{name, kind};
            both.push_back(co_await ask(std::move(one), until));
        }
        co_return both;
    }
    net::awaitable<net::dns_answer> ask_at(
        net::dns::question question, net::endpoint, net::dns_way, net::deadline until) override {
        return ask(std::move(question), until);
    }
    const std::vector<net::endpoint>& servers() const override { return servers_; }

private:
    std::shared_ptr<scripted_resolver> by_;
    std::vector<net::endpoint> servers_;
};

class host_of_test final : public host_view {
public:
    explicit host_of_test(std::shared_ptr<scripted_ports> ports) : ports_(std::move(ports)) {}
    // One adapter that leads everywhere: without any the sign-in would not begin.
    host::inventory list_adapters() const override {
        host::adapter one;
        one.name = "eth0";
        one.kind = host::adapter::type::ethernet;
        one.up = one.running = one.default_route_v4 = true;
        one.addresses.push_back({.ip = net::asio::ip::make_address("192.0.2.200"), .prefix = 24});
        return {{one}, {}};
    }
    host::route route_to(const net::ip_address&) const override {
        return {.found = true, .adapter = "eth0", .source_address = "192.0.2.200"};
    }
    host::hosts_file read_hosts() const override { return {}; }
    std::vector<std::string> search_list() const override { return {}; }
    std::vector<host::leased_sip_server> leased_sip_servers() const override { return {}; }
    std::string hostname() const override { return "pc"; }
    std::string machine_id() const override { return "0123456789abcdef0123456789abcdef"; }
    std::vector<net::port_state> try_ports(std::span<const net::local_port> ports) const override {
        std::vector<net::port_state> all;
        for (const auto& one : ports) {
            ports_->tried.push_back(
                (one.over == net::local_port::transport::udp ? "udp " : "tcp ") + std::to_string(one.number));
            const auto known = ports_->states.find(ports_->tried.back());
            all.push_back(known == ports_->states.end() ? net::port_state::free : known->second);
        }
        return all;
    }
    net::awaitable<net::result<host::cameras>> list_cameras(net::deadline) override {
        host::cameras none;
        none.known = host::cameras::state::none;
        co_return none;
    }
    net::awaitable<host::audio> probe_audio(net::deadline) override { co_return host::audio{}; }
    net::awaitable<net::result<std::vector<addresses>>> look_up(
        std::vector<std::string> names, net::deadline) override {
        co_return std::vector<addresses>(names.size());
    }
    net::awaitable<net::result<host::file_result<std::string>>> read_script(
        std::string path, std::size_t, net::deadline) override {
        co_return std::unexpected(net::error{net::fault::not_found, path, 0});
    }
    net::awaitable<std::expected<std::vector<std::string>, std::string>> evaluate_pac(
        std::string, std::string, std::vector<host::pac_question>, net::deadline) override {
        co_return std::unexpected("no scripts here");
    }

private:
    std::shared_ptr<scripted_ports> ports_;
};

class clock_of_test final : public pc_clock {
public:
    double seconds() const override { return 1772357400; }
};

class keys_of_test final : public key_source {
public:
    net::awaitable<std::expected<auth::key_ptr, std::string>> make_key(net::deadline) override {
        static const auto key = auth::generate_key();
        co_return key;
    }
};

}  // namespace

net::dns_answer answer_from(const scripted_resolver& by, const net::dns::question& question) {
    net::dns_answer answer;
    answer.question = question;
    answer.resolver = "192.0.2.53:53";
    if (const auto bad = by.unanswered.find(question.name); bad != by.unanswered.end()) {
        answer.state = bad->second;
        return answer;
    }
    if (const auto service = by.services.find(question.name);
        service != by.services.end() && question.type == net::dns::type::srv) {
        answer.state = net::answer_state::records;
        answer.records.push_back({question.name, net::dns::type::srv, 300, "", service->second});
        return answer;
    }
    const auto found = by.addresses.find(question.name);
    if (found == by.addresses.end() || question.type != net::dns::type::a) {
        answer.state = found == by.addresses.end() ? net::answer_state::nxdomain : net::answer_state::no_data;
        return answer;
    }
    answer.state = net::answer_state::records;
    answer.records.push_back({question.name, net::dns::type::a, 300, found->second, {}});
    return answer;
}

std::unique_ptr<host_view> empty_host(std::shared_ptr<scripted_ports> ports) {
    return std::make_unique<host_of_test>(std::move(ports));
}
std::shared_ptr<const pc_clock> stopped_clock() { return std::make_shared<clock_of_test>(); }
std::unique_ptr<key_source> key_made_before() { return std::make_unique<keys_of_test>(); }

std::expected<std::string, std::string> scripted_files::read(const std::string& path) const {
    if (!unreadable.empty()) return std::unexpected(unreadable);
    const auto found = kept.find(path);
    return found == kept.end() ? std::expected<std::string, std::string>(std::unexpected("")) : found->second;
}
std::expected<void, std::string> scripted_files::write(
    const std::string&, const std::string& path, std::string_view text) const {
    if (!unwritable.empty()) return std::unexpected(path + ": " + unwritable);
    kept[path] = std::string(text);
    return {};
}
void scripted_files::remove(const std::string& path) const { kept.erase(path); }

environment scripted_environment(std::shared_ptr<scripted_dialer> dialer, std::shared_ptr<scripted_resolver> names) {
    environment made;
    made.datagrams = std::make_unique<datagrams_of_test>(dialer);
    made.dial = std::make_unique<dialer_of_test>(std::move(dialer));
    made.resolver = std::make_unique<resolver_of_test>(names);
    made.ask_only = [names](net::endpoint) { return std::make_unique<resolver_of_test>(names); };
    made.host = empty_host();
    made.clock = stopped_clock();
    made.keys = key_made_before();
    auto files = std::make_shared<scripted_files>();
    files->unwritable = "there is no disk";
    made.files = std::move(files);
    made.trust = net::trust_store::load(false, {}).value();
    return made;
}

}  // namespace ucsignin::signin::testing
