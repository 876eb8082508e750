// One table says what each text held and how it splits, so that rules know today's values alone.
#include "report/old_evidence.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "trace/addresses.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::report {
namespace {

namespace ev = trace::ev;
using trace::evidence_entry;

std::optional<trace::value> as_text(std::string_view text) { return trace::value(std::string(text)); }
std::optional<trace::value> as_flag(std::string_view text) { return trace::value(text == "yes"); }
std::optional<trace::value> as_address(std::string_view text) {  // "nothing" stood for none
    return trace::sort_of_ipv4(text) || trace::sort_of_ipv6(text) ? as_text(text) : std::nullopt;
}
template <class T>
std::optional<trace::value> as_number(std::string_view text) {
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} ? std::optional<trace::value>(number) : std::nullopt;
}

// One value of a text, and what stands behind it there.
struct part {
    constexpr part() = default;
    constexpr part(const trace::evidence_name<std::string>& n, std::string_view e = {})
        : name(&n), read(as_text), end(e) {}
    template <const auto& Words>
    constexpr part(const trace::evidence_name<trace::code_word<Words>>& n, std::string_view e = {})
        : name(&n), read(as_text), end(e) {}
    constexpr part(const trace::evidence_name<bool>& n, std::string_view e = {}) : name(&n), read(as_flag), end(e) {}
    constexpr part(const trace::evidence_name<std::int64_t>& n, std::string_view e = {})
        : name(&n), read(as_number<std::int64_t>), end(e) {}
    constexpr part(const trace::evidence_name<double>& n, std::string_view e = {})
        : name(&n), read(as_number<double>), end(e) {}

    const evidence_entry* name = nullptr;
    std::optional<trace::value> (*read)(std::string_view) = nullptr;
    std::string_view end;  // empty: the rest
    enum class times { once, again_and_again, without_text } comes = times::once;
};

template <class Name>
constexpr part each(const Name& name, std::string_view apart) {  // a list
    part p(name, apart);
    p.comes = part::times::again_and_again;
    return p;
}
constexpr part each_address(const trace::evidence_name<std::string>& name, std::string_view apart) {
    auto p = each(name, apart);
    p.read = as_address;
    return p;
}
constexpr part so(const trace::evidence_name<bool>& name) {  // the text's being there says it
    part p(name);
    p.comes = part::times::without_text;
    return p;
}

// `key`: the first value tells which group the others join, where one holds it already.
enum class first { value, key };

struct old_text {
    std::string_view name;
    first as;
    std::array<part, 5> parts;
    std::string_view begins = {};  // with these words, which say nothing further
    std::string_view look = {};    // in a span of this second look alone
};

// clang-format off
constexpr old_text old_texts[] = {
    {"tls.verify.error", first::value, {{{ev::x509_error_code, " "}, {ev::x509_error_depth, " "}, {ev::x509_error_text}}}},
    {"tls.server.chain", first::value, {{{ev::x509_chain_depth, " "}, {ev::x509_chain_subject, " <- "}, {ev::x509_chain_issuer}}}},
    {"tls.server.key", first::value, {{{ev::x509_key_type, " "}, {ev::x509_key_bits}}}},
    {"dns.state", first::key, {{{ev::dns_type, " "}, {ev::dns_answer_state}}}},
    {"dns.response_code", first::key, {{{ev::dns_type, " "}, {ev::dns_answer_rcode}}}},
    {"dns.answer", first::value, {{{ev::dns_record_type, " "}, {ev::dns_record_ttl, " "}, {ev::dns_record_data}}}},
    {"dns.answer.srv.state", first::value, {{{ev::dns_server, " "}, {ev::dns_server_state}}}},
    {"dns.answer.srv.order", first::key, {{{ev::dns_target, " "}, {ev::dns_srv_priority, " "}, {ev::dns_srv_weight}}}},
    {"ucsignin.dns.left_out", first::key, {{{ev::dns_type, " "}, {ev::dns_records_left_out, " of "}, {ev::dns_records_in_all}}}},
    {"dns.extended_error", first::value, {{{ev::dns_type, " "}, {ev::dns_ede_code, " "}, {ev::dns_ede_text}}}},
    {"network.error", first::key, {{{ev::peer, " "}, {ev::connect_fault}}}},
    {"network.error.errno", first::key, {{{ev::peer, " "}, {ev::connect_errno}}}},
    {"autodiscover.link", first::value, {{{ev::link_purpose, " "}, {ev::link_href}}}},
    {"autodiscover.sip_client_access", first::value, {{{ev::sip_access_side, " "}, {ev::sip_access_server}}}},
    {"proxy.pac.result", first::value, {{{ev::pac_host, " "}, {ev::pac_answer}}}},
    {"tls.scan", first::value, {{{ev::tls_tried, " "}, {ev::tls_tried_result}}}},
    {"dhcp.sip_server", first::value, {{{ev::leased_sip_server, " "}, {ev::lease_file}}}},
    {"host.nss.address", first::value, {{{ev::nss_name, " "}, {ev::nss_answer}}}},
    {"dns.resolver.answers", first::key, {{{ev::resolver, " "}, {ev::resolver_answered, ": "}, {ev::resolver_state}}}},
    {"dns.resolver.latency", first::key, {{{ev::resolver, " "}, {ev::resolver_ms}}}},
    {"host.adapter.dns_server", first::value, {{{ev::adapter_name, " "}, {ev::resolver}}}},
    {"tls.verify.revocation", first::value, {{{ev::x509_revocation_way, " "}, {ev::x509_revocation_state}}}},
    {"host.adapter.state", first::key, {{{ev::adapter_name, " "}, {ev::adapter_link}}}},
    {"host.adapter.address", first::value, {{{ev::adapter_name, " "}, {ev::adapter_ip, "/"}, {ev::adapter_ip_prefix, " "}, each(ev::adapter_ip_mark, " ")}}},
    {"host.adapter.rejected", first::key, {{{ev::adapter_name, ": "}, {ev::adapter_unusable}}}},
    {"host.adapter.metric", first::value, {{{ev::adapter_name, " "}, {ev::route_family, " "}, {ev::adapter_metric}}}},
    {"host.route.error", first::value, {{{ev::route_target, ": "}, {ev::route_error}}}},
    {"host.hosts_entry", first::value, {{{ev::hosts_line, ": "}, {ev::hosts_address, " "}, {ev::hosts_name}}}, "line "},
    {"host.hosts_entry.conflict", first::value, {{{ev::hosts_line, ": "}, {ev::hosts_address, " "}, {ev::hosts_name, ", DNS: "}, so(ev::hosts_differs), each_address(ev::hosts_dns, ", ")}}, "line "},
    {"tls.local.versions", first::value, {{{ev::tls_local_lowest, "-"}, {ev::tls_local_highest}}}},
    {"dns.resolver.view", first::value, {{{ev::resolver, " "}, {ev::probe_dns_type, " "}, {ev::probe_dns_name, " "}, {ev::probe_dns_state, " "}, each(ev::probe_dns_data, ", ")}}},
    {"ucsignin.probe.detail", first::value, {{{ev::probe_dns_name, " -> "}, each(ev::probe_dns_alias, " -> ")}}, "", "cname_chain"},
    {"ucsignin.probe.detail", first::value, {{{ev::server_port, " "}, {ev::probe_try}}}, "", "usual_ports"},
    {"ucsignin.probe.detail", first::value, {{{ev::source_address, " "}, {ev::probe_try}}}, "", "other_source"},
    {"ucsignin.probe.detail", first::value, {{{ev::source_address, " "}, {ev::probe_try}}}, "", "other_adapter"},
    {"ucsignin.probe.detail", first::value, {{{ev::x509_aia, " "}, {ev::probe_try}}}, "", "aia"},
    {"ucsignin.probe.detail", first::value, {{{ev::tls_tried, ": "}, {ev::tls_tried_result}}}, "in ", "small_segments"},
    {"ucsignin.probe.detail", first::value, {{{ev::probe_dns_server, " "}, {ev::probe_dns_server_address, ": "}, {ev::probe_dns_state}}}, "server "},
    {"ucsignin.probe.detail", first::value, {{{ev::probe_dns_type, " "}, {ev::probe_dns_name, " "}, {ev::probe_dns_state, " "}, each(ev::probe_dns_data, ", ")}}},
    {"provisioning.setting", first::value, {{{ev::setting_group, "/"}, {ev::setting_name, " = "}, {ev::setting_value}}}},
};

// What stood behind another value, on its own, and was about it.
struct follower {
    std::string_view name;
    const evidence_entry* of;
};
constexpr follower followers[] = {
    {ev::adapter_kind.name, &ev::adapter_name},
    {ev::adapter_mtu.name, &ev::adapter_kind},
    {ev::adapter_default_route.name, &ev::adapter_kind},
    {ev::candidate_origin.name, &ev::candidate},
    {ev::candidate_trusted.name, &ev::candidate_origin},
};
// clang-format on

// A word that was written in another way.
struct old_word {
    const evidence_entry* name;
    std::string_view then, today;
};

constexpr old_word old_words[] = {
    {&ev::connect_fault, "timed out", "timed_out"},
    {&ev::connect_fault, "protocol error", "protocol"},
    {&ev::connect_fault, "TLS alert", "tls_alert"},
    {&ev::connect_fault, "not found", "not_found"},
    {&ev::connect_fault, "failed", "other"},
    {&ev::connect_fault, "refused by the proxy", "proxy"},
    {&ev::sip_error, "timed out", "timed_out"},
    {&ev::sip_error, "protocol error", "protocol"},
    {&ev::sip_error, "TLS alert", "tls_alert"},
    {&ev::sip_error, "not found", "not_found"},
    {&ev::sip_error, "failed", "other"},
    {&ev::sip_error, "refused by the proxy", "proxy"},
    {&ev::adapter_link, "no link", "no_link"},
    {&ev::adapter_ip_mark, "link-local", "link_local"},
    {&ev::tls_tried, "usual segments", "usual_segments"},
    {&ev::probe_try, "not by HTTP", "not_http"},
};

const old_word* word_of(const trace::evidence& e) {
    const auto* text = std::get_if<std::string>(&e.value);
    const auto word = std::ranges::find_if(
        old_words, [&](const old_word& w) { return text && w.name->name == e.name && w.then == *text; });
    return word == std::end(old_words) ? nullptr : word;
}

std::string look_in(const std::vector<trace::evidence>& span) {
    const auto kind = std::ranges::find(span, ev::probe_kind.name, &trace::evidence::name);
    return kind == span.end() ? std::string{} : trace::text_in(&*kind);
}

const old_text* row_of(const trace::evidence& e, std::string_view look) {
    const auto* text = std::get_if<std::string>(&e.value);
    const auto row = std::ranges::find_if(old_texts, [&](const old_text& t) {
        return text && t.name == e.name && text->starts_with(t.begins) && (t.look.empty() || t.look == look);
    });
    return row == std::end(old_texts) ? nullptr : row;
}

const evidence_entry* followed_by(const trace::evidence& e) {
    const auto row = std::ranges::find(followers, e.name, &follower::name);
    return e.group != 0 || row == std::end(followers) ? nullptr : row->of;
}

std::vector<trace::evidence> split(const old_text& row, std::string_view text) {
    std::vector<trace::evidence> all;
    const auto add = [&](const part& p, std::optional<trace::value> value) {
        if (value) all.push_back({std::string(p.name->name), std::move(*value), p.name->kind, p.name->from});
    };
    text.remove_prefix(row.begins.size());
    for (const auto& p : row.parts) {
        if (!p.name) break;
        if (p.comes == part::times::without_text) {
            add(p, true);
            continue;
        }
        do {
            const auto end = p.end.empty() ? std::string_view::npos : text.find(p.end);
            add(p, p.read(text.substr(0, end)));
            if (end == std::string_view::npos) return all;
            text.remove_prefix(end + p.end.size());
        } while (p.comes == part::times::again_and_again);
    }
    return all;
}

class renewed {
public:
    explicit renewed(const std::vector<trace::evidence>& old) : look_(look_in(old)) {
        for (const auto& e : old) groups_ = std::max(groups_, e.group);
    }
    void add(trace::evidence e) {
        if (const auto* of = followed_by(e)) return add_behind(*of, std::move(e));
        const auto* row = row_of(e, look_);
        if (!row) return keep(std::move(e));
        auto parts = split(*row, std::get<std::string>(e.value));
        if (parts.empty()) return;
        const bool joins = row->as == first::key && parts.size() > 1 && join(parts);
        if (!joins) ++groups_;
        for (auto& p : parts) {
            if (!joins) p.group = groups_;
            held_.emplace(p.group, p.name);
            keep(std::move(p), row->as == first::key);
        }
    }
    [[nodiscard]] std::vector<trace::evidence> all() && { return std::move(all_); }

private:
    // Leaves of the parts those that the group of the first one lacks.
    bool join(std::vector<trace::evidence>& parts) {
        const auto* key = std::get_if<std::string>(&parts.front().value);
        const auto at = key ? places_.find({parts.front().name, *key}) : places_.end();
        if (at == places_.end()) return false;
        auto& known = all_[at->second];
        if (known.group == 0) known.group = ++groups_;
        if (held_.contains({known.group, parts[1].name})) return false;
        parts.erase(parts.begin());
        for (auto& p : parts) p.group = known.group;
        return true;
    }
    void add_behind(const evidence_entry& of, trace::evidence e) {
        if (const auto at = latest_.find(of.name); at != latest_.end()) {
            auto& known = all_[at->second];
            if (known.group == 0) known.group = ++groups_;
            if (held_.emplace(known.group, e.name).second) e.group = known.group;
        }
        keep(std::move(e));
    }
    void keep(trace::evidence e, bool others_may_join = true) {
        if (const auto* word = word_of(e)) e.value = std::string(word->today);
        const auto* text = std::get_if<std::string>(&e.value);
        if (text && others_may_join) places_[{e.name, *text}] = all_.size();
        if (others_may_join) latest_[e.name] = all_.size();
        all_.push_back(std::move(e));
    }

    std::string look_;
    std::vector<trace::evidence> all_;
    std::map<std::string, std::size_t, std::less<>> latest_;             // by name
    std::map<std::pair<std::string, std::string>, std::size_t> places_;  // by name and text, the latest
    std::set<std::pair<int, std::string>> held_;                         // by group and name
    int groups_ = 0;
};

}  // namespace

void renew(std::vector<trace::evidence>& evidence) {
    const auto look = look_in(evidence);
    const auto is_old = [&](const auto& e) { return row_of(e, look) || word_of(e) || followed_by(e); };
    if (std::ranges::none_of(evidence, is_old)) return;
    renewed all(evidence);
    for (auto& e : evidence) all.add(std::move(e));
    evidence = std::move(all).all();
}

}  // namespace ucsignin::report
