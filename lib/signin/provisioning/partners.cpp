#include "signin/provisioning/partners.hpp"

#include <memory>

#include "net/dns.hpp"
#include "signin/base/context.hpp"
#include "signin/provisioning/side_by_side.hpp"

namespace ucsignin::signin::provisioning {
namespace {

namespace ev = trace::ev;

constexpr auto service = "_sipfederationtls._tcp.";

using asking = side_by_side<partners_seen>;

ev::partner_word word_for(const net::dns_answer& came) {
    using enum net::answer_state;
    switch (came.state) {
        case no_data:
        case nxdomain: return "no_record";
        case records: break;
        default: return "no_answer";
    }
    const auto named = came.services();
    if (named.empty()) return "no_record";
    return named.front().target.empty() ? ev::partner_word("no_service") : ev::partner_word("found");
}

net::awaitable<void> ask(context& c, std::shared_ptr<asking> into, std::size_t index, net::deadline until) {
    const net::dns::question question{service + into->seen.all[index].domain, net::dns::type::srv};
    const auto came = co_await c.environment.resolver->ask(question, until);
    auto& mine = into->seen.all[index];
    mine.state = word_for(came);
    mine.answer = ev::dns_state_word::from(net::to_string(came.state));
    if (const auto named = came.services(); !named.empty()) {
        mine.server = named.front().target;
        mine.port = named.front().port;
    }
    into->one_has_ended();
}

net::awaitable<std::shared_ptr<const std::any>> look(context& c, std::vector<std::string> domains) {
    const auto until = c.until.dns();
    const auto into = std::make_shared<asking>(c.executor, partners_seen{});
    for (auto& domain : domains) {
        if (into->seen.all.size() == most_partners_asked) break;
        into->seen.all.push_back({.domain = std::move(domain)});
    }
    into->seen.not_asked = domains.size() - into->seen.all.size();
    for (std::size_t i = 0; i < into->seen.all.size(); ++i) {
        if (!net::dns::is_name(service + into->seen.all[i].domain)) continue;
        into->one_begins();
        c.beside.start(ask(c, into, i, until));
    }
    co_await into->all_have_ended(until);
    co_return std::make_shared<const std::any>(into->seen);
}

}  // namespace

wish look_for_partners(std::vector<std::string> domains) {
    return look_for{[domains = std::move(domains)](context& c) { return look(c, domains); }};
}

}  // namespace ucsignin::signin::provisioning
