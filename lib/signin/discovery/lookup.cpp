// All names of the list are asked at once, since each may time out by itself. Each writes its node when it is
// answered; discovery decides some again when the vantage is known.
#include "signin/discovery/lookup.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "signin/discovery/probe_questions.hpp"

#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/limits.hpp"

namespace ucsignin::signin::discovery {
namespace {

using net::answer_state;
using net::dns::type;
using trace::outcome;

bool answered(answer_state s) {
    return s == answer_state::records || s == answer_state::no_data || s == answer_state::nxdomain;
}

std::string negative_summary(const looked_up& l) {
    // One word is enough where all answers agree.
    auto words = std::string(net::to_string(l.answers.front().state));
    for (const auto& a : l.answers)
        if (a.state != l.answers.front().state) words += "/" + std::string(net::to_string(a.state));
    const auto& detail = l.answers.front().detail;
    return l.name + ": " + words + (detail.empty() || answered(l.answers.front().state) ? "" : " (" + detail + ")");
}

// Of answers too long to be taken as a whole.
std::string words_for_the_rest(const std::vector<net::dns_answer>& answers) {
    std::size_t left_out = 0;
    for (const auto& a : answers) left_out += a.left_out;
    return left_out == 0 ? std::string{} : fmt::format(" and {} more, which are left out", left_out);
}

std::string address_summary(const looked_up& l) {
    std::string list;
    for (const auto& address : l.by_hosts.empty() ? l.addresses() : l.by_hosts)
        list += (list.empty() ? "" : ", ") + address.to_string();
    if (l.by_hosts.empty()) list += words_for_the_rest(l.answers);
    return l.name + " is " + list + (l.by_hosts.empty() ? "" : " by the hosts file");
}

// A name outside is expected to be missing inside and the other way round; what is missing is only worth a word.
struct name_node {
    chart::node_ref node;
    bool internal_autodiscover = false;
};

void finish_host(trace::scope& span, const looked_up& l, const name_node& n, vantage where) {
    if (l.resolved()) {
        const bool unexpected = n.internal_autodiscover && where == vantage::outside;
        return span.finish(
            {unexpected, "unexpected_there", "address"}, unexpected ? outcome::warning : outcome::ok,
            address_summary(l));
    }
    if (l.unanswered()) return span.finish("error", outcome::failed, negative_summary(l));
    if (n.internal_autodiscover && where != vantage::inside)
        return span.finish("expected_not_there", outcome::expected, negative_summary(l));
    span.finish("not_there", outcome::expected, negative_summary(l));
}

net::awaitable<net::dns_answer> ask(context& c, std::string name, type kind) {
    net::dns::question question{std::move(name), kind};
    co_return co_await c.environment.resolver->ask(question, c.until.dns());
}

// Starts a question whose answer somebody else waits for: the resolver shares equal questions.
net::awaitable<void> ask_ahead(context& c, std::string name, type kind) { co_await ask(c, std::move(name), kind); }

net::awaitable<std::vector<net::dns_answer>> ask_addresses(context& c, std::string name) {
    co_return co_await c.environment.resolver->ask_addresses(std::move(name), c.until.dns());
}

void count_down(std::size_t& running, net::signal& done) {
    if (--running == 0) done.set();
}

net::awaitable<void> look_up_host(
    context& c, std::shared_ptr<lookups> all, looked_up* l, name_node n, std::vector<std::uint16_t> ports,
    server_found on_server) {
    auto span = c.trace.open(n.node, l->name);
    span.note(ev::dns_name, l->name);
    l->answers = co_await ask_addresses(c, l->name);
    l->by_hosts = c.pc.addresses_by_hosts(l->name);
    if (l->by_hosts.size() > limits::addresses_per_server) l->by_hosts.resize(limits::addresses_per_server);
    for (const auto& a : l->answers) note_answer(span, a);
    tell(span, decide_by_hosts(*l));
    finish_host(span, *l, n, c.options.vantage);
    if (l->resolved())
        for (const auto port : ports) on_server({l->name, port}, span.span_id());
    if (l == &all->autodiscover_internal) all->internal_done.set();
    if (l == &all->autodiscover_external) all->external_done.set();
    count_down(all->running, all->done);
}

void finish_srv(trace::scope& span, const looked_up& l) {
    if (l.unanswered()) return span.finish("error", outcome::failed, negative_summary(l));
    if (!l.resolved()) return span.finish("not_there", outcome::expected, negative_summary(l));
    std::string list;
    for (const auto& s : l.answers.front().services())
        list += (list.empty() ? "" : ", ") + fmt::format("{}:{}", s.target, s.port);
    list += words_for_the_rest(l.answers);
    if (usable_services(l).empty())
        span.finish("bad_records", outcome::warning, l.name + " names " + list + ", none of which can be used");
    else span.finish("records", outcome::ok, l.name + " names " + list);
}

void note_left_out(trace::together& noted, const net::dns_answer& a) {
    if (a.left_out == 0) return;
    noted.note(ev::dns_records_left_out, a.left_out).note(ev::dns_records_in_all, a.left_out + a.records.size());
}

net::awaitable<void> look_up_srv(
    context& c, std::shared_ptr<lookups> all, looked_up* l, chart::node_ref node, server_found on_server) {
    auto span = c.trace.open(node, l->name);
    span.note(ev::dns_name, l->name);
    l->answers.push_back(co_await ask(c, l->name, type::srv));
    note_answer(span, l->answers.front());
    for (const auto& service : l->answers.front().services())
        for (const auto kind : {type::a, type::aaaa})
            if (!service.target.empty()) c.beside.start(ask_ahead(c, service.target, kind));
    for (const auto& service : l->answers.front().services()) {
        if (service.target.empty()) continue;
        auto answers = co_await ask_addresses(c, service.target);
        if (std::ranges::any_of(answers, [](const auto& a) { return !a.addresses().empty(); }))
            on_server({service.target, service.port}, span.span_id());
        for (auto& a : answers) {
            auto of_target = span.group().note(ev::dns_server, service.target);
            of_target.note(ev::dns_type, net::dns::to_string(a.question.type))
                .note(ev::dns_server_state, word_of(a.state));
            note_left_out(of_target, a);
            for (const auto& cname : a.cname_chain) span.note(ev::dns_cname, cname);
            for (const auto& address : a.addresses()) span.note(ev::dns_address, address.to_string());
            if (a.cname_loop) span.note(ev::dns_cname_loop, true);
            l->targets.push_back(std::move(a));
        }
        span.note(ev::under_domain, is_under(service.target, c.who.domain));
    }
    finish_srv(span, *l);
    count_down(all->running, all->done);
}

net::awaitable<void> look_up_wildcard(context& c, std::shared_ptr<lookups> all) {
    auto span = c.trace.open<"discovery.wildcard">(all->wildcard.name);
    all->wildcard.answers = co_await ask_addresses(c, all->wildcard.name);
    for (const auto& a : all->wildcard.answers) note_answer(span, a);
    if (all->wildcard.resolved())
        span.finish("yes", outcome::warning, "a made-up name resolves: " + address_summary(all->wildcard));
    else if (all->wildcard.unanswered())
        span.not_run(trace::not_run_reason::not_reached, "the question was not answered");
    else span.finish("no", outcome::ok, "only names that exist answer");
    count_down(all->running, all->done);
}

}  // namespace

trace::decision decide_by_hosts(const looked_up& l) {
    if (l.by_hosts.empty()) return {};
    const auto list_of = [](const std::vector<net::ip_address>& addresses) {
        std::vector<std::string> words;
        for (const auto& one : addresses) words.push_back(one.to_string());
        return fmt::format("{}", fmt::join(words, ", "));
    };
    const auto dns = l.addresses();
    return decided(
        "Which source decides about this name?",
        {{"hosts file: " + list_of(l.by_hosts), trace::verdict::chosen, "the system reads it before it asks DNS"},
         {dns.empty() ? "DNS: no address" : "DNS: " + list_of(dns), trace::verdict::passed_over,
          "the hosts file has the name"}});
}

void note_answer(trace::scope& span, const net::dns_answer& a) {
    const auto kind = net::dns::to_string(a.question.type);
    auto answer = span.group().note(ev::dns_type, kind).note(ev::dns_answer_state, word_of(a.state));
    if (!a.resolver.empty())
        answer.note(ev::dns_answer_rcode, net::dns::rcode_name(a.rcode)).note(ev::dns_resolver, a.resolver);
    answer.note(ev::dns_latency, a.latency_ms);
    note_left_out(answer, a);
    for (const auto& r : a.records)
        span.group()
            .note(ev::dns_record_type, net::dns::to_string(r.type))
            .note(ev::dns_record_ttl, r.ttl)
            .note(ev::dns_record_data, r.text);
    for (const auto& target : a.cname_chain) span.note(ev::dns_cname, target);
    for (const auto& address : a.addresses()) span.note(ev::dns_address, address.to_string());
    for (const auto& s : a.services())
        span.group()
            .note(ev::dns_target, net::to_string(net::host_port{s.target, s.port}))
            .note(ev::dns_srv_priority, s.priority)
            .note(ev::dns_srv_weight, s.weight);
    if (!a.zone.empty()) span.note(ev::dns_zone, a.zone);
    if (a.negative_ttl) span.note(ev::dns_negative_ttl, std::int64_t{*a.negative_ttl});
    if (a.truncated) span.note(ev::dns_truncated, true);
    if (a.cname_loop) span.note(ev::dns_cname_loop, true);
    if (a.retransmissions > 0) span.note(ev::dns_retransmissions, std::int64_t{a.retransmissions});
    for (const auto& e : a.extended_errors)
        span.group().note(ev::dns_type, kind).note(ev::dns_ede_code, e.code).note(ev::dns_ede_text, e.text);
}

bool looked_up::resolved() const {
    return !by_hosts.empty() || std::ranges::any_of(answers, [](const auto& a) {
        return a.question.type == type::srv ? !a.services().empty() : !a.addresses().empty();
    });
}

bool looked_up::answered() const {
    return std::ranges::any_of(answers, [](const auto& a) { return discovery::answered(a.state); });
}

bool looked_up::unanswered() const { return !resolved() && !answered(); }

std::vector<net::ip_address> looked_up::addresses() const {
    std::vector<net::ip_address> all;
    for (const auto& a : answers)
        for (const auto& address : a.addresses()) all.push_back(address);
    return all;
}

std::vector<net::dns::srv> usable_services(const looked_up& l) {
    std::vector<net::dns::srv> usable;
    if (l.answers.empty()) return usable;
    for (const auto& s : l.answers.front().services()) {
        const bool leads_somewhere = std::ranges::any_of(
            l.targets, [&](const auto& t) { return t.question.name == s.target && !t.addresses().empty(); });
        if (leads_somewhere && s.port != 0) usable.push_back(s);
    }
    return usable;
}

void ask_all(context& c, std::shared_ptr<lookups> all, server_found on_server) {
    const auto& domain = c.who.domain;
    all->autodiscover_internal.name = "lyncdiscoverinternal." + domain;
    all->autodiscover_external.name = "lyncdiscover." + domain;
    all->srv_internal.name = "_sipinternaltls._tcp." + domain;
    all->srv_external.name = "_sip._tls." + domain;
    all->host_internal.name = "sipinternal." + domain;
    all->host_sip.name = "sip." + domain;
    all->host_external.name = "sipexternal." + domain;
    all->wildcard.name = random_label() + "." + domain;
    all->running = 8;
    // Outside, the address records of stage 1.1 mean the Access Edge on 443; 5061 there is for other servers.
    const std::vector<std::uint16_t> none, internal{5061}, external{443};
    c.beside.start(
        look_up_host(c, all, &all->autodiscover_internal, {"discovery.autodiscover_internal", true}, none, on_server));
    c.beside.start(
        look_up_host(c, all, &all->autodiscover_external, {"discovery.autodiscover_external"}, none, on_server));
    c.beside.start(look_up_srv(c, all, &all->srv_internal, "discovery.srv_internal", on_server));
    c.beside.start(look_up_srv(c, all, &all->srv_external, "discovery.srv_external", on_server));
    c.beside.start(look_up_host(c, all, &all->host_internal, {"discovery.host_internal"}, internal, on_server));
    c.beside.start(look_up_host(c, all, &all->host_sip, {"discovery.host_sip"}, none, on_server));
    c.beside.start(look_up_host(c, all, &all->host_external, {"discovery.host_external"}, external, on_server));
    c.beside.start(look_up_wildcard(c, all));
}

}  // namespace ucsignin::signin::discovery
