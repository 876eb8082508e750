// Stage 3: the way to the servers as a whole: addresses beside the one taken, distance, losses, and networks that
// answer in the place of others.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/addresses.hpp"
#include "trace/message_body.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

constexpr std::int64_t long_way_ms = 300;
constexpr std::int64_t some_losses = 3;        // segments sent again: one is chance, a bad link repeats
constexpr std::int64_t most_losses = 1 << 30;  // of one connection: a report may say anything

bool is_address_look(const span& s) { return s.text(ev::probe_kind) == "address"_look; }

draft about_server(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    const auto server = candidate_of(s).empty() ? s.text(ev::probe_of) : candidate_of(s);
    found.seen(s).about(server).with("host", host_of(server)).with("port", port_of(server));
    return found;
}

// -- one address of several --

std::string_view in_words(const span& s) {
    if (s.is_at("connection.certificate")) return "presents a different certificate from the others, and a bad one";
    if (s.is_at("connection.tls")) return "connects, but TLS fails";
    return s.branch == "refused"       ? "refuses connections"
           : s.branch == "unreachable" ? "cannot be reached"
                                       : "does not answer";
}

bool is_bad(const span& s) {
    if (s.is_at("connection.tcp")) return s.branch != "connected";
    if (s.is_at("connection.tls")) return s.branch != "agreed";
    return s.is_at("connection.certificate") && s.branch != "trusted" && s.branch != "reservations";
}

bool is_routed_ipv6(const std::string& of_adapter) {
    const auto address = lower(of_adapter.substr(0, of_adapter.find('%')));
    return is_ipv6(address) && !address.starts_with("fe80") && address != "::1";
}

bool ipv6_works(const case_view& view) {
    return std::ranges::any_of(view.trace.at("connection.tcp"), [](const span* s) {
        return went_well(*s) && s->branch != "unreachable" && !is_address_look(*s) && is_ipv6(peer_of(*s));
    });
}

maybe dead_address(const case_view& view, const span& s) {
    const auto server = s.text(ev::probe_of);
    if (!is_address_look(s) || !is_bad(s) || !view.reached(chart::by_name(s.node), server)) return {};
    const auto address = host_of(peer_of(s).empty() ? s.subject : peer_of(s));
    const auto* taken = view.trace.latest("connection.tcp", server);
    if (no_server_has(address)) return explain_filtered_name(view, s);
    // This PC has no way to any IPv6 address: nothing is wrong with the server.
    const bool only_ipv6 = is_ipv6(address) && s.is_at("connection.tcp") && taken && !is_ipv6(peer_of(*taken));
    if (only_ipv6) {
        // Packets that left this PC before it was told so were on a way that is advertised and leads nowhere.
        const bool none_left = s.branch == "unreachable" && s.number(ev::tcp_retransmits).value_or(0) == 0;
        if (none_left || view.once(ipv6_works)) return {};
        const auto* adapters = view.trace.latest("devices.adapters");
        const auto own = adapters ? adapters->texts(ev::adapter_ip) : std::vector<std::string>{};
        if (!own.empty() && std::ranges::none_of(own, is_routed_ipv6)) return {};
        return about_server(view, s, "local-ipv6-broken")
            .weigh(severity::warning)
            .known_by(fmt::format("{} {}; IPv4 connected.", address, in_words(s)))
            .done();
    }
    finding_ref id = "dns-one-pool-member-dead";
    if (s.is_at("connection.certificate") && s.branch == "expired") id = "tls-expired";
    else if (s.is_at("connection.certificate") && s.branch == "intermediate_expired") id = "tls-intermediate-expired";
    auto found = about_server(view, s, id);
    found.about(address).weigh(severity::warning).with("address", address);
    found.title(fmt::format("One of the addresses of {} {}: {}", host_of(server), in_words(s), address));
    if (taken)
        found.known_by(fmt::format(
            "{}; {} works.", s.summary.empty() ? fmt::format("{} ended in '{}'", address, s.branch) : s.summary,
            peer_of(*taken)));
    return found.done();
}

std::set<std::string> servers_told_apart(const case_view& view) {
    std::set<std::string> all;
    for (const auto& s : view.trace.spans)
        if (is_address_look(s)) all.insert(s.text(ev::probe_of));
    return all;
}

// In reports of before each address was looked at on its own, and while the others are still being tried.
maybe dead_address_in_list(const case_view& view, const span& s) {
    if (!s.is_at("connection.tcp") || is_address_look(s) || !went_well(s) || s.has(ev::proxy)) return {};
    const auto addresses = failed_addresses(s);
    if (addresses.empty() || view.once(servers_told_apart).contains(candidate_of(s))) return {};
    if (std::ranges::any_of(addresses, no_server_has)) return explain_filtered_name(view, s);
    if (std::ranges::all_of(addresses, is_ipv6) && !is_ipv6(peer_of(s))) return explain_broken_ipv6(view, s);
    auto found = about_server(view, s, "dns-one-pool-member-dead");
    found.with("address", addresses.front());
    found.about(addresses.front())
        .title(fmt::format(
            "{} of the addresses of {} does not answer: {}", addresses.size() == 1 ? "One" : "Some",
            host_of(candidate_of(s)), fmt::join(addresses, ", ")));
    return found.weigh(severity::warning).known_by(who_connected(s)).done();
}

// -- distance and losses --

maybe long_way(const case_view& view, const span& s) {
    if (!s.is_at("connection.tcp") || is_address_look(s) || !went_well(s) || s.has(ev::proxy)) return {};
    const auto rtt = s.number(ev::tcp_rtt), connect = s.number(ev::tcp_ms);
    // The SYN's own round trip as well: what the kernel smooths may hold one slow answer of a busy peer.
    if (!rtt || !connect || *rtt <= long_way_ms || *connect <= long_way_ms ||
        s.number(ev::tcp_retransmits).value_or(0) > 0)
        return {};
    auto found = about_server(view, s, "net-high-latency");
    found.title(fmt::format("A round trip to {} takes {} ms", host_of(candidate_of(s)), *rtt));
    return found.known_by("Nothing was lost on the way.")
        .not_because("net-loss", "no segment had to be sent again")
        .not_because("local-wpad-slow", "the connection itself takes that long")
        .done();
}

std::int64_t sent_again(const span& s) { return s.number(ev::tcp_retransmits).value_or(0); }

struct losses_of_all {
    const span* last = nullptr;  // handshake that came up
    std::int64_t segments = 0;
};

losses_of_all add_up_losses(const case_view& view) {
    losses_of_all all;
    for (const auto* handshake : view.trace.all("connection.tls")) {
        if (is_address_look(*handshake) || !went_well(*handshake)) continue;
        all.last = handshake;
        // Of one connection the last count holds all.
        const auto* kept = view.trace.latest("registration.kept", handshake->subject);
        all.segments += std::clamp(
            std::max(sent_again(*handshake), kept ? sent_again(*kept) : 0), std::int64_t{0}, most_losses);
    }
    return all;
}

// Said once, at the last handshake that came up: losses are of the way, not of one server.
maybe losses(const case_view& view, const span& s) {
    if (!s.is_at("connection.tls") || is_address_look(s) || !went_well(s)) return {};
    const auto& all = view.once(add_up_losses);
    if (all.segments < some_losses || &s != all.last) return {};
    auto found = about_server(view, s, "net-loss");
    found.known_by(fmt::format("{} segments had to be sent again during the sign-in.", all.segments));
    return found.as(certainty::likely).not_because("net-mtu-blackhole", "in the end everything arrived").done();
}

constexpr auto path_note_table = std::to_array<span_rule>({dead_address, dead_address_in_list, long_way, losses});

// -- captive portal --

// Where plain HTTP of the sign-in was led to, outside the domain and not to Autodiscover; "" when it was not.
std::string led_away_to(const case_view& view, const span& s) {
    if (!s.node.starts_with("discovery.autodiscover")) return {};
    auto places = s.texts(ev::http_hop);
    for (auto& location : s.texts(ev::http_location)) places.push_back(std::move(location));
    const auto url = s.text(ev::http_url);
    if (!places.empty()) places.push_back(url);  // it was led here
    const bool plain = url.starts_with("http://") ||
                       std::ranges::any_of(places, [](const std::string& p) { return p.starts_with("http://"); });
    if (!plain) return {};
    for (const auto& place : places) {
        const auto host = host_of_url(place);
        if (!host.empty() && !is_under(host, view.domain) && !holds(place, "autodiscover")) return host;
    }
    return {};
}

bool secure_web_works(const case_view& view) {
    return std::ranges::any_of(view.trace.spans, [&](const span& s) {
        const auto url = s.text(ev::http_url);
        return url.starts_with("https://") && is_under(host_of_url(url), view.domain) && s.has(ev::http_status);
    });
}

// What a portal shows in place of what was asked for: told by the second round, else by plain HTTP of the sign-in
// itself.
struct portal {
    const span* seen = nullptr;
    std::string host;  // "" when it answers under the names of others
    bool certain = false, by_certificate = false;
};

// A page where Autodiscover was asked for, over plain HTTP.
bool shows_a_page(const span& s) {
    if (!s.node.starts_with("discovery.autodiscover") || s.number(ev::http_status) != 200) return false;
    return s.text(ev::http_url).starts_with("http://") && trace::is_page(s.text(ev::http_type));
}

// A page by itself may be a web server's own: it speaks for a portal only where TLS comes up nowhere, under names that
// exist.
bool page_may_be_a_portals(const case_view& view) {
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    if (wildcard && wildcard->branch == "yes") return false;
    return std::ranges::none_of(
        view.trace.spans, [](const span& s) { return s.has(ev::x509_subject) || s.has(ev::tls_version); });
}

portal portal_in_plain_http(const case_view& view) {
    portal found;
    const bool page_counts = page_may_be_a_portals(view);
    for (const auto& s : view.trace.spans) {
        if (const auto to = led_away_to(view, s); !to.empty()) return {&s, to};
        if (page_counts && shows_a_page(s)) found.seen = &s;
    }
    return found;
}

// Servers of two addresses that show one certificate, issued for neither: something on the way answers for both.
using shown_by_all = std::map<std::pair<std::string, std::string>, std::map<std::string, const span*>>;

shown_by_all certificates_by_server(const case_view& view) {
    shown_by_all all;  // by subject and issuer, then by address
    for (const auto& s : view.trace.spans) {
        const auto names = s.texts(ev::x509_name);
        const bool foreign = std::ranges::none_of(
            names, [&](const std::string& n) { return is_under(lower(n), view.domain); });
        if (!ran(s) || names.empty() || !foreign) continue;
        const auto web = host_of_url(s.text(ev::http_url));
        const auto address = s.is_at("connection.certificate") && !view.origin_of(candidate_of(s)).empty()
                                 ? addresses_of_name(view, lower(host_of(candidate_of(s))))
                             : s.has(ev::http_fault) ? addresses_of_name(view, lower(web))
                                                     : std::vector<std::string>{};
        if (!address.empty()) all[{s.text(ev::x509_subject), s.text(ev::x509_issuer)}].try_emplace(address.front(), &s);
    }
    return all;
}

portal portal_in_certificates(const case_view& view, const span& s) {
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    const auto names = s.texts(ev::x509_name);
    if (names.empty() || (wildcard && wildcard->branch == "yes")) return {};
    const auto& all = view.once(certificates_by_server);
    const auto same = all.find({s.text(ev::x509_subject), s.text(ev::x509_issuer)});
    if (same == all.end() || same->second.size() < 2) return {};
    const auto other = std::ranges::find_if(same->second, [&](const auto& shown) { return shown.second != &s; });
    return {other->second, lower(names.front()), false, true};
}

portal portal_of(const case_view& view, const span& s) {
    const auto& found = view.once(portal_in_plain_http);
    if (!found.host.empty()) return found;
    const auto* look = view.second_look("plain_http", candidate_of(s));
    if (look && look->branch == "differs") return {look, host_of_url(look->text(ev::http_location)), true};
    return found.seen ? found : portal_in_certificates(view, s);
}

}  // namespace

bool one_certificate_for_all(const case_view& view) {
    const auto* wildcard = view.trace.latest("discovery.wildcard");
    if (wildcard && wildcard->branch == "yes") return false;
    return std::ranges::any_of(
        view.once(certificates_by_server), [](const auto& shown) { return shown.second.size() > 1; });
}

maybe explain_captive_portal(const case_view& view, const span& s) {
    if (view.once(secure_web_works)) return {};
    const auto portal = portal_of(view, s);
    if (!portal.seen) return {};
    const auto names = s.texts(ev::x509_name);
    const bool its_certificate = !portal.host.empty() && std::ranges::any_of(names, [&](const std::string& n) {
        return lower(n) == lower(portal.host) || (n.starts_with("*.") && is_under(portal.host, n.substr(2)));
    });
    auto found = about_server(view, s, "net-captive-portal");
    found.seen(*portal.seen)
        .as((its_certificate && !portal.by_certificate) || portal.certain ? certainty::certain : certainty::likely);
    found.title(fmt::format(
        "This network requires a log-on in the browser first{}",
        portal.host.empty() ? std::string{} : fmt::format(" (at {})", portal.host)));
    if (portal.by_certificate)
        found.known_by(fmt::format(
            "Servers at different addresses all show the certificate of {}, which is issued for none of them.",
            portal.host));
    else if (portal.host.empty())
        found.known_by(fmt::format(
            "Plain web requests ({}) are answered with somebody else's page, and nothing gets through over TLS.",
            portal.seen->text(ev::http_url)));
    else
        found.known_by(
            fmt::format("Plain web requests are redirected to {}, and nothing gets through over TLS.", portal.host));
    if (its_certificate && !portal.by_certificate)
        found.known_by(fmt::format("{} shows the certificate of {}.", candidate_of(s), portal.host));
    return found.not_because("dns-captive-hijack", "the names resolve as they should").done();
}

maybe explain_filtered_name(const case_view& view, const span& s) {
    const auto url = s.text(ev::http_url);
    const auto server = candidate_of(s).empty() ? s.text(ev::probe_of) : candidate_of(s);
    const bool of_web = s.has(ev::http_fault) || server.empty();
    const auto host = lower(of_web ? host_of_url(url.empty() ? s.subject : url) : host_of(server));
    const auto& addresses = addresses_of_name(view, host);
    const auto false_one = std::ranges::find_if(addresses, no_server_has);
    // Where a sound address stands beside it, it is that one which failed.
    if (false_one == addresses.end() ||
        (went_wrong(s) && !std::ranges::all_of(addresses, no_server_has) && !no_server_has(host_of(s.text(ev::peer)))))
        return {};
    draft found(view, "dns-name-filtered");
    found.seen(s).about(host).with("host", host).as(certainty::likely);
    if (went_well(s)) found.weigh(severity::warning);
    found.title(fmt::format("DNS answers {} with {}, where no server can be", host, *false_one));
    for (const auto* look : looks(view, "authoritative")) {
        if (lower(host_of(look->text(ev::probe_of))) != host || look_result(*look) != "records") continue;
        found.seen(*look);
        if (look->branch == "differs")
            return found.known_by("The zone's own name server names another address.").as(certainty::certain).done();
        found.known_by("The zone's own name server says the same: it is the record that is wrong.");
    }
    return found.not_because("net-tcp-refused", "the address is no server's").done();
}

std::span<const span_rule> path_notes() { return path_note_table; }

}  // namespace ucsignin::diagnosis
