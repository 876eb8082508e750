// Asks DNS in other ways: with checking disabled, over TCP, alias by alias. Looks at other names and at the zone's
// own servers have a file each.
#include "signin/discovery/cross_check.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "net/deadline.hpp"
#include "signin/discovery/probe_questions.hpp"

namespace ucsignin::signin::discovery {
namespace {

using net::dns_answer;
using net::dns::question;
using trace::outcome;

constexpr known_look looks[] = {
    {"checking_disabled", look_with_checking_disabled},
    {"dns_tcp", look_over_tcp},
    {"authoritative", look_at_authority},
    {"cname_chain", look_along_aliases},
    {"near_miss", look_at_near_misses},
    {"unrelated_name", look_at_unrelated_names},
    {"other_resolver", look_at_other_resolvers},
    {"nat64", look_for_nat64}};

struct gathered {
    gathered(net::asio::any_io_executor executor, std::size_t count)
        : done(std::move(executor)), answers(count), running(count) {}
    net::signal done;
    std::vector<dns_answer> answers;
    std::size_t running;
};

net::awaitable<void> ask_into(
    context& c, std::shared_ptr<gathered> all, std::size_t i, question q, net::endpoint server, net::dns_way way,
    net::deadline until) {
    all->answers[i] = co_await c.environment.resolver->ask_at(std::move(q), std::move(server), way, until);
    if (--all->running == 0) all->done.set();
}

bool is_silence(net::answer_state s) {
    return s == net::answer_state::timed_out || s == net::answer_state::unreachable;
}

// The first resolver that says anything when asked in that way.
net::awaitable<std::vector<dns_answer>> ask_resolvers(
    context& c, std::vector<question> questions, net::dns_way way, net::deadline until) {
    std::vector<dns_answer> answers;
    const auto& servers = c.environment.resolver->servers();
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const auto now = net::clock::now();
        const auto share = i + 1 == servers.size() ? until : now + (until - now) / 2;
        answers = co_await ask_side_by_side(c, questions, servers[i], way, share);
        if (!std::ranges::all_of(answers, [](const auto& a) { return is_silence(a.state); })) break;
    }
    co_return answers;
}

net::awaitable<void> ask_in_another_way(context& c, second_look what, net::dns_way way, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    const auto questions = questions_for(what.subject, c.who.domain);
    const auto before = co_await told_before(c, questions, until);
    const auto answers = co_await ask_resolvers(c, questions, way, until);
    bool same = true, silent = true;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        note_answer(span.group(), answers[i]);
        same = same && says_the_same(answers[i], before[i]);
        silent = silent && is_silence(answers[i].state);
    }
    const std::string result(result_of(answers).word());
    span.note(ev::probe_result, result);
    if (silent) span.finish("no_answer", outcome::unknown, what.subject + ": no answer this way");
    else span.finish({same, "same", "differs"}, outcome::ok, fmt::format("{}: {}", what.subject, result));
}

// From alias to alias; each is asked for by itself, so that no resolver has to follow the chain.
net::awaitable<std::vector<std::string>> follow(context& c, std::string name, net::deadline until) {
    constexpr std::size_t most = 16;
    std::vector<std::string> chain{name};
    while (chain.size() <= most) {
        question q{chain.back(), net::dns::type::cname};
        const auto answer = co_await c.environment.resolver->ask(q, until);
        const auto alias = std::ranges::find(answer.records, net::dns::type::cname, &net::dns::resource::type);
        if (alias == answer.records.end()) break;
        const bool back = std::ranges::find(chain, alias->text) != chain.end();
        chain.push_back(alias->text);
        if (back) break;
    }
    co_return chain;
}

void note_chain(trace::together said, const std::vector<std::string>& chain) {
    said.note(ev::probe_dns_name, chain.front());
    for (std::size_t i = 1; i < chain.size(); ++i) said.note(ev::probe_dns_alias, chain[i]);
}

std::string_view chain_result(const std::vector<std::string>& chain) {
    if (chain.size() == 1) return "none";
    if (std::ranges::count(chain, chain.back()) > 1) return "loop";
    return chain.size() > 9 ? "too_long" : "ends";
}

}  // namespace

look find_look(std::string_view probe) {
    const auto at = std::ranges::find_if(looks, [&](const known_look& known) { return probe == known.probe; });
    return at == std::end(looks) ? nullptr : at->carry_out;
}

net::awaitable<std::vector<dns_answer>> ask_side_by_side(
    context& c, std::vector<question> questions, net::endpoint server, net::dns_way way, net::deadline until) {
    const auto all = std::make_shared<gathered>(c.executor, questions.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
        all->answers[i].question = questions[i];
        c.beside.start(ask_into(c, all, i, questions[i], server, way, until));
    }
    if (!questions.empty()) co_await all->done.wait(until);
    co_return all->answers;
}

net::awaitable<std::vector<dns_answer>> told_before(context& c, std::vector<question> questions, net::deadline until) {
    std::vector<dns_answer> all;
    for (const auto& q : questions) all.push_back(co_await c.environment.resolver->ask(q, until));
    co_return all;
}

net::awaitable<void> look_with_checking_disabled(context& c, second_look what, net::deadline until) {
    net::dns_way way;
    way.checking_disabled = true;
    co_await ask_in_another_way(c, std::move(what), way, until);
}

net::awaitable<void> look_over_tcp(context& c, second_look what, net::deadline until) {
    net::dns_way way;
    way.tcp = true;
    co_await ask_in_another_way(c, std::move(what), way, until);
}

net::awaitable<void> look_along_aliases(context& c, second_look what, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    std::string result = "none";
    for (const auto& q : questions_for(what.subject, c.who.domain)) {
        const auto chain = co_await follow(c, q.name, until);
        const std::string one(chain_result(chain));
        if (one != "none") note_chain(span.group(), chain);
        if (result == "none" || one == "loop" || one == "too_long") result = one;
        if (result == "loop") break;
    }
    span.note(ev::probe_result, result);
    const bool bad = result == "loop" || result == "too_long";
    span.finish(
        {bad, "differs", "same"}, outcome::ok, bad ? "the aliases do not end: " + result : "aliases: " + result);
}

}  // namespace ucsignin::signin::discovery
