// The zone's own name servers, asked directly: what the resolver can only repeat.

#include <algorithm>
#include <fmt/format.h>

#include "net/tcp.hpp"
#include "signin/base/dial.hpp"
#include "signin/discovery/cross_check.hpp"
#include "signin/discovery/probe_questions.hpp"

namespace ucsignin::signin::discovery {
namespace {

using net::dns_answer;
using net::dns::question;
using net::dns::type;
using trace::outcome;

constexpr std::size_t most_servers = 4;

std::string parent_of(const std::string& name) {
    const auto dot = name.find('.');
    return dot == std::string::npos ? std::string{} : name.substr(dot + 1);
}

std::vector<std::string> targets_of(const dns_answer& a) {
    std::vector<std::string> all;
    for (const auto& r : a.records)
        if (r.type == type::ns && all.size() < most_servers) all.push_back(r.text);
    return all;
}

// The name servers of the closest zone above a name: its SOA says where a negative answer came from.
net::awaitable<std::vector<std::string>> name_servers(context& c, std::string name, net::deadline until) {
    for (int steps = 0; steps < 6 && name.find('.') != std::string::npos; ++steps) {
        question q{name, type::ns};
        const auto answer = co_await c.environment.resolver->ask(q, until);
        auto servers = targets_of(answer);
        if (!servers.empty()) co_return servers;
        name = !answer.zone.empty() && answer.zone != name && is_under(name, answer.zone) ? answer.zone
                                                                                          : parent_of(name);
    }
    co_return std::vector<std::string>{};
}

struct server_address {
    std::string name;
    net::endpoint at;
};

net::awaitable<std::vector<server_address>> addresses_of_servers(
    context& c, std::vector<std::string> names, net::deadline until) {
    std::vector<server_address> all;
    for (const auto& name : names) {
        const auto addresses = co_await addresses_of(c, name, until);
        const auto targets = net::dial_targets({name, 53}, addresses, c.options.connect_to);
        if (!targets.empty()) all.push_back({name, targets.front().actual});
    }
    co_return all;
}

int telling(const dns_answer& a) {
    if (a.state == net::answer_state::records || !a.cname_chain.empty()) return 4;
    if (a.authoritative) return 3;
    return a.state == net::answer_state::timed_out || a.state == net::answer_state::unreachable ? 1 : 2;
}

// An alias that leaves the zone is followed by the resolver, as it would have done.
net::awaitable<void> finish_aliases(context& c, std::vector<dns_answer>& answers, net::deadline until) {
    for (auto& a : answers) {
        if (a.cname_chain.empty() || a.cname_loop || a.state == net::answer_state::records) continue;
        question q{a.cname_chain.back(), a.question.type};
        const auto rest = co_await c.environment.resolver->ask(q, until);
        a.state = rest.state;
        a.cname_loop = rest.cname_loop ||
                       std::ranges::find(rest.cname_chain, a.question.name) != rest.cname_chain.end();
        a.records.insert(a.records.end(), rest.records.begin(), rest.records.end());
    }
}

}  // namespace

net::awaitable<void> look_at_authority(context& c, second_look what, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    const auto questions = questions_for(what.subject, c.who.domain);
    const auto before = co_await told_before(c, questions, until);
    const auto names = co_await name_servers(
        c, what.subject == c.who.domain ? c.who.domain : questions.front().name, until);
    const auto servers = co_await addresses_of_servers(c, names, until);
    if (servers.empty()) {
        span.note(ev::probe_result, std::string("no_name_servers"));
        co_return span.finish("no_answer", outcome::unknown, "no name server of the zone is known");
    }
    net::dns_way way;
    way.recursion = false;
    std::vector<dns_answer> best;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const auto now = net::clock::now();
        const auto share = i + 1 == servers.size() ? until : now + (until - now) / 2;
        auto answers = co_await ask_side_by_side(c, questions, servers[i].at, way, share);
        span.group()
            .note(ev::probe_dns_server, servers[i].name)
            .note(ev::probe_dns_server_address, net::to_string(servers[i].at))
            .note(ev::probe_dns_state, result_of(answers));
        if (best.empty()) best = answers;
        for (std::size_t n = 0; n < best.size(); ++n)
            if (telling(answers[n]) > telling(best[n])) best[n] = answers[n];
        if (std::ranges::all_of(best, [](const auto& a) { return telling(a) >= 3; })) break;
    }
    co_await finish_aliases(c, best, until);
    bool same = true, told = false;
    for (std::size_t n = 0; n < best.size(); ++n) {
        note_answer(span.group(), best[n]);
        same = same && says_the_same(best[n], before[n]);
        told = told || telling(best[n]) >= 3;
    }
    const std::string result(result_of(best).word());
    span.note(ev::probe_result, result);
    if (!told) co_return span.finish("no_answer", outcome::unknown, fmt::format("the zone's own servers: {}", result));
    span.finish({same, "same", "differs"}, outcome::ok, fmt::format("the zone's own servers: {}", result));
}

}  // namespace ucsignin::signin::discovery
