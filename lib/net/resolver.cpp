#include "net/resolver.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <map>
#include <set>

#include "net/deadline.hpp"
#include "net/dns_exchange.hpp"
#include "net/dns_judgement.hpp"
#include "net/dns_wire.hpp"
#include "net/system_error.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::net {
namespace {

using std::chrono::milliseconds;

std::uint16_t random_id() {
    unsigned char bytes[2] = {};
    RAND_bytes(bytes, sizeof bytes);
    return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

std::vector<unsigned char> make_query(const dns::question& question, const dns_way& way) {
    dns::message query;
    query.id = random_id();
    query.recursion_desired = way.recursion;
    query.checking_disabled = way.checking_disabled;
    query.questions = {question};
    query.additional = {{"", dns::type::opt, 0, "1232", {}}};  // RFC 6891; the size is DNS flag day 2020's
    return dns::serialize(query);
}

double elapsed_ms(deadline since) { return std::chrono::duration<double, std::milli>(clock::now() - since).count(); }

// Nothing came: by whose fault.
void judge_silence(dns_answer& answer, const dns_exchange& done, const std::string& server) {
    auto const what = done.trouble ? from_system(server, done.trouble).what : fault::timed_out;
    if (!done.stray.empty()) {
        answer.state = answer_state::malformed;
        answer.detail = server + ": what came was not an answer to the question (" + std::to_string(done.stray.size()) +
                        " bytes)";
    } else if (what == fault::timed_out) {
        answer.state = answer_state::timed_out;
        answer.detail = server + ": no answer";
    } else {
        bool const unreachable = what == fault::refused || what == fault::unreachable || what == fault::reset;
        answer.state = unreachable ? answer_state::unreachable : answer_state::other;
        answer.detail = server + ": " + done.trouble.message();
    }
}

dns_answer judge_exchange(
    const dns::question& question, const endpoint& server, const dns_exchange& done, std::uint16_t id) {
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

awaitable<dns_exchange> told_exchange(
    dns::question question, endpoint server, std::vector<unsigned char> query, dns_transport over, deadline until,
    wire_tap tap) {
    tell_query(tap, server, over, query);
    auto done = co_await exchange_with(server, std::move(query), over, until);
    tell_answer(tap, question, server, over, done);
    co_return done;
}

awaitable<dns_answer> ask_server(dns::question question, endpoint server, dns_way way, deadline until, wire_tap tap) {
    auto const started = clock::now();
    auto const query = make_query(question, way);
    auto const id = static_cast<std::uint16_t>(query[0] << 8 | query[1]);
    auto const first = co_await told_exchange(
        question, server, query, way.tcp ? dns_transport::tcp : dns_transport::udp, until, tap);
    auto answer = judge_exchange(question, server, first, id);
    answer.over_tcp = way.tcp;
    if (answer.truncated && !way.tcp) {
        auto const second = co_await told_exchange(question, server, query, dns_transport::tcp, until, tap);
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

// Ends a little before the one who asked stops waiting, so that what is known by then is heard.
deadline with_margin(deadline until) {
    auto const now = clock::now();
    if (until <= now) return until;
    return until - std::min<clock::duration>(milliseconds(10), (until - now) / 20);
}

// What ends the search. SERVFAIL and REFUSED are no answers while there is another resolver to ask.
bool is_answer(answer_state state) {
    return state == answer_state::records || state == answer_state::no_data || state == answer_state::nxdomain;
}

// Of failures the one that tells most: a code before a broken message, that before silence, that before a closed port.
int telling(answer_state state) {
    switch (state) {
        case answer_state::timed_out: return 1;
        case answer_state::unreachable: return 0;
        case answer_state::malformed: return 2;
        default: return 3;
    }
}

struct asked;

struct resolver_state {
    asio::any_io_executor executor;
    std::vector<endpoint> servers;
    wire_tap tap;
    std::vector<bool> silent;      // let a second pass without an answer
    std::set<dns::type> answered;  // kinds of question
    std::set<dns::type> late;      // those that were waited for in vain while another kind was answered
    std::map<std::pair<std::string, dns::type>, std::shared_ptr<asked>> questions;
};

// The servers that were asked one question, side by side; empty places have not answered yet.
struct asked_in_turn {
    asked_in_turn(asio::any_io_executor executor, std::size_t servers)
        : changed(std::move(executor)), answers(servers) {}
    signal changed;
    std::vector<std::optional<dns_answer>> answers;

    [[nodiscard]] const dns_answer* won() const {
        auto const at = std::ranges::find_if(answers, [](auto const& one) { return one && is_answer(one->state); });
        return at == answers.end() ? nullptr : &**at;
    }
    [[nodiscard]] bool all_failed(std::size_t started) const {
        return std::ranges::all_of(
            answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(started),
            [](auto const& one) { return one.has_value(); });
    }
};

void rethrow_bug(std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
}

awaitable<void> ask_one(
    std::shared_ptr<resolver_state> state, std::shared_ptr<asked_in_turn> all, dns::question question, std::size_t i,
    deadline until) {
    auto answer = co_await ask_server(std::move(question), state->servers[i], {}, until, state->tap);
    if (!answer.resolver.empty()) state->silent[i] = false;
    all->answers[i] = std::move(answer);
    all->changed.set();
}

// True when an answer is there; false when all have failed or the time is up.
awaitable<bool> wait_for_answer(std::shared_ptr<asked_in_turn> all, std::size_t started, deadline until) {
    for (;;) {
        if (all->won() != nullptr) co_return true;
        if (all->all_failed(started)) co_return false;
        all->changed.reset();
        bool const woken = co_await all->changed.wait(until);
        if (!woken) co_return all->won() != nullptr;
    }
}

// The answer that won, or the failure that tells most; what the others did is told with it.
dns_answer best_of(
    const asked_in_turn& all, const std::vector<endpoint>& servers, std::size_t started, dns::question question) {
    dns_answer best;
    best.question = std::move(question);
    best.state = started == 0 ? answer_state::other : answer_state::unreachable;
    std::string details = started == 0 ? "no resolver is configured" : "";
    int retransmissions = 0;
    for (std::size_t i = 0; i < started; ++i) {
        dns_answer one;
        one.question = best.question;
        one.detail = to_string(servers[i]) + ": no answer";
        if (all.answers[i]) one = *all.answers[i];
        retransmissions += one.retransmissions;
        if (!one.detail.empty()) details += (details.empty() ? "" : "; ") + one.detail;
        bool const better = is_answer(one.state) ? !is_answer(best.state)
                                                 : !is_answer(best.state) && telling(one.state) > telling(best.state);
        if (i == 0 || better) best = std::move(one);
    }
    best.detail = details;
    best.retransmissions = retransmissions;
    return best;
}

awaitable<dns_answer> ask_in_turn(std::shared_ptr<resolver_state> state, dns::question question, deadline until) {
    constexpr milliseconds patience{1000};
    auto const count = state->servers.size();
    auto const all = std::make_shared<asked_in_turn>(state->executor, count);
    auto const share = count == 0
                           ? clock::duration{}
                           : std::min<clock::duration>(patience, (until - clock::now()) / static_cast<int>(count));
    std::size_t started = 0;
    for (std::size_t i = 0; i < count; ++i) {
        ++started;
        asio::co_spawn(state->executor, ask_one(state, all, question, i, with_margin(until)), rethrow_bug);
        bool const last = i + 1 == count;
        auto const next = last ? until : state->silent[i] ? clock::now() : std::min(until, clock::now() + share);
        bool const answered = co_await wait_for_answer(all, i + 1, next);
        if (answered || clock::now() >= until) break;
        if (!all->answers[i]) state->silent[i] = true;
    }
    co_return best_of(*all, state->servers, started, std::move(question));
}

struct asked {
    explicit asked(asio::any_io_executor executor) : done(std::move(executor)) {}
    signal done;
    dns_answer answer;

    // Nobody needs the other kind of address then. NXDOMAIN is said of a name, whatever was asked for (RFC 8020).
    [[nodiscard]] bool is_enough() const {
        return done.is_set() && (!answer.addresses().empty() || answer.state == answer_state::nxdomain);
    }
};

awaitable<void> find_answer(
    std::shared_ptr<resolver_state> state, std::shared_ptr<asked> entry, dns::question question, deadline until) {
    auto const kind = question.type;
    entry->answer = co_await ask_in_turn(state, std::move(question), until);
    if (!entry->answer.resolver.empty()) {
        state->answered.insert(kind);
        state->late.erase(kind);
    }
    entry->done.set();
}

std::string normalized(std::string_view text) {
    auto name = trace::lower(text);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

// The question as it is on its way, or as it was answered; begun if it is the first of its kind.
std::shared_ptr<asked> entry_of(
    const std::shared_ptr<resolver_state>& state, const dns::question& question, deadline until) {
    auto& slot = state->questions[{question.name, question.type}];
    if (slot) return slot;
    slot = std::make_shared<asked>(state->executor);
    if (dns::is_name(question.name)) {
        asio::co_spawn(state->executor, find_answer(state, slot, question, with_margin(until)), rethrow_bug);
    } else {
        slot->answer.question = question;
        slot->answer.state = answer_state::other;
        slot->answer.detail = "'" + question.name + "' is not a domain name";
        slot->done.set();
    }
    return slot;
}

constexpr auto out_of_time = "still waiting for the answer when time ran out";

dns_answer told_or_unanswered(const asked& entry, dns::question question, std::string why_not) {
    if (entry.done.is_set()) return entry.answer;
    dns_answer unanswered;
    unanswered.question = std::move(question);
    unanswered.detail = std::move(why_not);
    return unanswered;
}

awaitable<dns_answer> ask_once(std::shared_ptr<resolver_state> state, dns::question question, deadline until) {
    question.name = normalized(question.name);
    auto const entry = entry_of(state, question, until);
    (void)co_await entry->done.wait(until);
    co_return told_or_unanswered(*entry, std::move(question), out_of_time);
}

// A and AAAA of one name.
struct both_kinds {
    std::array<dns::question, 2> questions;
    std::array<std::shared_ptr<asked>, 2> entries;

    [[nodiscard]] bool have_ended() const { return entries[0]->done.is_set() && entries[1]->done.is_set(); }
    [[nodiscard]] bool one_has_ended() const { return entries[0]->done.is_set() || entries[1]->done.is_set(); }
};

awaitable<void> wait_and_tell(std::shared_ptr<asked> entry, signal change, deadline until) {
    (void)co_await entry->done.wait(until);
    change.set();
}

// How long an answer is waited for that has not come, once the other has. Where other names get such answers this one
// is lost or slow: it has time to be asked for twice more.
clock::duration patience_with(const resolver_state& state, const both_kinds& both) {
    const std::size_t told = both.entries[0]->done.is_set() ? 0 : 1;
    const auto missing = both.questions[1 - told].type;
    const bool is_late = state.late.contains(missing);
    if (!both.entries[told]->is_enough()) return is_late ? milliseconds(1000) : std::chrono::hours(1);
    if (is_late) return milliseconds(50);
    return milliseconds(state.answered.contains(missing) ? 2500 : 1000);
}

// True when the time ran out for both alike.
awaitable<bool> wait_for_both(std::shared_ptr<resolver_state> state, std::shared_ptr<both_kinds> both, deadline until) {
    signal change(state->executor);
    for (auto const& entry : both->entries)
        asio::co_spawn(state->executor, wait_and_tell(entry, change, until), rethrow_bug);
    std::optional<deadline> one_came;
    while (!both->have_ended() && clock::now() < until) {
        if (!one_came && both->one_has_ended()) one_came = clock::now();
        auto const give_up = one_came ? std::min(until, *one_came + patience_with(*state, *both)) : until;
        if (clock::now() >= give_up) co_return false;
        change.reset();
        (void)co_await change.wait(give_up);
    }
    co_return true;
}

awaitable<std::vector<dns_answer>> ask_both(std::shared_ptr<resolver_state> state, std::string name, deadline until) {
    auto const started = clock::now();
    auto const both = std::make_shared<both_kinds>();
    name = normalized(name);
    both->questions = {{{name, dns::type::a}, {name, dns::type::aaaa}}};
    for (std::size_t i = 0; i < both->entries.size(); ++i)
        both->entries[i] = entry_of(state, both->questions[i], until);
    bool const waited_to_the_end = co_await wait_for_both(state, both, until);
    std::vector<dns_answer> answers;
    for (std::size_t i = 0; i < both->entries.size(); ++i) {
        auto const& entry = *both->entries[i];
        answers.push_back(told_or_unanswered(
            entry, both->questions[i],
            waited_to_the_end ? out_of_time : "no answer yet, and the other kind of address is known"));
        if (entry.done.is_set()) continue;
        answers.back().latency_ms = elapsed_ms(started);
        if (!waited_to_the_end) state->late.insert(both->questions[i].type);
    }
    co_return answers;
}

awaitable<dns_answer> ask_named(dns::question question, endpoint server, dns_way way, deadline until, wire_tap tap) {
    question.name = normalized(question.name);
    if (dns::is_name(question.name))
        co_return co_await ask_server(std::move(question), std::move(server), way, with_margin(until), std::move(tap));
    dns_answer none;
    none.state = answer_state::other;
    none.detail = "'" + question.name + "' is not a domain name";
    none.question = std::move(question);
    co_return none;
}

class ares_resolver final : public resolver {
public:
    ares_resolver(asio::any_io_executor executor, std::vector<endpoint> servers, wire_tap tap)
        : state_(std::make_shared<resolver_state>()) {
        state_->executor = std::move(executor);
        state_->silent.resize(servers.size());
        state_->servers = std::move(servers);
        state_->tap = std::move(tap);
    }

    awaitable<dns_answer> ask(dns::question question, deadline until) override {
        return ask_once(state_, std::move(question), until);
    }
    awaitable<std::vector<dns_answer>> ask_addresses(std::string name, deadline until) override {
        return ask_both(state_, std::move(name), until);
    }
    awaitable<dns_answer> ask_at(dns::question question, endpoint server, dns_way way, deadline until) override {
        return ask_named(std::move(question), std::move(server), way, until, state_->tap);
    }
    const std::vector<endpoint>& servers() const override { return state_->servers; }

private:
    std::shared_ptr<resolver_state> state_;
};

}  // namespace

std::unique_ptr<resolver> make_resolver(asio::any_io_executor executor, std::vector<endpoint> servers, wire_tap tap) {
    if (servers.empty()) servers = system_resolvers();
    return std::make_unique<ares_resolver>(std::move(executor), std::move(servers), std::move(tap));
}

}  // namespace ucsignin::net
