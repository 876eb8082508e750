// What did not stop the sign-in and will matter later, or to another client: each speaks only where all went well
// enough to see it, and never of what is a finding already.
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

// -- clocks --

constexpr std::int64_t noticeable_skew_s = 30;  // below it, latency and whole seconds of Date explain all

maybe drifting_clock(const case_view& view) {
    const auto drifts = [](const dated_source& c) {
        return !c.kept && std::llabs(c.skew_s) >= noticeable_skew_s && std::llabs(c.skew_s) <= harmful_skew_s;
    };
    const auto off = std::ranges::find_if(view.clocks, drifts);
    const bool harmful = std::ranges::any_of(
        view.clocks, [](const dated_source& c) { return std::llabs(c.skew_s) > harmful_skew_s; });
    const auto* seen = view.trace.latest("devices.clock");
    if (off == view.clocks.end() || harmful || !seen) return {};
    const bool ours = std::ranges::all_of(
        view.clocks, [&](const dated_source& c) { return drifts(c) && (c.skew_s > 0) == (off->skew_s > 0); });
    draft found(view, "w-clock-drift");
    found.seen(*seen)
        .about(ours ? "this PC" : off->host)
        .as(view.clocks.size() > 1 ? certainty::certain : certainty::likely);
    found.title(
        ours
            ? fmt::format("The clock of this PC is {} s {}", std::llabs(off->skew_s), off->skew_s > 0 ? "slow" : "fast")
            : fmt::format(
                  "The clock of {} is {} s {}", off->host, std::llabs(off->skew_s), off->skew_s > 0 ? "fast" : "slow"));
    std::vector<std::string> told;
    for (const auto& c : view.clocks) told.push_back(fmt::format("{} by {:+} s", c.host, c.skew_s));
    return found.known_by(fmt::format("Servers' dates compared with this PC: {}.", fmt::join(told, ", ")))
        .not_because("local-clock-skew", fmt::format("it is less than {} s", harmful_skew_s))
        .done();
}

// -- how the server was found --

std::string state_of(const span& s) {
    if (s.branch == "address" || s.branch == "records") return "there, and led to no server that was reached";
    return absent(s) ? "not there" : "without an answer";
}

// Names that a client asks for before it falls back to `origin`, which is the SRV record or an address record.
maybe found_by_fallback(const case_view& view) {
    const auto* confirmed = view.trace.latest("registration.confirmed");
    if (!confirmed || !view.signed_in) return {};
    const auto origin = view.origin_of(candidate_of(*confirmed));
    if (origin != "a_fallback" && origin != "srv") return {};
    draft found(view, "w-discovery-by-fallback");
    found.about(view.domain);
    bool failed = false;
    std::vector<std::string> before;
    constexpr chart::node_ref names[] = {"discovery.autodiscover_external", "discovery.srv_external"};
    for (const auto node : names) {
        const auto* s = view.trace.latest(node);
        if (!s || (origin != "a_fallback" && s->is_at("discovery.srv_external"))) continue;
        found.seen(*s);
        failed = failed || !absent(*s);
        before.push_back(fmt::format("{} is {}", name_of(*s), state_of(*s)));
    }
    if (before.empty()) return {};
    found.weigh(failed ? severity::warning : severity::info);
    found.title(
        fmt::format("The server was found by {} only", origin == "a_fallback" ? "a guessed name" : "the SRV record"));
    return found.known_by(fmt::format("Before it: {}.", fmt::join(before, "; "))).done();
}

// From inside, by name and by --vantage, and all the same through the Edge.
maybe inside_by_the_edge(const case_view& view) {
    const auto* s = view.trace.latest("registration.edge_pool");
    const auto* name = view.trace.latest("discovery.autodiscover_internal");
    if (!s || s->branch != "named" || !view.inside() || (name && absent(*name))) return {};  // a rule of its own
    draft found(view, "w-inside-via-edge");
    found.seen(*s).about(candidate_of(*s)).as(certainty::likely);
    if (const auto* vantage = view.trace.latest("discovery.vantage")) found.seen(*vantage);
    return found.known_by(fmt::format("{}.", s->summary)).done();
}

constexpr auto warnings_rule_table = std::to_array<case_rule>({drifting_clock, found_by_fallback, inside_by_the_edge});

// -- at one server --

// Certificates are renewed in their last third; those that live for years, in the last month.
maybe ends_soon(const case_view& view, const span& s) {
    constexpr std::int64_t soon_days = 30;
    const auto left = days_expired(s);
    const bool web = !s.is_at("connection.certificate");
    if (!left || *left > 0 || -*left >= soon_days || !went_well(s)) return {};
    const auto from = trace::parse_iso_time(s.text(ev::x509_not_before)),
               until = trace::parse_iso_time(s.text(ev::x509_not_after));
    if (!from || !until || -*left * 86400 * 3 > *until - *from) return {};
    const auto host = web ? host_of_url(s.text(ev::http_url)) : host_of(candidate_of(s));
    draft found(view, "w-cert-expiring");
    found.seen(s).about(web ? host + ":" + port_of_url(s.text(ev::http_url)) : candidate_of(s)).with("host", host);
    found.title(fmt::format(
        "The certificate of {} ends on {}, in {} day{}", host, day_of(s.text(ev::x509_not_after)), -*left,
        *left == -1 ? "" : "s"));
    return found.not_because("tls-expired", "it is still valid").done();
}

maybe sip_through_a_proxy(const case_view& view, const span& s) {
    if (!s.is_at("connection.tcp") || s.branch != "by_proxy" || !went_well(s)) return {};
    draft found(view, "w-proxy-for-sip");
    found.seen(s).about(candidate_of(s)).with("proxy", s.text(ev::proxy));
    return found.known_by(fmt::format("{}.", s.summary)).done();
}

// Read all the same, as the desktop client does; a stricter one will not.
maybe lax_http(const case_view& view, const span& s) {
    auto broken = s.texts(ev::http_lax);
    if (broken.empty()) return {};
    const auto url = s.text(ev::http_url).empty() ? s.subject : s.text(ev::http_url);
    std::ranges::sort(broken);
    broken.erase(std::unique(broken.begin(), broken.end()), broken.end());
    for (auto& word : broken) word = plain(word);
    draft found(view, "w-lax-http");
    found.seen(s).about(host_of_url(url)).with("host", host_of_url(url));
    return found.known_by(fmt::format("What was read leniently: {}.", fmt::join(broken, ", "))).done();
}

constexpr auto warnings_note_table = std::to_array<span_rule>({ends_soon, sip_through_a_proxy, lax_http});

}  // namespace

std::span<const case_rule> warning_rules() { return warnings_rule_table; }
std::span<const span_rule> warning_notes() { return warnings_note_table; }

}  // namespace ucsignin::diagnosis
