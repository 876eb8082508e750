#include "trace_builder.hpp"

#include <algorithm>
#include <stdexcept>

#include "ucsignin/chart.hpp"

namespace ucsignin::diagnosis::test {

trace_builder& trace_builder::add(
    std::string_view node, std::string_view branch, trace::outcome how, std::string subject,
    std::initializer_list<noted> facts) {
    const auto* at = chart::find(node);
    if (!at) throw std::logic_error("no such node: " + std::string(node));
    if (!branch.empty() && !at->find(branch))
        throw std::logic_error(std::string(node) + " has no branch " + std::string(branch));
    trace::span s;
    s.span_id = std::to_string(next_++);
    s.node = node;
    s.stage = at->stage;
    s.subject = std::move(subject);
    s.branch = branch;
    s.outcome = how;
    int groups = 0;
    for (const auto& n : facts) {
        groups += n.grouped ? 1 : 0;
        for (const auto& f : n.facts)
            s.evidence.push_back(
                {std::string(f.name->name), f.value, f.name->kind, f.name->from, n.grouped ? groups : 0});
    }
    record_.spans.push_back(std::move(s));
    return *this;
}

trace_builder& trace_builder::not_run(
    std::string_view node, trace::not_run_reason why, std::initializer_list<noted> facts) {
    add(node, "", trace::outcome::not_run, {}, facts);
    record_.spans.back().reason = why;
    return *this;
}

trace_builder& trace_builder::devices() {
    record_.started_at = "2026-11-24T10:00:00Z";
    ok("devices.adapters", "usable", "", {{ev::adapter_name, "eth0"}});
    ok("devices.route", "chosen", "ipv4", {{ev::adapter_name, "eth0"}, {ev::source_address, "192.0.2.10"}});
    ok("devices.resolvers", "all", "", {resolver_said("192.0.2.53", true, "records")});
    ok("devices.trust_store", "loaded", "", {{ev::trust_roots, 140}});
    return ok("discovery.sip_domain", "as_in_address", "", {{ev::sip_domain, "contoso.example"}});
}

trace_builder& trace_builder::names_all(ev::dns_state_word state, std::string_view zone) {
    const bool answered = state == "NXDOMAIN" || state == "NODATA";
    for (const auto& [node, name, type] :
         {std::tuple{"discovery.autodiscover_internal", "lyncdiscoverinternal.contoso.example", "A"},
          std::tuple{"discovery.autodiscover_external", "lyncdiscover.contoso.example", "A"},
          std::tuple{"discovery.srv_internal", "_sipinternaltls._tcp.contoso.example", "SRV"},
          std::tuple{"discovery.srv_external", "_sip._tls.contoso.example", "SRV"},
          std::tuple{"discovery.host_internal", "sipinternal.contoso.example", "A"},
          std::tuple{"discovery.host_sip", "sip.contoso.example", "A"},
          std::tuple{"discovery.host_external", "sipexternal.contoso.example", "A"}}) {
        add(node, answered ? "not_there" : "error", answered ? trace::outcome::expected : trace::outcome::failed, name,
            {{ev::dns_name, name}, told(type, state)});
        if (!zone.empty())
            record_.spans.back().evidence.push_back(
                {"dns.zone", std::string(zone), trace::value_kind::host, trace::provenance::server});
    }
    return failed("discovery.candidates", "empty");
}

trace_builder& trace_builder::discovered(std::initializer_list<const char*> candidates) {
    ok("discovery.autodiscover_internal", "expected_not_there", "lyncdiscoverinternal.contoso.example",
       {{ev::dns_name, "lyncdiscoverinternal.contoso.example"},
        told("A", "NXDOMAIN"),
        {ev::dns_zone, "contoso.example"}});
    ok("discovery.srv_external", "records", "_sip._tls.contoso.example",
       {{ev::dns_name, "_sip._tls.contoso.example"},
        told("SRV", "records"),
        {ev::dns_target, "sip.contoso.example:443"},
        target_told("sip.contoso.example", "records")});
    ok("discovery.vantage", "outside_agrees");
    ok("discovery.candidates", "list");
    int group = 0;
    for (const std::string line : candidates) {
        ++group;
        const auto space = line.find(' ');
        record_.spans.back().evidence.push_back(
            {"ucsignin.candidate", line.substr(0, space), trace::value_kind::host, trace::provenance::ours, group});
        record_.spans.back().evidence.push_back(
            {"ucsignin.candidate.origin", space == std::string::npos ? "srv" : line.substr(space + 1),
             trace::value_kind::code, trace::provenance::ours, group});
    }
    return *this;
}

trace_builder& trace_builder::connected(const std::string& candidate) {
    ok("connection.tcp", "connected", candidate, {{ev::candidate, candidate}, {ev::peer, "198.51.100.7"}});
    ok("connection.tls", "agreed", candidate, {{ev::candidate, candidate}, {ev::tls_version, "TLSv1.2"}});
    ok("connection.certificate", "trusted", candidate,
       {{ev::candidate, candidate},
        {ev::x509_name, "sip.contoso.example"},
        {ev::x509_name_matches, true},
        {ev::x509_covers_domain, true}});
    return ok("connection.service", "yes", candidate, {{ev::candidate, candidate}, {ev::sip_server, "RTC/7.0"}});
}

trace_builder& trace_builder::challenged(const std::string& candidate) {
    ok("registration.first_register", "challenge", "", {{ev::candidate, candidate}, {ev::sip_status, 401}});
    ok("registration.challenge", "tls_dsk", "",
       {{ev::candidate, candidate},
        {ev::auth_scheme_offered, "TLS-DSK"},
        {ev::auth_scheme_offered, "NTLM"},
        {ev::auth_target, "fe01.contoso.example"},
        {ev::auth_sts, "https://web.contoso.example/CertProv/CertProvisioningService.svc"}});
    return ok("registration.scheme", "tls_dsk", "", {{ev::candidate, candidate}, {ev::auth_scheme, "TLS-DSK"}});
}

trace_builder& trace_builder::with_certificate(const std::string& candidate) {
    ok("registration.cached_certificate", "none", "", {{ev::candidate, candidate}});
    ok("registration.web_ticket", "ticket", "https://web.contoso.example/WebTicket/WebTicketService.svc",
       {{ev::candidate, candidate}, {ev::http_status, 200}});
    ok("registration.user_certificate", "issued", "", {{ev::candidate, candidate}});
    return ok("registration.dsk_handshake", "complete", "", {{ev::candidate, candidate}});
}

trace_builder& trace_builder::registered(const std::string& candidate) {
    ok("registration.signed_register", "accepted", "", {{ev::candidate, candidate}, {ev::sip_status, 200}});
    ok("registration.server_signature", "valid", "", {{ev::candidate, candidate}, {ev::signature, "valid"}});
    return ok("registration.confirmed", "yes", "", {{ev::candidate, candidate}, {ev::registration_expires, 600}});
}

trace_builder& trace_builder::provisioned(const std::string& candidate) {
    ok("provisioning.login", "yes", "", {{ev::candidate, candidate}});
    ok("provisioning.subscription", "active", "", {{ev::candidate, candidate}});
    return ok("provisioning.presentity", "yes", "", {{ev::candidate, candidate}});
}

trace_builder& trace_builder::clock(std::initializer_list<std::pair<const char*, int>> sources) {
    add("devices.clock", "right", trace::outcome::ok, "", {{ev::clock_utc, "2026-11-24T10:00:00Z"}});
    for (const auto& [host, skew] : sources) {
        record_.spans.back().evidence.push_back(
            {"host.clock.source", std::string(host), trace::value_kind::host, trace::provenance::ours});
        record_.spans.back().evidence.push_back(
            {"host.clock.skew", std::int64_t{skew}, trace::value_kind::number, trace::provenance::ours});
    }
    return *this;
}

trace_builder& trace_builder::clock_kept(std::initializer_list<std::pair<const char*, int>> sources) {
    clock({});
    for (const auto& one : sources) {
        auto& evidence = record_.spans.back().evidence;
        evidence.push_back(
            {"host.clock.source", std::string(one.first), trace::value_kind::host, trace::provenance::ours});
        evidence.push_back(
            {"host.clock.skew", std::int64_t{one.second}, trace::value_kind::number, trace::provenance::ours});
        evidence.push_back({"host.clock.source_kept", true, trace::value_kind::code, trace::provenance::ours});
    }
    return *this;
}

verdict trace_builder::judge() const { return diagnosis::judge(record_, alice()); }
verdict trace_builder::judge(facts run) const { return diagnosis::judge(record_, run); }

facts alice() { return facts{.sip_uri = "sip:alice@contoso.example"}; }

trace_builder up_to_candidates(std::initializer_list<const char*> candidates) {
    trace_builder t;
    t.devices().discovered(candidates).clock({{"lyncdiscover.contoso.example", 0}});
    return t;
}

trace_builder up_to_certificate(const std::string& candidate) {
    auto t = up_to_candidates({(candidate + " srv").c_str()});
    t.ok("connection.tcp", "connected", candidate, {{ev::candidate, candidate}});
    t.ok("connection.tls", "agreed", candidate, {{ev::candidate, candidate}});
    return t;
}

trace_builder up_to_challenge() {
    trace_builder t;
    t.devices()
        .discovered({"sip.contoso.example:443 srv"})
        .clock({{"sip.contoso.example", 1}})
        .connected(edge)
        .challenged(edge);
    return t;
}

trace_builder signed_in() {
    auto t = up_to_challenge();
    t.with_certificate(edge).registered(edge).provisioned(edge);
    return t;
}

const finding* find(const verdict& v, std::string_view id) {
    const auto at = std::ranges::find(v.findings, id, &finding::id);
    return at == v.findings.end() ? nullptr : &*at;
}

bool rules_out(const verdict& v, std::string_view id, std::string_view look_alike) {
    const auto* f = find(v, id);
    return f && std::ranges::find(f->ruled_out, look_alike, &ruled_out::id) != f->ruled_out.end();
}

namespace {

// In the spirit of a reader: braces left over from a catalogue text would show in the report.
bool has_placeholder(const std::string& text) {
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
        const auto close = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", open + 1);
        if (close != std::string::npos && close > open + 1 && text[close] == '}') return true;
    }
    return false;
}

}  // namespace

std::string root_of(const verdict& v) {
    for (const auto& f : v.findings) {
        std::string all = f.title + f.explanation + f.subject;
        for (const auto& r : f.remedies) all += r.who + r.text + r.check;
        for (const auto& r : f.ruled_out) {
            all += r.by;
            if (!find_entry(r.id)) return "ruled out what is not in the catalogue: " + r.id;
        }
        if (has_placeholder(all)) return "placeholder left in " + f.id + ": " + all;
        if (f.remedies.empty() || f.title.empty() || f.evidence.empty() || f.subject.empty())
            return "incomplete: " + f.id;
    }
    if (v.root_causes.size() == 1) return v.root_causes.front().id;
    std::string list = "(";
    for (const auto& r : v.root_causes) list += r.id + " ";
    return list + ")";
}

}  // namespace ucsignin::diagnosis::test
