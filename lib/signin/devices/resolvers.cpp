// devices.resolvers: each configured resolver asked once for itself, beside the sign-in, and what the questions of
// stage 2 met. Whichever is known later decides again.

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/devices/choices.hpp"
#include "signin/devices/devices.hpp"
#include "signin/base/this_pc.hpp"

namespace ucsignin::signin::devices {
namespace {

using net::answer_state;

// Refusals and failures are answers: somebody is there.
bool answers(answer_state s) {
    return s != answer_state::timed_out && s != answer_state::unreachable && s != answer_state::malformed;
}

// A resolver that answers anything has answered: what stage 2 saw counts where the question of our own was lost.
std::vector<resolver_seen> all_seen(const context& c) {
    const auto& pc = c.pc;
    auto all = pc.resolvers_asked;
    for (const auto& used : pc.resolvers_used) {
        const auto known = std::ranges::find(all, used.address, &resolver_seen::address);
        if (known == all.end()) all.push_back(used);
        else if (used.answered && !known->answered) *known = used;
    }
    // In the order in which the system asks them, not in that of their answers.
    std::vector<std::string> order;
    for (const auto& server : c.environment.resolver->servers()) order.push_back(net::to_string(server));
    std::ranges::stable_sort(
        all, {}, [&](const resolver_seen& s) { return std::ranges::find(order, s.address) - order.begin(); });
    return all;
}

void note_adapter(const context& c, trace::together& said, const std::string& address) {
    const auto endpoint = net::parse_endpoint(address, 53);
    if (!endpoint) return;
    const auto way = c.environment.host->route_to(endpoint->address);
    if (way.found && !way.adapter.empty()) said.note(ev::adapter_name, way.adapter);
}

void decide(context& c) {
    auto span = c.trace.open<"devices.resolvers">();
    const auto seen = all_seen(c);
    for (const auto& s : seen) {
        auto said = span.group().note(ev::resolver, s.address);
        said.note(ev::resolver_answered, s.answered)
            .note(ev::resolver_state, ev::dns_state_word::from(s.state).value_or(ev::dns_state_word("other")));
        if (s.answered) said.note(ev::resolver_ms, s.latency_ms);
        note_adapter(c, said, s.address);
    }
    if (c.pc.hosts_apply)
        for (const auto& suffix : c.environment.host->search_list()) span.note(ev::search_suffix, suffix);
    tell(span, choose_resolver(seen));
    const auto v = judge_resolvers(seen);
    finish(span, v);
}

struct round {
    std::size_t running = 0;
};

net::awaitable<void> ask_one(context& c, net::endpoint server, std::shared_ptr<round> all) {
    const auto own = c.environment.ask_only(server);
    net::dns::question question{c.who.domain, net::dns::type::soa};
    const auto answer = co_await own->ask(question, c.until.dns());
    c.pc.resolvers_asked.push_back(
        {net::to_string(server), std::string(net::to_string(answer.state)), answers(answer.state), answer.latency_ms});
    if (--all->running == 0) decide(c);
}

}  // namespace

void ask_resolvers(context& c) {
    const auto& servers = c.environment.resolver->servers();
    if (servers.empty()) return decide(c);
    auto all = std::make_shared<round>(servers.size());
    for (const auto& server : servers) c.beside.start(ask_one(c, server, all));
}

void trace_resolvers(context& c, const std::vector<resolver_seen>& seen) {
    c.pc.resolvers_used = seen;
    decide(c);
}

}  // namespace ucsignin::signin::devices
