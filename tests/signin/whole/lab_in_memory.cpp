#include "lab_in_memory.hpp"

#include <algorithm>

#include "lab/listeners.hpp"
#include "net/deadline.hpp"
#include "net/dns_judgement.hpp"
#include "net/memory_stream.hpp"
#include "signin/real_environment.hpp"
#include "signin/run.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::signin::testing {
namespace {

using net::test::harm;
using net::test::harm_kind;

net::connect_outcome no_way(net::fault what, const net::endpoint& to) {
    return {std::unexpected(net::error{what, net::to_string(to) + ": " + std::string(net::to_string(what)), 0}), {}};
}

class lab_dialer final : public dialer {
public:
    lab_dialer(std::shared_ptr<lab::world> to, std::shared_ptr<harm> by, net::asio::any_io_executor executor)
        : world_(std::move(to)), harm_(std::move(by)), executor_(std::move(executor)) {}

    net::awaitable<net::connect_outcome> connect(net::endpoint to, net::connect_options, net::deadline until) override {
        const auto at = std::ranges::find(world_->services, to, &lab::service::meant);
        if (at == world_->services.end() || at->what == lab::speaks::closed) co_return no_way(net::fault::refused, to);
        const bool of_pool = !at->server.empty() && at->role != "exchange";
        const auto name = (of_pool ? at->server : lab::own_name(*at)) + ":" + std::to_string(to.port);
        const bool hit = harm_->falls_on("connect", name);
        if (hit && harm_->kind == harm_kind::cut) co_return no_way(net::fault::reset, to);
        if (hit) {  // nothing can be garbled yet
            co_await net::pass_time(until);
            co_return no_way(net::fault::timed_out, to);
        }
        auto [mine, other] = net::make_memory_pair(executor_);
        world_->tasks.start(lab::serve_connection(world_, &*at, std::move(other)));
        co_return net::connect_outcome{net::test::fail_at(std::move(mine), harm_, name), {}};
    }
    net::awaitable<net::tls_outcome> secure(
        net::stream_ptr over, net::tls_options wanted, net::deadline until) override {
        return net::tls_connect(std::move(over), std::move(wanted), until);
    }

private:
    std::shared_ptr<lab::world> world_;
    std::shared_ptr<harm> harm_;
    net::asio::any_io_executor executor_;
};

class lab_datagrams final : public datagram_sender {
public:
    lab_datagrams(std::shared_ptr<lab::world> to, std::shared_ptr<harm> by)
        : world_(std::move(to)), harm_(std::move(by)) {}
    net::awaitable<net::datagram_outcome> ask(
        net::endpoint to, net::datagram_question what, net::deadline until) override {
        net::datagram_outcome out;
        out.failed = net::error{net::fault::timed_out, net::to_string(to) + ": silent", 0};
        const auto at = std::ranges::find(world_->relays, to, &lab::relay_place::meant);
        const bool hit = harm_->falls_on("datagram", net::to_string(to));
        if (hit && harm_->kind == harm_kind::stall) co_await net::pass_time(until);
        if (hit || at == world_->relays.end()) co_return out;
        lab::turn_desk desk(at->how, at->allocate, world_->pool);
        while (!what.forms.empty()) {
            auto answer = answer_of(desk, what);
            if (!answer) co_return out;
            out.answer = std::move(*answer);
            what.forms = what.next ? what.next(out.answer).forms : std::vector<net::datagram>();
        }
        out.failed.reset();
        co_return out;
    }

private:
    static std::optional<net::datagram> answer_of(lab::turn_desk& desk, const net::datagram_question& what) {
        for (const auto& form : what.forms)
            if (auto said = desk.take(form, "192.0.2.200:50000"); said && what.is_answer(said->datagram))
                return std::move(said->datagram);
        return std::nullopt;
    }

    std::shared_ptr<lab::world> world_;
    std::shared_ptr<harm> harm_;
};

class lab_resolver final : public net::resolver {
public:
    lab_resolver(std::shared_ptr<lab::world> of, std::shared_ptr<harm> by)
        : world_(std::move(of)), harm_(std::move(by)) {}

    net::awaitable<net::dns_answer> ask(net::dns::question question, net::deadline until) override {
        net::dns_answer answer;
        answer.question = question;
        const bool hit = harm_->falls_on("ask for", question.name);
        if (hit && harm_->kind == harm_kind::stall) co_await net::pass_time(until);
        answer.state = hit && harm_->kind == harm_kind::cut      ? net::answer_state::unreachable
                       : hit && harm_->kind == harm_kind::garble ? net::answer_state::malformed
                                                                 : net::answer_state::timed_out;
        if (hit) co_return answer;
        answer.resolver = net::to_string(servers_.front());
        net::judge(answer, world_->names->answer(question));
        co_return answer;
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
    std::shared_ptr<lab::world> world_;
    std::shared_ptr<harm> harm_;
    std::vector<net::endpoint> servers_ = {{net::asio::ip::make_address("192.0.2.53"), 53}};
};

// The key comes when all that doesn't need it is over.
class slow_keys final : public key_source {
public:
    net::awaitable<std::expected<auth::key_ptr, std::string>> make_key(net::deadline until) override {
        co_await net::pass_time(std::min(until, net::clock::now() + std::chrono::milliseconds(500)));
        co_return co_await before_->make_key(until);
    }

private:
    std::unique_ptr<key_source> before_ = key_made_before();
};

}  // namespace

surroundings lab_in_memory::around() {
    auto make = [this](net::asio::any_io_executor on, const options&, net::wire_tap) {
        executor = on;
        served = std::make_shared<lab::world>(what, lab::documentation_hosts(*what), executor, *by);
        if (pool) served->pool = pool;
        environment made = scripted_environment(nullptr, nullptr);
        made.dial = std::make_unique<lab_dialer>(served, harm, executor);
        made.datagrams = std::make_unique<lab_datagrams>(served, harm);
        made.resolver = std::make_unique<lab_resolver>(served, harm);
        made.ask_only = [to = served, by_test = harm](const net::endpoint&) {
            return std::make_unique<lab_resolver>(to, by_test);
        };
        made.clock = real_surroundings().clock;
        if (key_is_slow) made.keys = std::make_unique<slow_keys>();
        if (cache) {
            made.cache_folder = "/cache/of-the-user";
            made.files = cache;
        }
        made.trust = net::trust_store::load(false, {}, by->certificates->root_pem()).value();
        return made;
    };
    return {real_surroundings().clock, make};
}

whole_run sign_in_to(lab_in_memory& lab, double total_s, control* by) {
    const auto& user = lab.what->client;
    options wanted;
    wanted.address = user.address;
    wanted.login = user.login;
    if (user.password) wanted.password = auth::secret(*user.password);
    wanted.timeout_s = total_s;
    wanted.cache = lab.cache != nullptr;
    const diagnosis::facts so_far{.sip_uri = "sip:" + wanted.address, .login = wanted.login};
    wanted.left_open = [so_far](const trace::record& seen) {
        std::vector<second_look> looks;
        for (auto& q : diagnosis::open_questions(seen, diagnosis::judge(seen, so_far)))
            if (!q.probe.empty()) looks.push_back({std::move(q.probe), std::move(q.subject)});
        return looks;
    };
    whole_run out;
    const auto began = net::clock::now();
    auto done = run_in(lab.around(), wanted, nullptr, by);
    out.took_s = std::chrono::duration<double>(net::clock::now() - began).count();
    out.interrupted = done.interrupted;
    out.received = lab.served->received->all();
    out.told.run_id = done.trace.trace_id;
    out.told.facts = so_far;
    out.told.facts.interrupted = done.interrupted && !done.decided;
    out.told.facts.fault = done.fault;
    out.told.trace = std::move(done.trace);
    out.told.verdict = diagnosis::judge(out.told.trace, out.told.facts);
    return out;
}

}  // namespace ucsignin::signin::testing
