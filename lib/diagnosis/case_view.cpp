// What is worked out of a trace once, before any rule runs: clocks, candidates, usual names for placeholders.
#include "diagnosis/case_view.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "diagnosis/names.hpp"
#include "diagnosis/stop.hpp"
#include "ucsignin/chart.hpp"

namespace ucsignin::diagnosis {
namespace {

std::vector<std::string> candidates_in(const indexed_trace& record) {
    std::vector<std::string> all;
    std::unordered_set<std::string> known;
    const auto add = [&](std::string name) {
        if (!name.empty() && known.insert(name).second) all.push_back(std::move(name));
    };
    if (const auto* listed = record.latest("discovery.candidates"))
        for (auto& name : listed->texts(ev::candidate)) add(std::move(name));
    for (const auto& s : record.spans)
        if (s.stage >= 3) add(candidate_of(s));
    return all;
}

// A report may say anything, and these are reckoned with: a few thousand years are enough.
constexpr std::int64_t longest_skew_s = std::int64_t{1} << 37, longest_days = 1 << 20;

std::optional<std::int64_t> whole_number(const trace::value& value) {
    constexpr double exact = 1LL << 53;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
    const auto* part = std::get_if<double>(&value);
    return part && *part > -exact && *part < exact ? std::optional(static_cast<std::int64_t>(*part)) : std::nullopt;
}

std::vector<dated_source> clocks_in(const indexed_trace& record) {
    std::vector<dated_source> all;
    const auto* clock = record.latest("devices.clock");
    if (!clock) return all;
    std::string host;
    for (const auto& e : clock->evidence) {
        if (e.name == ev::clock_source.name) {
            if (const auto* text = std::get_if<std::string>(&e.value)) host = *text;
        } else if (e.name == ev::clock_skew.name) {
            if (const auto skew = whole_number(e.value))
                all.push_back({host, std::clamp(*skew, -longest_skew_s, longest_skew_s)});
        } else if (e.name == ev::clock_kept.name && !all.empty()) {
            all.back().kept = true;
        }
    }
    return all;
}

}  // namespace

bool ran(const trace::span& s) { return s.outcome != trace::outcome::not_run; }

bool went_well(const trace::span& s) {
    return s.outcome == trace::outcome::ok || s.outcome == trace::outcome::warning ||
           s.outcome == trace::outcome::expected;
}

bool went_wrong(const trace::span& s) { return ran(s) && !went_well(s); }

bool is_gate(std::string_view node) {
    const auto* known = chart::find(node);
    return known && known->role.gate;
}

std::string url_of(const trace::span& s) {
    const auto url = s.text(ev::http_url);
    return url.empty() ? s.subject : url;
}

std::string candidate_of(const trace::span& s) { return std::string(candidate_named_by(s)); }

const trace::span* case_view::second_look(trace::look_ref probe, std::string_view of) const {
    return trace.second_look(probe, of);
}

std::string case_view::result_of(trace::look_ref probe, std::string_view of) const {
    const auto* look = second_look(probe, of);
    return look ? look->text(ev::probe_result) : std::string{};
}

std::optional<std::int64_t> code_of(const trace::span& s, const trace::evidence_entry& name) {
    const auto* found = s.find(name.name);
    if (!found) return std::nullopt;
    if (const auto* number = std::get_if<std::int64_t>(&found->value)) return *number;
    const auto* written = std::get_if<std::string>(&found->value);
    const auto text = written ? std::string_view(*written) : std::string_view{};
    std::int64_t code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    return error == std::errc{} ? std::optional(code) : std::nullopt;
}

std::optional<std::int64_t> days_expired(const trace::span& s) {
    const auto days = s.number(ev::x509_expired_days);
    return days ? std::optional(std::clamp(*days, -longest_days, longest_days)) : std::nullopt;
}

std::string failed_connect::in_words() const { return address + " " + plain(fault); }

std::vector<failed_connect> failed_connects(const trace::span& s) {
    std::vector<failed_connect> all;
    for (const auto& one : s.together(ev::connect_fault))
        all.push_back({one.text(ev::peer), one.word(ev::connect_fault).str()});
    return all;
}

std::vector<std::string> failed_addresses(const trace::span& s) {
    std::vector<std::string> all;
    for (const auto& one : failed_connects(s)) all.push_back(host_of(one.address));
    return all;
}

std::string who_connected(const trace::span& s) {
    std::string all;
    for (const auto& one : failed_connects(s)) all += one.in_words() + "; ";
    return all + peer_of(s) + " connected.";
}

std::string peer_of(const trace::span& s) {
    const auto peers = s.texts(ev::peer);
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

std::string parameters_of(const trace::span& s) {
    std::string all;
    for (const auto& one : s.together(ev::diagnostics_parameter))
        all += one.text(ev::diagnostics_parameter) + "=" + one.text(ev::diagnostics_value) + "; ";
    return all;
}

const server_number* find_number(const std::vector<server_number>& numbers, std::initializer_list<std::int64_t> ids) {
    for (const auto& n : numbers)
        if (std::ranges::find(ids, n.id) != ids.end()) return &n;
    return nullptr;
}

std::vector<const trace::span*> name_spans(const indexed_trace& record) {
    std::vector<const trace::span*> all;
    constexpr chart::node_ref names[] = {"discovery.autodiscover_internal", "discovery.autodiscover_external",
                                         "discovery.srv_internal",          "discovery.srv_external",
                                         "discovery.host_internal",         "discovery.host_sip",
                                         "discovery.host_external"};
    for (const auto node : names)
        if (const auto* s = record.latest(node); s && ran(*s)) all.push_back(s);
    return all;
}

const trace::span* case_view::latest(const trace::span& like, chart::sought_node node) const {
    return trace.latest_of(candidate_named_by(like), node);
}

bool case_view::outside() const {
    const auto* v = trace.latest("discovery.vantage");
    return v && v->branch.starts_with("outside");
}

bool case_view::inside() const {
    const auto* v = trace.latest("discovery.vantage");
    return v && v->branch.starts_with("inside");
}

namespace {

using origins = std::unordered_map<std::string, trace::told_word<ev::origins>>;

origins origins_listed(const case_view& view) {
    origins all;
    const auto* listed = view.trace.latest("discovery.candidates");
    if (!listed) return all;
    for (const auto& one : listed->together(ev::candidate))
        if (one.has(ev::candidate_origin)) all.try_emplace(one.text(ev::candidate), one.word(ev::candidate_origin));
    return all;
}

// Hosts that registrars sent the sign-in on to, and which candidates did.
using candidates_by_host = std::unordered_map<std::string, two_of_many>;

candidates_by_host redirected_to(const case_view& view) {
    candidates_by_host all;
    for (const auto* s : view.trace.at("registration.redirect")) {
        if (s->branch != "there") continue;
        const auto by = candidate_named_by(*s);
        for (const auto& contact : s->texts(ev::sip_contact)) all[lower(host_of_sip_uri(contact))].add(by, *s);
        all[lower(host_of(text_of(*s, ev::home_server)))].add(by, *s);
    }
    return all;
}

// Candidates at which TLS came up, by host, in the client's order.
candidates_by_host speak_tls(const case_view& view) {
    candidates_by_host all;
    for (const auto& c : view.candidates)
        if (view.reached("connection.tls", c)) all[host_of(c)].add(c, *view.trace.latest_of(c, "connection.tls"));
    return all;
}

}  // namespace

std::string case_view::other_port_with_tls(std::string_view candidate) const {
    const auto& all = once(speak_tls);
    const auto at = all.find(host_of(candidate));
    const auto* other = at == all.end() ? nullptr : at->second.other_than(candidate);
    return other ? candidate_of(*other) : std::string{};
}

trace::told_word<ev::origins> case_view::origin_of(std::string_view candidate) const {
    const auto& listed = once(origins_listed);
    if (const auto at = listed.find(std::string(candidate)); at != listed.end()) return at->second;
    for (const auto* s : trace.of(candidate))
        if (auto origin = s->word(ev::candidate_origin); !origin.empty()) return origin;
    return trace::told_word<ev::origins>({});
}

bool case_view::from_redirect(std::string_view candidate) const {
    if (origin_of(candidate) == "redirect") return true;
    const auto& redirected = once(redirected_to);
    const auto at = redirected.find(lower(host_of(candidate)));
    return at != redirected.end() && at->second.other_than(candidate);
}

bool case_view::reached(chart::sought_node node, std::string_view candidate) const {
    return trace.reached(node, candidate);
}

namespace {

std::string last_text(const case_view& view, const trace::evidence_name<std::string>& name) {
    for (auto s = view.trace.spans.rbegin(); s != view.trace.spans.rend(); ++s)
        if (const auto text = text_of(*s, name); !text.empty()) return std::string(text);
    return {};
}

std::string or_else(std::string value, std::string instead) {
    return value.empty() ? std::move(instead) : std::move(value);
}

std::map<std::string, std::string> usual_names(const case_view& view) {
    std::map<std::string, std::string> names;
    const auto candidate = view.stop ? candidate_of(*view.stop) : std::string{};
    names["user"] = view.user;
    names["login"] = view.login;
    names["domain"] = view.domain;
    names["host"] = candidate.empty() ? "sip." + view.domain : host_of(candidate);
    names["port"] = or_else(port_of(candidate), view.outside() ? "443" : "5061");
    names["address"] = or_else(host_of(last_text(view, ev::peer)), names["host"]);
    names["pool"] = or_else(last_text(view, ev::home_server), or_else(last_text(view, ev::auth_target), names["host"]));
    names["server"] = or_else(last_text(view, ev::auth_target), names["host"]);
    names["sts"] = or_else(host_of_url(last_text(view, ev::auth_sts)), "lyncdiscover." + view.domain);
    names["resolver"] = or_else(
        last_text(view, ev::dns_resolver), or_else(last_text(view, ev::resolver), "the DNS server"));
    names["proxy"] = or_else(last_text(view, ev::proxy), "the proxy");
    return names;
}

}  // namespace

case_view look_at(const trace::record& record, const facts& run) {
    case_view view{indexed_trace(record), run, {}, {}, {}, {}, {}, nullptr, {}, false, {}, {}};
    view.user = run.sip_uri.starts_with("sip:") ? run.sip_uri.substr(4) : run.sip_uri;
    view.domain = view.user.substr(
        view.user.find('@') == std::string::npos ? view.user.size() : view.user.find('@') + 1);
    if (const auto* s = view.trace.latest("discovery.sip_domain"); s && view.domain.empty())
        view.domain = s->text(ev::sip_domain);
    view.login = run.login.empty() ? view.user : run.login;
    view.candidates = candidates_in(view.trace);
    view.clocks = clocks_in(view.trace);
    view.signed_in = signed_in(view);
    if (!view.signed_in) find_stop(view);
    view.usual_names = usual_names(view);
    return view;
}

}  // namespace ucsignin::diagnosis
