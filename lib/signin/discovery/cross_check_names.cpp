// Other names, other resolvers: cheap enough to be asked beside the sign-in.

#include <algorithm>
#include <fmt/format.h>

#include "signin/discovery/cross_check.hpp"
#include "signin/discovery/probe_questions.hpp"

namespace ucsignin::signin::discovery {
namespace {

using net::dns_answer;
using net::dns::question;
using net::dns::type;
using trace::outcome;

bool answered(const dns_answer& a) {
    return a.state == net::answer_state::records || a.state == net::answer_state::no_data ||
           a.state == net::answer_state::nxdomain;
}

// Through the resolver as always, side by side.
net::awaitable<void> ask_ahead(context& c, question q, net::deadline until) {
    co_await c.environment.resolver->ask(std::move(q), until);
}

net::awaitable<std::vector<dns_answer>> ask_together(context& c, std::vector<question> questions, net::deadline until) {
    for (const auto& q : questions) c.beside.start(ask_ahead(c, q, until));
    co_return co_await told_before(c, std::move(questions), until);
}

bool shares_address(const std::vector<dns_answer>& some, const std::vector<dns_answer>& others) {
    for (const auto& a : some)
        for (const auto& address : a.addresses())
            for (const auto& b : others)
                if (const auto all = b.addresses(); std::ranges::find(all, address) != all.end()) return true;
    return false;
}

}  // namespace

net::awaitable<void> look_at_near_misses(context& c, second_look what, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    std::vector<question> questions;
    for (auto& name : near_misses(c.who.domain)) questions.push_back({std::move(name), type::srv});
    const auto answers = co_await ask_together(c, questions, until);
    std::string found;
    for (const auto& a : answers) {
        if (a.services().empty()) continue;
        note_answer(span.group(), a);
        if (found.empty()) found = a.question.name;
    }
    if (!found.empty()) {
        span.note(ev::probe_result, std::string("records"));
        co_return span.finish("differs", outcome::warning, "there are records at " + found);
    }
    const bool told = std::ranges::any_of(answers, answered);
    span.note(ev::probe_result, std::string(told ? "none" : "no_answer"));
    if (told) span.finish("same", outcome::ok, "no records under similar names");
    else span.finish("no_answer", outcome::unknown, "the questions were not answered");
}

// The subject is the wildcard that was found: "*.contoso.example".
net::awaitable<void> look_at_unrelated_names(context& c, second_look what, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    const std::vector<question> strange{{random_label() + ".invalid", type::a}, {random_label() + ".com", type::a}};
    const std::vector<question> ours{{random_label() + "." + c.who.domain, type::a}};
    const auto answers = co_await ask_together(c, strange, until);
    const auto own = co_await ask_together(c, ours, until);
    bool resolves = false;
    for (const auto& a : answers) {
        resolves = resolves || !a.addresses().empty();
        note_answer(span.group(), a);
    }
    const bool told = std::ranges::any_of(answers, answered);
    const std::string result = !resolves                      ? (told ? "none" : "no_answer")
                               : shares_address(answers, own) ? "same_address"
                                                              : "resolves";
    span.note(ev::probe_result, result);
    if (resolves) span.finish("differs", outcome::warning, "made-up names in other domains resolve as well");
    else if (told) span.finish("same", outcome::ok, "made-up names in other domains do not resolve");
    else span.finish("no_answer", outcome::unknown, "the questions were not answered");
}

net::awaitable<void> look_for_nat64(context& c, second_look what, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    const std::vector<question> only{{"ipv4only.arpa", type::aaaa}};
    const auto answers = co_await ask_together(c, only, until);
    const auto made_up = answers.front().addresses();
    for (const auto& address : made_up) span.note(ev::nat64_prefix, address.to_string());
    const bool told = answered(answers.front());
    span.note(ev::probe_result, std::string(!made_up.empty() ? "made_up" : told ? "none" : "no_answer"));
    if (!made_up.empty())
        span.finish("differs", outcome::ok, "the resolver synthesises IPv6 addresses: NAT64 is there");
    else if (told)
        span.finish("same", outcome::ok, "no NAT64: the resolver synthesises no IPv6 address for ipv4only.arpa");
    else span.finish("no_answer", outcome::unknown, "the question was not answered");
}

net::awaitable<void> look_at_other_resolvers(context& c, second_look what, net::deadline until) {
    auto span = open_look(c, "discovery.cross_check", what);
    const auto questions = questions_for(c.who.domain, c.who.domain);
    const auto& servers = c.environment.resolver->servers();
    std::vector<std::vector<dns_answer>> views;
    for (const auto& server : servers)
        views.push_back(co_await ask_side_by_side(c, questions, server, net::dns_way{}, until));
    bool differs = false;
    std::size_t answering = 0;
    for (const auto& view : views) answering += std::ranges::any_of(view, answered) ? 1 : 0;
    for (std::size_t q = 0; q < questions.size(); ++q) {
        const auto unlike = [&](const auto& view) {
            return answered(view[q]) && answered(views.front()[q]) && !says_the_same(view[q], views.front()[q]);
        };
        const bool disputed = std::ranges::any_of(views, unlike);
        differs = differs || disputed;
        for (std::size_t s = 0; s < servers.size(); ++s)
            if (disputed) note_answer(span.group().note(ev::resolver, net::to_string(servers[s])), views[s][q]);
    }
    for (std::size_t s = 0; s < servers.size(); ++s)
        span.group()
            .note(ev::resolver, net::to_string(servers[s]))
            .note(ev::resolver_answered, std::ranges::any_of(views[s], answered))
            .note(ev::resolver_state, result_of(views[s]));
    const chart::branch_ref agreed{differs, "differs", "same"};
    const chart::branch_ref result{answering < 2, "no_answer", agreed};
    span.note(ev::probe_result, result.name());
    const auto how = answering < 2 ? outcome::unknown : differs ? outcome::warning : outcome::ok;
    span.finish(
        result, how,
        differs ? "the resolvers contradict one another"
                : fmt::format("{} of {} resolvers answer", answering, servers.size()));
}

}  // namespace ucsignin::signin::discovery
