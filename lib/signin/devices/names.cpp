// devices.hosts: the names of the sign-in by DNS, by the hosts file and by the system's own look-up, side by side.

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "net/work.hpp"
#include "signin/devices/devices.hpp"
#include "signin/base/this_pc.hpp"

namespace ucsignin::signin::devices {
namespace {

using addresses = std::vector<net::ip_address>;

name_seen by_hosts(const this_pc& pc, const name_asked& asked) {
    name_seen seen{.name = asked.name, .dns_answered = asked.answered, .dns = asked.addresses};
    for (const auto& entry : pc.hosts.entries)
        if (std::ranges::find(entry.names, asked.name) != entry.names.end())
            seen.hosts.push_back({entry.line, entry.address});
    return seen;
}

trace::together note_line(trace::scope& span, int line, const net::ip_address& address, const std::string& name) {
    auto said = span.group().note(ev::hosts_line, line);
    return said.note(ev::hosts_address, address.to_string()).note(ev::hosts_name, name);
}

void note(trace::scope& span, const name_seen& n) {
    for (const auto& l : n.hosts) {
        auto said = note_line(span, l.number, l.address, n.name);
        if (!n.dns_answered || std::ranges::find(n.dns, l.address) != n.dns.end()) continue;
        said.note(ev::hosts_differs, true);
        for (const auto& a : n.dns) said.note(ev::hosts_dns, a.to_string());
    }
    for (const auto& a : n.system) span.group().note(ev::nss_name, n.name).note(ev::nss_answer, a.to_string());
    if (!n.suffix.empty()) span.note(ev::search_suffix, n.suffix);
}

// Lines for names of the domain that the sign-in doesn't ask for (meet., dialin.): noted, never in conflict.
void note_other_lines(trace::scope& span, const context& c, std::span<const name_seen> names) {
    for (const auto& entry : host::matching_entries(c.pc.hosts, c.who.domain))
        for (const auto& name : entry.names)
            if (is_under(name, c.who.domain) && std::ranges::find(names, name, &name_seen::name) == names.end())
                note_line(span, entry.line, entry.address, name);
}

void decide(context& c, std::span<const name_seen> names) {
    auto span = c.trace.open<"devices.hosts">();
    for (const auto& n : names) note(span, n);
    note_other_lines(span, c, names);
    const auto v = judge_names(names, c.pc.hosts.path, c.pc.hosts.error);
    finish(span, v);
}

// With which search suffix DNS has a name that it lacks without.
net::awaitable<std::string> suffix_that_answers(context& c, std::string name, addresses wanted) {
    for (const auto& suffix : c.environment.host->search_list()) {
        net::dns::question q{name + "." + suffix, net::dns::type::a};
        const auto answer = co_await c.environment.resolver->ask(q, c.until.dns());
        const auto found = answer.addresses();
        if (std::ranges::any_of(found, [&](const auto& a) { return std::ranges::find(wanted, a) != wanted.end(); }))
            co_return suffix;
    }
    co_return std::string{};
}

net::awaitable<void> compare_with_system(context& c, std::vector<name_seen> names) {
    std::vector<std::string> list;
    for (const auto& n : names) list.push_back(n.name);
    const auto found = co_await c.environment.host->look_up(list, c.until.devices());
    if (!found) co_return;
    for (std::size_t i = 0; i < names.size(); ++i) {
        names[i].asked_system = true;
        names[i].system = (*found)[i];
        if (names[i].system_differs() && names[i].dns.empty())
            names[i].suffix = co_await suffix_that_answers(c, names[i].name, names[i].system);
    }
    decide(c, names);
}

}  // namespace

void trace_names(context& c, const std::vector<name_asked>& asked) {
    std::vector<name_seen> names;
    for (const auto& one : asked) names.push_back(by_hosts(c.pc, one));
    decide(c, names);
    if (c.pc.hosts_apply) c.beside.start(compare_with_system(c, std::move(names)));
}

}  // namespace ucsignin::signin::devices
