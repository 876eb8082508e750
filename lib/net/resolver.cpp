#include "net/resolver.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <map>

#include "net/ascii.hpp"
#include "net/deadline.hpp"
#include "net/dns_exchange.hpp"
#include "net/dns_judgement.hpp"
#include "net/system_error.hpp"

namespace ucsignin::net {
namespace {

using std::chrono::milliseconds;

std::uint16_t random_id() {
    unsigned char bytes[2] = {};
    RAND_bytes(bytes, sizeof bytes);
    return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

std::vector<unsigned char> make_query(const dns::question& question) {
    dns::message query;
    query.id = random_id();
    query.recursion_desired = true;
    query.questions = {question};
    query.additional = {{"", dns::type::opt, 0, "1232", {}}};   // RFC 6891; the size is DNS flag day 2020's
    return dns::serialize(query);
}

double elapsed_ms(deadline since) { return std::chrono::duration<double, std::milli>(clock::now() - since).count(); }

// Nothing came: by whose fault.
void judge_silence(dns_answer& answer, const dns_exchange& done, const std::string& server) {
    auto const what = done.trouble ? from_system(server, done.trouble).what : fault::timed_out;
    if (!done.stray.empty()) {
        answer.state = answer_state::malformed;
        answer.detail = server + ": what came was no answer to the question (" + std::to_string(done.stray.size()) + " bytes)";
    } else if (what == fault::timed_out) {
        answer.state = answer_state::timed_out;
        answer.detail = server + ": no answer";
    } else {
        bool const unreachable = what == fault::refused || what == fault::unreachable || what == fault::reset;
        answer.state = unreachable ? answer_state::unreachable : answer_state::other;
        answer.detail = server + ": " + done.trouble.message();
    }
}

dns_answer judge_exchange(const dns::question& question, const endpoint& server, const dns_exchange& done, std::uint16_t id) {
    dns_answer answer;
    answer.question = question;
    answer.retransmissions = done.retransmissions;
    // c-ares drops an answer when it means to ask again without EDNS; if nothing follows, that answer stands.
    auto const& body = done.body.empty() ? done.stray : done.body;
    auto const message = dns::parse(body);
    auto const at = to_string(server);
    if (done.body.empty() && (!message || message->id != id || !message->response)) {
        judge_silence(answer, done, at);
        if (!done.stray.empty()) answer.resolver = at;
        return answer;
    }
    answer.resolver = at;
    if (!message) {
        answer.state = answer_state::malformed;
        answer.detail = at + ": " + message.error().what + " at offset " + std::to_string(message.error().offset);
        return answer;
    }
    judge(answer, *message);
    answer.truncated = message->truncated;
    return answer;
}

awaitable<dns_answer> ask_server(dns::question question, endpoint server, deadline until) {
    auto const started = clock::now();
    auto const query = make_query(question);
    auto const id = static_cast<std::uint16_t>(query[0] << 8 | query[1]);
    auto const first = co_await exchange_with(server, query, dns_transport::udp, until);
    auto answer = judge_exchange(question, server, first, id);
    if (answer.truncated) {
        auto const second = co_await exchange_with(server, query, dns_transport::tcp, until);
        auto whole = judge_exchange(question, server, second, id);
        whole.truncated = whole.over_tcp = true;
        whole.retransmissions = answer.retransmissions;
        whole.resolver = answer.resolver;
        if (!whole.detail.empty()) whole.detail += " (over TCP, after a truncated answer over UDP)";
        answer = std::move(whole);
    }
    answer.latency_ms = elapsed_ms(started);
    co_return answer;
}

bool is_answer(answer_state state) { return state != answer_state::timed_out && state != answer_state::unreachable; }

// With more servers to come, one gets half of the time that is left.
awaitable<dns_answer> ask_in_turn(dns::question question, std::vector<endpoint> servers, deadline until) {
    dns_answer answer;
    answer.question = question;
    answer.state = answer_state::other;
    answer.detail = "no resolver is configured";
    std::string before;
    int retransmissions = 0;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        auto const now = clock::now();
        auto const share = i + 1 == servers.size() ? until : now + (until - now) / 2;
        answer = co_await ask_server(question, servers[i], share);
        retransmissions += answer.retransmissions;
        if (!before.empty()) answer.detail = before + (answer.detail.empty() ? "" : "; " + answer.detail);
        before = answer.detail;
        if (is_answer(answer.state) || clock::now() >= until) break;
    }
    answer.retransmissions = retransmissions;
    co_return answer;
}

struct asked {
    explicit asked(asio::any_io_executor executor) : done(std::move(executor)) {}
    signal done;
    dns_answer answer;
};

awaitable<void> find_answer(std::shared_ptr<asked> entry, dns::question question, std::vector<endpoint> servers, deadline until) {
    entry->answer = co_await ask_in_turn(std::move(question), std::move(servers), until);
    entry->done.set();
}

// Ends a little before the one who asked stops waiting, so that what is known by then is heard.
deadline with_margin(deadline until) {
    auto const now = clock::now();
    if (until <= now) return until;
    return until - std::min<clock::duration>(milliseconds(10), (until - now) / 20);
}

struct resolver_state {
    asio::any_io_executor executor;
    std::vector<endpoint> servers;
    std::map<std::pair<std::string, dns::type>, std::shared_ptr<asked>> questions;
};

std::string normalized(std::string_view text) {
    auto name = lower_case(text);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

awaitable<dns_answer> ask_once(std::shared_ptr<resolver_state> state, dns::question question, deadline until) {
    question.name = normalized(question.name);
    dns_answer unanswered;
    unanswered.question = question;
    unanswered.detail = "still waiting for the answer when the time was up";
    if (!dns::is_name(question.name)) {
        unanswered.state = answer_state::other;
        unanswered.detail = "'" + question.name + "' is no domain name";
        co_return unanswered;
    }
    auto& slot = state->questions[{question.name, question.type}];
    if (!slot) {
        slot = std::make_shared<asked>(state->executor);
        asio::co_spawn(state->executor, find_answer(slot, question, state->servers, with_margin(until)), [](std::exception_ptr bug) {
            if (bug) std::rethrow_exception(bug);
        });
    }
    auto const entry = slot;
    bool const answered = co_await entry->done.wait(until);
    if (!answered) co_return unanswered;
    co_return entry->answer;
}

class ares_resolver final : public resolver {
public:
    ares_resolver(asio::any_io_executor executor, std::vector<endpoint> servers)
        : state_(std::make_shared<resolver_state>(std::move(executor), std::move(servers))) {}

    awaitable<dns_answer> ask(dns::question question, deadline until) override { return ask_once(state_, std::move(question), until); }
    const std::vector<endpoint>& servers() const override { return state_->servers; }

private:
    std::shared_ptr<resolver_state> state_;
};

}  // namespace

std::unique_ptr<resolver> make_resolver(asio::any_io_executor executor, std::vector<endpoint> servers) {
    if (servers.empty()) servers = system_resolvers();
    return std::make_unique<ares_resolver>(std::move(executor), std::move(servers));
}

}  // namespace ucsignin::net
