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

#include "trace/evidence.hpp"

namespace ucsignin::report {
namespace {

namespace ev = trace::ev;
using trace::evidence_entry;

std::optional<trace::value> as_text(std::string_view text) { return trace::value(std::string(text)); }
std::optional<trace::value> as_flag(std::string_view text) { return trace::value(text == "yes"); }
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
};

// `key`: the first value tells which group the others join, where one holds it already.
enum class first { value, key };

struct old_text {
    std::string_view name;
    first as;
    std::array<part, 3> parts;
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
};

const old_word* word_of(const trace::evidence& e) {
    const auto* text = std::get_if<std::string>(&e.value);
    const auto word = std::ranges::find_if(
        old_words, [&](const old_word& w) { return text && w.name->name == e.name && w.then == *text; });
    return word == std::end(old_words) ? nullptr : word;
}

const old_text* row_of(const trace::evidence& e) {
    const auto row = std::ranges::find(old_texts, e.name, [](const old_text& t) { return t.name; });
    return row == std::end(old_texts) || !std::holds_alternative<std::string>(e.value) ? nullptr : row;
}

std::vector<trace::evidence> split(const old_text& row, std::string_view text) {
    std::vector<trace::evidence> all;
    for (const auto& p : row.parts) {
        if (!p.name) break;
        const auto end = p.end.empty() ? std::string_view::npos : text.find(p.end);
        if (auto value = p.read(text.substr(0, end)))
            all.push_back({std::string(p.name->name), std::move(*value), p.name->kind, p.name->from});
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + p.end.size());
    }
    return all;
}

class renewed {
public:
    explicit renewed(const std::vector<trace::evidence>& old) {
        for (const auto& e : old) groups_ = std::max(groups_, e.group);
    }
    void add(trace::evidence e) {
        const auto* row = row_of(e);
        if (!row) return keep(std::move(e));
        auto parts = split(*row, std::get<std::string>(e.value));
        if (parts.empty()) return;
        const bool joins = row->as == first::key && parts.size() > 1 && join(parts);
        if (!joins) ++groups_;
        for (auto& p : parts) {
            if (!joins) p.group = groups_;
            held_.emplace(p.group, p.name);
            keep(std::move(p));
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
    void keep(trace::evidence e) {
        if (const auto* word = word_of(e)) e.value = std::string(word->today);
        if (const auto* text = std::get_if<std::string>(&e.value)) places_[{e.name, *text}] = all_.size();
        all_.push_back(std::move(e));
    }

    std::vector<trace::evidence> all_;
    std::map<std::pair<std::string, std::string>, std::size_t> places_;  // by name and text, the latest
    std::set<std::pair<int, std::string>> held_;                         // by group and name
    int groups_ = 0;
};

}  // namespace

void renew(std::vector<trace::evidence>& evidence) {
    if (std::ranges::none_of(evidence, [](const auto& e) { return row_of(e) || word_of(e); })) return;
    renewed all(evidence);
    for (auto& e : evidence) all.add(std::move(e));
    evidence = std::move(all).all();
}

}  // namespace ucsignin::report
