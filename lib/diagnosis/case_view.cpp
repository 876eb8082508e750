#include "diagnosis/case_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "diagnosis/names.hpp"
#include "diagnosis/stop.hpp"

namespace ucsignin::diagnosis {
namespace {

constexpr std::array<std::string_view, 19> gates{
    "connection.tcp", "connection.tls", "connection.certificate", "connection.service", "registration.first_register",
    "registration.challenge", "registration.scheme", "registration.web_ticket", "registration.user_certificate",
    "registration.kerberos", "registration.ntlm", "registration.dsk_handshake", "registration.signed_register",
    "registration.server_signature", "registration.redirect", "registration.confirmed", "provisioning.login",
    "provisioning.subscription", "provisioning.presentity"};

std::vector<std::string> candidates_in(const trace::record& record) {
    std::vector<std::string> all;
    const auto add = [&](const std::string& name) {
        if (!name.empty() && std::ranges::find(all, name) == all.end()) all.push_back(name);
    };
    if (const auto* listed = record.latest("discovery.candidates"))
        for (const auto& name : listed->texts(ev::candidate.name)) add(name);
    for (const auto& s : record.spans)
        if (s.stage >= 3) add(candidate_of(s));
    return all;
}

std::vector<dated_source> clocks_in(const trace::record& record) {
    std::vector<dated_source> all;
    const auto* clock = record.latest("devices.clock");
    if (!clock) return all;
    std::string host;
    for (const auto& e : clock->evidence) {
        if (e.name == ev::clock_source.name) {
            if (const auto* text = std::get_if<std::string>(&e.value)) host = *text;
        } else if (e.name == ev::clock_skew.name) {
            if (const auto* whole = std::get_if<std::int64_t>(&e.value)) all.push_back({host, *whole});
            else if (const auto* part = std::get_if<double>(&e.value)) all.push_back({host, static_cast<std::int64_t>(*part)});
        }
    }
    return all;
}

}  // namespace

bool ran(const trace::span& s) { return s.outcome != trace::outcome::not_run; }

bool went_well(const trace::span& s) {
    return s.outcome == trace::outcome::ok || s.outcome == trace::outcome::warning || s.outcome == trace::outcome::expected;
}

bool went_wrong(const trace::span& s) { return ran(s) && !went_well(s); }

bool is_gate(std::string_view node) { return std::ranges::find(gates, node) != gates.end(); }

std::string candidate_of(const trace::span& s) {
    if (s.find(ev::probe_kind.name)) return {};   // a look aside: at another address, or in another way
    const auto named = s.text(ev::candidate.name);
    const bool subject_names_it = s.stage >= 3 && s.node != "connection.candidate" && s.subject.find("://") == std::string::npos;
    return named.empty() && subject_names_it ? s.subject : named;
}

const trace::span* case_view::second_look(std::string_view probe, std::string_view of) const {
    for (auto s = trace.spans.rbegin(); s != trace.spans.rend(); ++s)
        if (s->node.ends_with(".cross_check") && s->text(ev::probe_kind.name) == probe && s->text(ev::probe_of.name) == of) return &*s;
    return nullptr;
}

std::string case_view::result_of(std::string_view probe, std::string_view of) const {
    const auto* look = second_look(probe, of);
    return look ? look->text(ev::probe_result.name) : std::string{};
}

std::optional<std::int64_t> code_of(const trace::span& s, const trace::evidence_name& name) {
    if (const auto number = s.number(name.name)) return number;
    const auto text = s.text(name.name);
    std::int64_t code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    return error == std::errc{} ? std::optional(code) : std::nullopt;
}

std::string peer_of(const trace::span& s) {
    const auto peers = s.texts(ev::peer.name);
    return peers.empty() ? std::string{} : host_of(peers.back());
}

std::vector<server_number> server_numbers(const trace::span& s) {
    std::vector<server_number> all;
    for (const auto& e : s.evidence) {
        if (e.name == ev::diagnostics_id.name) {
            const auto* id = std::get_if<std::int64_t>(&e.value);
            all.push_back({id ? *id : -1, {}, {}, {}});
            continue;
        }
        const auto* text = std::get_if<std::string>(&e.value);
        if (all.empty() || !text) continue;
        if (e.name == ev::diagnostics_header.name) all.back().header = *text;
        if (e.name == ev::diagnostics_reason.name) all.back().reason = *text;
        if (e.name == ev::diagnostics_source.name) all.back().source = *text;
    }
    return all;
}

const server_number* find_number(const std::vector<server_number>& numbers, std::initializer_list<std::int64_t> ids) {
    for (const auto& n : numbers)
        if (std::ranges::find(ids, n.id) != ids.end()) return &n;
    return nullptr;
}

std::vector<const trace::span*> name_spans(const trace::record& record) {
    std::vector<const trace::span*> all;
    for (const std::string_view node : {"discovery.autodiscover_internal", "discovery.autodiscover_external", "discovery.srv_internal",
                                        "discovery.srv_external", "discovery.host_internal", "discovery.host_sip", "discovery.host_external"})
        if (const auto* s = record.latest(node); s && ran(*s)) all.push_back(s);
    return all;
}

const trace::span* case_view::latest(const trace::span& like, std::string_view node) const {
    const auto wanted = candidate_of(like);
    for (auto s = trace.spans.rbegin(); s != trace.spans.rend(); ++s)
        if (s->node == node && candidate_of(*s) == wanted) return &*s;
    return nullptr;
}

bool case_view::outside() const {
    const auto* v = trace.latest("discovery.vantage");
    return v && v->branch.starts_with("outside");
}

bool case_view::inside() const {
    const auto* v = trace.latest("discovery.vantage");
    return v && v->branch.starts_with("inside");
}

std::string case_view::origin_of(std::string_view candidate) const {
    if (const auto* listed = trace.latest("discovery.candidates")) {
        const auto names = listed->texts(ev::candidate.name), origins = listed->texts(ev::candidate_origin.name);
        const auto at = std::ranges::find(names, candidate);
        const auto index = static_cast<std::size_t>(at - names.begin());
        if (at != names.end() && index < origins.size()) return origins[index];
    }
    for (const auto& s : trace.spans)
        if (candidate_of(s) == candidate)
            if (const auto origin = s.text(ev::candidate_origin.name); !origin.empty()) return origin;
    return {};
}

bool case_view::from_redirect(std::string_view candidate) const {
    if (origin_of(candidate) == "redirect") return true;
    const auto host = lower(host_of(candidate));
    for (const auto& s : trace.spans) {
        if (s.node != "registration.redirect" || s.branch != "there" || candidate_of(s) == candidate) continue;
        for (const auto& contact : s.texts(ev::sip_contact.name))
            if (lower(host_of_sip_uri(contact)) == host) return true;
        if (lower(host_of(s.text(ev::home_server.name))) == host) return true;
    }
    return false;
}

bool case_view::reached(std::string_view node, std::string_view candidate) const {
    return std::ranges::any_of(trace.spans, [&](const trace::span& s) {
        return s.node == node && candidate_of(s) == candidate && went_well(s);
    });
}

case_view look_at(const trace::record& record, const facts& run) {
    case_view view{record, run, {}, {}, {}, {}, {}, nullptr, {}, false};
    view.user = run.sip_uri.starts_with("sip:") ? run.sip_uri.substr(4) : run.sip_uri;
    view.domain = view.user.substr(view.user.find('@') == std::string::npos ? view.user.size() : view.user.find('@') + 1);
    if (const auto* s = record.latest("discovery.sip_domain"); s && view.domain.empty()) view.domain = s->text(ev::sip_domain.name);
    view.login = run.login.empty() ? view.user : run.login;
    view.candidates = candidates_in(record);
    view.clocks = clocks_in(record);
    view.signed_in = signed_in(view);
    if (!view.signed_in) find_stop(view);
    return view;
}

}  // namespace ucsignin::diagnosis
