// Which questions a look asks for a name, a record or the whole domain, and one word for many answers.
#include "signin/discovery/probe_questions.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <random>

#include "signin/base/notes.hpp"

namespace ucsignin::signin::discovery {
namespace {

using net::answer_state;
using net::dns::type;

bool is_answer(answer_state s) {
    return s == answer_state::records || s == answer_state::no_data || s == answer_state::nxdomain;
}

int how_telling(const net::dns_answer& a) {
    if (a.state == answer_state::records) return 4;
    if (is_answer(a.state)) return 3;
    if (a.state == answer_state::timed_out || a.state == answer_state::unreachable) return 1;
    return 2;
}

std::vector<std::string> data_of(const net::dns_answer& a) {
    std::vector<std::string> all;
    for (const auto& r : a.records)
        if (r.type == a.question.type) all.push_back(r.text);
    std::ranges::sort(all);
    return all;
}

std::string without_port(const std::string& subject) {
    const auto server = net::parse_host_port(subject, 0);
    return server ? server->host : subject;
}

}  // namespace

std::string random_label() {
    std::random_device random;
    std::string label;
    for (int i = 0; i < 16; ++i) label += static_cast<char>('a' + random() % 26);
    return label;
}

std::vector<net::dns::question> questions_for(const std::string& subject, const std::string& domain) {
    if (subject == domain)
        return {{"_sip._tls." + domain, type::srv},  {"_sipinternaltls._tcp." + domain, type::srv},
                {"lyncdiscover." + domain, type::a}, {"lyncdiscoverinternal." + domain, type::a},
                {"sip." + domain, type::a},          {"sipinternal." + domain, type::a},
                {"sipexternal." + domain, type::a}};
    const auto name = without_port(subject);
    if (name.starts_with('_')) return {{name, type::srv}};
    if (name.starts_with("*.")) return {{random_label() + name.substr(1), type::a}};
    return {{name, type::a}, {name, type::aaaa}};
}

std::vector<std::string> near_misses(const std::string& domain) {
    std::vector<std::string> all;
    // Underscores lost, the transport of the other record, the plural of RFC 3263, the zone appended once more.
    for (const auto* labels :
         {"sip._tls", "_sip.tls", "sip.tls", "_sip._tcp", "_sips._tls", "_sips._tcp", "_siptls._tcp",
          "_sipinternaltls._tls", "sipinternaltls._tcp", "_sipinternaltls.tcp", "_sipinternal._tls",
          "_sipexternaltls._tcp"})
        all.push_back(fmt::format("{}.{}", labels, domain));
    for (const auto* labels : {"_sip._tls", "_sipinternaltls._tcp"})
        all.push_back(fmt::format("{0}.{1}.{1}", labels, domain));
    return all;
}

ev::dns_state_word result_of(const std::vector<net::dns_answer>& answers) {
    if (std::ranges::any_of(answers, &net::dns_answer::cname_loop)) return "cname_loop";
    const auto best = std::ranges::max_element(answers, {}, how_telling);
    if (best == answers.end()) return "no_answer";
    return word_of(best->state);
}

bool says_the_same(const net::dns_answer& a, const net::dns_answer& b) {
    return a.state == b.state && data_of(a) == data_of(b);
}

void note_answer(trace::together said, const net::dns_answer& a) {
    said.note(ev::probe_dns_type, net::dns::to_string(a.question.type)).note(ev::probe_dns_name, a.question.name);
    said.note(ev::probe_dns_state, word_of(a.state));
    for (const auto& one : data_of(a)) said.note(ev::probe_dns_data, one);
}

}  // namespace ucsignin::signin::discovery
