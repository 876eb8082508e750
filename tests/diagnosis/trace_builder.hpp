#pragma once
// Hand-written traces: spans with literal evidence, and the usual runs to start from.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/evidence_provisioning.hpp"
#include "ucsignin/diagnosis.hpp"

namespace ucsignin::diagnosis::test {

namespace ev = trace::ev;

using trace::fact;

// What stands on a span: a value, or several that belong together.
struct noted {
    template <class T, trace::value_for<T> V>
    noted(const trace::evidence_name<T>& name, V&& value) : facts{{name, std::forward<V>(value)}} {}
    template <const auto& Words>
    noted(const trace::evidence_name<trace::code_word<Words>>& name, std::type_identity_t<trace::code_word<Words>> word)
        : facts{{name, word}} {}
    noted(fact one) : facts{std::move(one)} {}
    noted(std::initializer_list<fact> together) : facts(together), grouped(true) {}
    std::vector<fact> facts;
    bool grouped = false;
};

[[nodiscard]] inline noted together(std::initializer_list<fact> facts) { return facts; }
[[nodiscard]] inline noted verify_error(int code, int depth, const char* text) {
    return together({{ev::x509_error_code, code}, {ev::x509_error_depth, depth}, {ev::x509_error_text, text}});
}
[[nodiscard]] inline noted revocation(ev::revocation_way_word way, ev::revocation_state_word state) {
    return together({{ev::x509_revocation_way, way}, {ev::x509_revocation_state, state}});
}
[[nodiscard]] inline noted told(std::string_view type, ev::dns_state_word state) {
    return together({{ev::dns_type, type}, {ev::dns_answer_state, state}});
}
[[nodiscard]] inline noted target_told(const char* host, ev::dns_state_word state) {
    return together({{ev::dns_server, host}, {ev::dns_server_state, state}});
}
[[nodiscard]] inline noted srv(const std::string& server, int priority, int weight) {
    return together({{ev::dns_target, server}, {ev::dns_srv_priority, priority}, {ev::dns_srv_weight, weight}});
}
[[nodiscard]] inline noted not_connected(const char* address, ev::fault_word fault) {
    return together({{ev::peer, address}, {ev::connect_fault, fault}});
}
[[nodiscard]] inline noted not_connected(const char* address, ev::fault_word fault, const char* code) {
    return together({{ev::peer, address}, {ev::connect_fault, fault}, {ev::connect_errno, code}});
}
[[nodiscard]] inline noted resolver_said(const char* address, bool answered, ev::dns_state_word state) {
    return together({{ev::resolver, address}, {ev::resolver_answered, answered}, {ev::resolver_state, state}});
}
[[nodiscard]] inline noted script_said(const char* host, const char* answer) {
    return together({{ev::pac_host, host}, {ev::pac_answer, answer}});
}
[[nodiscard]] inline noted with_link(const char* adapter) {
    return together({{ev::adapter_name, adapter}, {ev::adapter_link, "up"}});
}
[[nodiscard]] inline noted has_address(const char* adapter, const char* ip) {
    return together({{ev::adapter_name, adapter}, {ev::adapter_ip, ip}});
}
[[nodiscard]] inline noted has_address(
    const char* adapter, const char* ip, trace::code_word<ev::address_marks> marked) {
    return together({{ev::adapter_name, adapter}, {ev::adapter_ip, ip}, {ev::adapter_ip_mark, marked}});
}
[[nodiscard]] inline noted unusable(const char* adapter, const char* why) {
    return together({{ev::adapter_name, adapter}, {ev::adapter_unusable, why}});
}
[[nodiscard]] inline noted no_way_to(const char* target, const char* why) {
    return together({{ev::route_target, target}, {ev::route_error, why}});
}
[[nodiscard]] inline noted hosts_line(int line, const char* address, const char* name) {
    return together({{ev::hosts_line, line}, {ev::hosts_address, address}, {ev::hosts_name, name}});
}
[[nodiscard]] inline noted looked_up(const char* type, const char* name, const char* data) {
    return together(
        {{ev::probe_dns_type, type},
         {ev::probe_dns_name, name},
         {ev::probe_dns_state, "records"},
         {ev::probe_dns_data, data}});
}
[[nodiscard]] inline noted setting(const char* group, const char* name, const char* value) {
    return together({{ev::setting_group, group}, {ev::setting_name, name}, {ev::setting_value, value}});
}
[[nodiscard]] inline noted system_said(const char* name, const char* address) {
    return together({{ev::nss_name, name}, {ev::nss_answer, address}});
}

class trace_builder {
public:
    // Stage, span id and the check of node and branch against the chart are done here; throws when they don't exist.
    trace_builder& add(
        std::string_view node, std::string_view branch, trace::outcome how, std::string subject = {},
        std::initializer_list<noted> facts = {});
    trace_builder& ok(
        std::string_view node, std::string_view branch, std::string subject = {},
        std::initializer_list<noted> facts = {}) {
        return add(node, branch, trace::outcome::ok, std::move(subject), facts);
    }
    trace_builder& failed(
        std::string_view node, std::string_view branch, std::string subject = {},
        std::initializer_list<noted> facts = {}) {
        return add(node, branch, trace::outcome::failed, std::move(subject), facts);
    }
    trace_builder& not_run(std::string_view node, trace::not_run_reason why, std::initializer_list<noted> facts = {});

    // Two resolvers' worth of network, a right clock, a trust store with roots.
    trace_builder& devices();
    // Every name of contoso.example ends in `state`, told by `zone`.
    trace_builder& names_all(ev::dns_state_word state, std::string_view zone);
    // SRV _sip._tls names sip.contoso.example:443; candidates as given, "host:port origin" each.
    trace_builder& discovered(std::initializer_list<const char*> candidates);
    // TCP, TLS, certificate and service of a candidate are fine.
    trace_builder& connected(const std::string& candidate);
    // First REGISTER up to the taken scheme.
    trace_builder& challenged(const std::string& candidate);
    trace_builder& with_certificate(const std::string& candidate);  // ticket, certificate, TLS-DSK handshake
    trace_builder& registered(const std::string& candidate);        // signed REGISTER to confirmed
    trace_builder& provisioned(const std::string& candidate);       // login, subscription, presentity
    trace_builder& clock(std::initializer_list<std::pair<const char*, int>> sources);
    trace_builder& clock_kept(std::initializer_list<std::pair<const char*, int>> sources);  // out of caches perhaps

    [[nodiscard]] const trace::record& record() const { return record_; }
    [[nodiscard]] verdict judge() const;
    [[nodiscard]] verdict judge(facts run) const;

private:
    trace::record record_;
    int next_ = 1;
};

inline const std::string edge = "sip.contoso.example:443";

[[nodiscard]] facts alice();
// Candidates found as SRV targets, with clocks that agree; then TCP and TLS of one, too.
[[nodiscard]] trace_builder up_to_candidates(
    std::initializer_list<const char*> candidates = {"sip.contoso.example:443 srv"});
[[nodiscard]] trace_builder up_to_certificate(const std::string& candidate = edge);
// Everything up to and including a connection that works, and a challenge that offers TLS-DSK and NTLM.
[[nodiscard]] trace_builder up_to_challenge();
[[nodiscard]] trace_builder signed_in();

[[nodiscard]] const finding* find(const verdict&, std::string_view id);
[[nodiscard]] bool rules_out(const verdict&, std::string_view id, std::string_view look_alike);
// The only root cause, or a list of them for the message when there isn't exactly one.
[[nodiscard]] std::string root_of(const verdict&);

}  // namespace ucsignin::diagnosis::test
