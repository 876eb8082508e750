// Readings that walk the whole trace are sorted once and kept with the case, as many rules ask for each span.
#include "diagnosis/dns_evidence.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "diagnosis/names.hpp"

namespace ucsignin::diagnosis {

std::string name_of(const trace::span& s) {
    const auto name = s.text(ev::dns_name);
    return name.empty() ? s.subject : name;
}

bool ended_in(const trace::span& s, ev::dns_state_word state) {
    return std::ranges::any_of(s.words(ev::dns_answer_state), [&](const dns_state& told) { return told == state; });
}

bool is_no(const dns_state& state) { return state == "NXDOMAIN" || state == "NODATA"; }

bool absent(const trace::span& s) {
    const auto states = s.words(ev::dns_answer_state);
    return !states.empty() && std::ranges::all_of(states, is_no);
}

std::string filter_said(const trace::span& s) {
    if (ended_in(s, "records")) return {};
    for (const auto& e : s.together(ev::dns_ede_code)) {
        const auto code = e.number(ev::dns_ede_code).value_or(0);
        const std::string_view name = code == 15 ? "Blocked" : code == 16 ? "Censored" : code == 17 ? "Filtered" : "";
        if (!name.empty()) return fmt::format("{} ({})", code, name);
    }
    return {};
}

namespace {

using looks_by_probe = std::map<std::string, visits, std::less<>>;

looks_by_probe sort_looks(const case_view& view) {
    looks_by_probe all;
    for (const auto* s :
         view.trace.at("discovery.cross_check"))  // several looks share a subject: none supersedes another
        if (ran(*s)) all[s->text(ev::probe_kind)].push_back(s);
    return all;
}

using first_looks =
    std::map<std::pair<std::string_view, std::string_view>, const trace::span*>;  // by probe and subject

first_looks sort_first_looks(const case_view& view) {
    first_looks all;
    for (const auto* s : view.trace.at("discovery.cross_check"))
        if (ran(*s)) all.try_emplace({text_of(*s, ev::probe_kind), text_of(*s, ev::probe_of)}, s);
    return all;
}

const trace::span* first_made_up_name(const case_view& view) {
    for (const auto* s : looks(view, "unrelated_name"))
        if (const auto result = look_result(*s); result == "same_address" || result == "resolves") return s;
    return nullptr;
}

using addresses_by_host = std::map<std::string, std::vector<std::string>>;

// Who goes by a proxy meets the proxy's address, which is no answer of DNS about the server.
std::set<std::string> proxies_met(const case_view& view) {
    std::set<std::string> all;
    for (const auto& s : view.trace.spans) {
        const auto url = s.text(ev::proxy);
        if (const auto mark = url.find("://"); !url.empty())
            all.insert(mark == std::string::npos ? url : url.substr(mark + 3));
        if (s.word(ev::http_fault) == "proxy")
            for (auto& peer : s.texts(ev::peer)) all.insert(std::move(peer));
    }
    return all;
}

addresses_by_host sort_addresses(const case_view& view) {
    addresses_by_host all;
    const auto proxies = proxies_met(view);
    for (const auto* s : name_spans(view.trace))
        for (auto& address : s->texts(ev::dns_address)) all[lower(name_of(*s))].push_back(std::move(address));
    for (const auto* s : view.trace.at("connection.tcp"))
        for (const auto& peer : s->has(ev::proxy) ? std::vector<std::string>{} : s->texts(ev::peer))
            all[lower(host_of(candidate_named_by(*s)))].push_back(host_of(peer));
    for (const auto& s : view.trace.spans)
        if (s.has(ev::http_fault))
            for (const auto& peer : s.texts(ev::peer))
                if (!proxies.contains(peer)) all[lower(host_of_url(s.text(ev::http_url)))].push_back(host_of(peer));
    for (auto& [host, addresses] : all) {
        std::ranges::sort(addresses);
        addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    }
    return all;
}

}  // namespace

visits looks(const case_view& view, trace::look_ref probe) {
    const auto& all = view.once(sort_looks);
    const auto at = all.find(probe.word());
    return at == all.end() ? visits{} : at->second;
}

std::string look_result(const trace::span& s) { return s.text(ev::probe_result); }

const trace::span* look_at(const case_view& view, trace::look_ref probe, std::string_view subject) {
    const auto& all = view.once(sort_first_looks);
    const auto at = all.find({probe.word(), subject});
    return at == all.end() ? nullptr : at->second;
}

const trace::span* unrelated_names_resolve(const case_view& view) { return view.once(first_made_up_name); }

namespace {

std::set<std::string> made_up_addresses(const case_view& view) {
    std::set<std::string> all;
    const auto* look = unrelated_names_resolve(view);
    if (!look) return all;
    for (auto& line : lines_of(*look))
        for (auto& address : line.data) all.insert(std::move(address));
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    if (wildcard && look_result(*look) == "same_address")
        for (auto& address : wildcard->texts(ev::dns_address)) all.insert(std::move(address));
    return all;
}

}  // namespace

bool is_made_up(const case_view& view, std::string_view host) {
    const auto& made_up = view.once(made_up_addresses);
    const auto& own = addresses_of_name(view, host);
    return !own.empty() && std::ranges::all_of(own, [&](const std::string& a) { return made_up.contains(a); });
}

bool some_names_are_true(const case_view& view) {
    const auto* srv = view.trace.latest("discovery.srv_external");
    if (srv && srv->branch == "records") return true;
    return std::ranges::any_of(name_spans(view.trace), [&](const trace::span* s) {
        const auto host = name_of(*s);
        return is_under(host, view.domain) && !addresses_of_name(view, host).empty() && !is_made_up(view, host);
    });
}

std::vector<told_line> lines_of(const trace::span& look) {
    std::vector<told_line> all;
    for (const auto& one : look.together(ev::probe_dns_type)) {
        told_line line{
            one.text(ev::probe_dns_type), one.text(ev::probe_dns_name), one.word(ev::probe_dns_state),
            one.texts(ev::probe_dns_data)};
        if (line.type != "A" && line.type != "AAAA" && line.type != "SRV") continue;
        if (line.state == "malformed") line.data.clear();
        all.push_back(std::move(line));
    }
    return all;
}

const std::vector<std::string>& addresses_of_name(const case_view& view, std::string_view host) {
    static const std::vector<std::string> none;
    const auto& all = view.once(sort_addresses);
    const auto at = all.find(lower(host));
    return at == all.end() ? none : at->second;
}

}  // namespace ucsignin::diagnosis
