#include "lab/fault_book.hpp"

#include "lab/glob.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::lab {
namespace {

bool is_standing(tcp_act act) { return act == tcp_act::refuse || act == tcp_act::drop; }

template <class T>
void take_first(T& into, const T& offered) {
    if (into == T{}) into = offered;
}

void combine(tls_fault& into, const tls_fault& rule) {
    if (!into.certificate) into.certificate = rule.certificate;
    take_first(into.min_version, rule.min_version);
    take_first(into.max_version, rule.max_version);
    take_first(into.ciphers, rule.ciphers);
    take_first(into.delay_ms, rule.delay_ms);
    take_first(into.acceptable_issuers, rule.acceptable_issuers);
    into.small_dh_group |= rule.small_dh_group;
    into.request_client_certificate |= rule.request_client_certificate;
    into.require_client_certificate |= rule.require_client_certificate;
    if (into.act != tls_act::none) return;
    into.act = rule.act;
    into.alert = rule.alert;
    into.text = rule.text;
}

// A pattern with a query is held against all of the target, one without only against the path.
bool fits_path(const std::string& pattern, const std::string& target) {
    const bool with_query = pattern.find('?') != std::string::npos;
    const std::string_view subject = with_query ? target : std::string_view(target).substr(0, target.find('?'));
    return matches_glob(pattern, subject);
}

}  // namespace

fault_book::fault_book(std::shared_ptr<const scenario> what, std::shared_ptr<const zone> names)
    : scenario_(std::move(what)),
      zone_(std::move(names)),
      tcp_seen_(scenario_->tcp.size()),
      tls_seen_(scenario_->tls.size()),
      http_seen_(scenario_->http.size()) {}

tcp_act fault_book::standing(const service& one) const {
    for (const auto& rule : scenario_->tcp)
        if (is_standing(rule.act) && is_meant(rule.at, one, "", *zone_)) return rule.act;
    return tcp_act::none;
}

tcp_plan fault_book::tcp(const service& one) {
    tcp_plan out;
    for (std::size_t i = 0; i < scenario_->tcp.size(); ++i) {
        const auto& rule = scenario_->tcp[i];
        if (is_standing(rule.act) || !is_meant(rule.at, one, "", *zone_) || !rule.when.include(++tcp_seen_[i]))
            continue;
        take_first(out.act, rule.act);
        take_first(out.delay_ms, rule.delay_ms);
        take_first(out.reset_after_sent, rule.reset_after_sent);
        take_first(out.idle_ms, rule.idle_ms);
    }
    return out;
}

tls_plan fault_book::tls(const service& one, const std::string& server_name) {
    tls_plan out;
    for (std::size_t i = 0; i < scenario_->tls.size(); ++i) {
        const auto& rule = scenario_->tls[i];
        if (!is_meant(rule.at, one, server_name, *zone_)) continue;
        if (rule.with_server_name && *rule.with_server_name == server_name.empty()) continue;
        if (!rule.when.include(++tls_seen_[i])) continue;
        combine(out.what, rule);
        out.key += std::to_string(i) + ",";
    }
    return out;
}

const http_fault* fault_book::http(
    const service& one, const std::string& host, const net::http::request& request, bool secure) {
    const http_fault* out = nullptr;
    for (std::size_t i = 0; i < scenario_->http.size(); ++i) {
        const auto& rule = scenario_->http[i];
        if (!is_meant(rule.at, one, host, *zone_) || !fits_path(rule.path, request.target)) continue;
        if (!rule.method.empty() && !sip::same_word(rule.method, request.method)) continue;
        if (!rule.scheme.empty() && (rule.scheme == "https") != secure) continue;
        if (!hold(rule.conditions, request)) continue;
        if (rule.when.include(++http_seen_[i]) && !out) out = &rule;
    }
    return out;
}

}  // namespace ucsignin::lab
