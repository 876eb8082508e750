// Stage 3: why a connection did not come up.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

std::vector<std::string> addresses_of(const span& s) {
    auto all = failed_addresses(s);
    if (const auto peer = peer_of(s); all.empty() && !peer.empty()) all.push_back(peer);
    return all;
}

std::string where(const span& s) {
    const auto addresses = addresses_of(s);
    return addresses.empty() ? candidate_of(s) : fmt::format("{} ({})", candidate_of(s), fmt::join(addresses, ", "));
}

draft about_connection(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    found.seen(s).about(candidate_of(s));
    const auto addresses = addresses_of(s);
    if (!addresses.empty()) found.with("address", addresses.front());
    return found;
}

std::string words_for(std::string_view branch) {
    if (branch == "refused") return "was refused at once";
    if (branch == "filtered") return "got no answer at all";
    if (branch == "unreachable") return "was answered with 'unreachable'";
    if (branch == "no_address") return "has no address to connect to";
    return "was cut off at once";
}

maybe redirected_there(const case_view& view, const span& s) {
    if (!view.from_redirect(candidate_of(s))) return {};
    auto found = about_connection(view, s, "reg-301-target-unreachable");
    found.title(
        fmt::format("The registrar sends {} to {}, which cannot be reached from here", view.user, candidate_of(s)));
    found.known_by(fmt::format("The first server redirected; the connection to {} {}.", where(s), words_for(s.branch)));
    return found.not_because("net-tcp-refused", "the first server itself was reached").done();
}

// A proxy that is dead, rather than saying no, looks like an address that does not answer.
maybe proxy_is_dead(const case_view& view, const span& s) {
    const auto proxy = s.text(ev::proxy);
    if (proxy.empty() || s.number(ev::proxy_status).value_or(0) != 0) return {};
    auto found = about_connection(view, s, "local-proxy-dead-leftover");
    found.about(proxy)
        .title(fmt::format("The proxy {} does not answer", proxy))
        .known_by(fmt::format("The connection through it {}.", words_for(s.branch)));
    return found.not_because("net-proxy-407", "the proxy gave no answer at all").done();
}

maybe proxy_says_no(const case_view& view, const span& s) {
    if (s.branch != "proxy_refuses") return {};
    const auto status = s.number(ev::proxy_status).value_or(0);
    const auto proxy = s.text(ev::proxy);
    auto found = about_connection(
        view, s, status == 407 ? "net-proxy-407"_finding : "net-proxy-connect-denied"_finding);
    found.title(
        status == 407 ? fmt::format("The proxy {} requires a log-in before it connects to {}", proxy, candidate_of(s))
                      : fmt::format("The proxy {} refuses to connect to {} ({})", proxy, candidate_of(s), status));
    found.known_by(fmt::format("It answered CONNECT {} with {}.", candidate_of(s), status));
    tell_failed_connect(found, status, candidate_of(s));
    return found
        .not_because(
            status == 407 ? "net-proxy-connect-denied"_finding : "net-proxy-407"_finding,
            fmt::format("the status was {}", status))
        .done();
}

maybe about_missing_address(const case_view& view, const span& s) {
    const auto origin = view.origin_of(candidate_of(s));
    const auto host = host_of(candidate_of(s));
    // A name without an address is not internal for that: whose it is says more.
    if (origin == "autodiscover") {
        const bool inside = is_inside_name(host, view.domain);
        auto found = about_connection(
            view, s, inside ? "ad-internal-urls-outside"_finding : "ad-redirect-foreign-domain"_finding);
        found.title(fmt::format("Autodiscover names {}, which does not resolve from here", host));
        if (!inside)
            found.not_because("ad-redirect-loop", "no address came twice")
                .known_by(fmt::format(
                    "{} lies outside {}: a service that has these users no more, or never had.", host, view.domain));
        return found.as(certainty::likely).done();
    }
    auto found = about_connection(
        view, s, origin == "srv" ? "dns-srv-target-missing"_finding : "dns-no-records"_finding);
    found.about(host).title(fmt::format("{} has no address in DNS", host));
    if (origin == "manual")
        found.remedy(
            "user, DNS admin", fmt::format("Check the spelling of the server {}, or create its address record.", host));
    return found.as(origin == "srv" ? certainty::certain : certainty::likely).done();
}

maybe no_address(const case_view& view, const span& s) {
    return s.branch == "no_address" ? about_missing_address(view, s) : maybe{};
}

// What came of a port in the second round's look at the usual ones; "" when that port was not tried.
std::string word_of_port(const case_view& view, const span& s, std::string_view port) {
    const auto* look = view.second_look("usual_ports", candidate_of(s));
    if (!look) return {};
    for (const auto& one : look->together(ev::server_port))
        if (std::to_string(one.number(ev::server_port).value_or(0)) == port) return one.text(ev::probe_try);
    return {};
}

bool is_open(std::string_view word) {
    return !word.empty() && word != "refused" && word != "filtered" && word != "unreachable" && word != "no_address";
}

maybe other_source_gets_through(const case_view& view, const span& s) {
    const auto* look = view.second_look("other_source", candidate_of(s));
    if (!look || (s.branch != "filtered" && s.branch != "unreachable" && s.branch != "refused")) return {};
    const auto tries = look->together(ev::source_address);
    const auto through = std::ranges::find_if(
        tries, [](const trace::values& one) { return is_open(one.text(ev::probe_try)); });
    if (through == tries.end()) return {};
    const auto from = through->text(ev::source_address);
    const auto* route = view.trace.latest("devices.route", candidate_of(s));
    const bool tunnel = route && route->branch == "tunnel_wins";
    auto found = about_connection(view, s, tunnel ? "local-vpn-adapter-preferred"_finding : "net-source-acl"_finding);
    found.seen(*look).known_by(
        fmt::format("The connection to {} {}; from {} it succeeds.", where(s), words_for(s.branch), from));
    return found.not_because("net-tcp-filtered", fmt::format("from {} the same server answers", from)).done();
}

bool srv_found_it(const case_view& view, const span& s) { return view.origin_of(candidate_of(s)) == "srv"; }

// The same host speaks TLS at another port, or the record's port is none that Skype for Business listens at.
maybe wrong_port(const case_view& view, const span& s) {
    if (!srv_found_it(view, s) || (s.branch != "refused" && s.branch != "filtered")) return {};
    const auto host = host_of(candidate_of(s)), port = port_of(candidate_of(s));
    const auto other = view.other_port_with_tls(candidate_of(s));
    // The second round looked at the usual ports of that host: one that speaks TLS is where the record should lead.
    std::string usual;
    for (const std::string_view p : {"5061", "443"})
        if (usual.empty() && p != port && word_of_port(view, s, p) == "agreed") usual = p;
    const bool blocked_on_the_way = s.branch == "filtered" && port == "5061";
    if (other.empty() && (port == "5061" || port == "443") && (usual.empty() || blocked_on_the_way)) return {};
    auto found = about_connection(view, s, "dns-srv-wrong-port");
    found.title(fmt::format("The SRV record for {} names port {}, where nothing answers", host, port));
    found.known_by(fmt::format("The connection to {} {}.", where(s), words_for(s.branch)));
    if (!other.empty()) found.not_because("net-tcp-refused", fmt::format("{} answers", other));
    else if (!usual.empty()) found.not_because("net-tcp-refused", fmt::format("the same host speaks TLS at {}", usual));
    if (const auto* look = view.second_look("usual_ports", candidate_of(s))) found.seen(*look);
    return found.as(!other.empty() ? certainty::certain : certainty::likely).done();
}

bool names(const span* records, const std::string& host) {
    return records && std::ranges::any_of(records->texts(ev::dns_target), [&](const std::string& target) {
               return trace::same_word(host_of(target), host);
           });
}

// The record for the inside that names this server, and no other does; null where there is none.
const span* only_named_inside(const case_view& view, const span& s) {
    const auto host = host_of(candidate_of(s));
    const auto* inner = view.trace.latest("discovery.srv_internal");
    const bool by_it = view.origin_of(candidate_of(s)) == "srv" && names(inner, host);
    return by_it && !names(view.trace.latest("discovery.srv_external"), host) ? inner : nullptr;
}

// What DNS says for the inside is seen outside: a private address, or a pool that is not reached from here.
maybe leaked_records(const case_view& view, const span& s) {
    if ((s.branch != "filtered" && s.branch != "unreachable" && s.branch != "refused") || !view.outside()) return {};
    const auto addresses = addresses_of(s);
    const bool at_private = !addresses.empty() && std::ranges::all_of(addresses, is_private);
    const auto* inner = only_named_inside(view, s);
    if (!at_private && !inner) return {};
    const auto host = host_of(candidate_of(s));
    auto found = about_connection(view, s, "dns-split-brain-internal-leaked");
    if (at_private) found.title(fmt::format("Outside, {} resolves to the private address {}", host, addresses.front()));
    else
        found.seen(*inner).title(fmt::format(
            "Outside, DNS gives the record {}, which is for the inside and names {}", inner->subject, host));
    return found.as(certainty::likely)
        .not_because(
            s.branch == "refused" ? "net-tcp-refused"_finding : "net-tcp-filtered"_finding,
            at_private ? "at a private address, outside, there is another host or none"
                       : "a pool is for the inside; nothing promises that it answers from here")
        .done();
}

// What answered at port 443: SIP servers and web servers by host, and where the first names of Autodiscover lead.
struct open_at_443 {
    std::map<std::string, std::string> candidates;
    std::map<std::string, std::pair<std::size_t, std::string>> urls;   // with the place in the trace
    std::vector<std::pair<std::string, std::set<std::string>>> names;  // a name and its addresses
};

bool answered_at_443(const span& s) {
    const auto url = text_of(s, ev::http_url);
    return s.has(ev::http_status) && url.starts_with("https://") && port_of_url(url) == "443";
}

open_at_443 all_at_443(const case_view& view) {
    open_at_443 all;
    for (const auto& c : view.candidates)
        if (port_of(c) == "443" && view.reached("connection.tcp", c)) all.candidates.try_emplace(host_of(c), c);
    for (std::size_t i = 0; i < view.trace.spans.size(); ++i)
        if (const auto& s = view.trace.spans[i]; answered_at_443(s)) {
            const auto url = s.text(ev::http_url);
            all.urls.try_emplace(host_of_url(url), i, url);
        }
    constexpr chart::node_ref names[] = {"discovery.autodiscover_internal", "discovery.autodiscover_external"};
    for (const auto node : names)
        if (const auto* s = view.trace.latest(node)) {
            const auto addresses = s->texts(ev::dns_address);
            all.names.emplace_back(s->text(ev::dns_name), std::set<std::string>(addresses.begin(), addresses.end()));
        }
    return all;
}

// A server that is open at 443, of the same host or at the same address: its name, or the URL that was answered first.
std::string address_with_443_open(const case_view& view, const span& s) {
    const auto& all = view.once(all_at_443);
    const auto host = host_of(candidate_of(s));
    if (const auto at = all.candidates.find(host); at != all.candidates.end()) return at->second;
    std::pair<std::size_t, std::string> first{view.trace.spans.size(), {}};
    if (const auto at = all.urls.find(host); at != all.urls.end()) first = at->second;
    const auto addresses = addresses_of(s);
    for (const auto& [name, leads_to] : all.names) {
        const auto at = all.urls.find(name);
        const bool same_address = std::ranges::any_of(
            addresses, [&](const std::string& a) { return leads_to.contains(a); });
        if (at != all.urls.end() && same_address && at->second.first < first.first) first = at->second;
    }
    return first.second;
}

// Inside, the pool's own web services, wherever they stand: once the ports of a host were looked at.
std::string web_services_inside(const case_view& view) {
    const bool looked = std::ranges::any_of(
        view.trace.spans, [](const span& s) { return text_of(s, ev::probe_kind) == "usual_ports"_look; });
    if (!view.inside() || !looked) return {};
    for (const auto& s : view.trace.spans)
        if (answered_at_443(s) && is_under(host_of_url(text_of(s, ev::http_url)), view.domain))
            return s.text(ev::http_url);
    return {};
}

maybe only_5061_blocked(const case_view& view, const span& s) {
    if (s.branch != "filtered" || port_of(candidate_of(s)) != "5061") return {};
    auto open = address_with_443_open(view, s);
    if (open.empty() && is_open(word_of_port(view, s, "443"))) open = host_of(candidate_of(s)) + ":443";
    const bool same_host = !open.empty();
    if (open.empty()) open = view.once(web_services_inside);
    if (open.empty()) return {};
    auto found = about_connection(view, s, "net-5061-blocked-443-open");
    found.as(certainty::likely).known_by(fmt::format("{} did not answer at all, while {} did.", where(s), open));
    return found
        .not_because(
            "net-tcp-filtered",
            fmt::format("{} at 443 ({})", same_host ? "the same host answers" : "the pool's web services answer", open))
        .done();
}

std::vector<std::string> ports_tried(const span& look) {
    std::vector<std::string> all;
    for (const auto& one : look.together(ev::server_port))
        all.push_back(fmt::format("{} {}", one.number(ev::server_port).value_or(0), one.text(ev::probe_try)));
    return all;
}

// What a second look says of a server that hung up before anything was sent.
std::string_view closes_all(const case_view& view, const span& s, draft& found) {
    constexpr trace::look_ref looks[] = {"tls_1_2", "tls_1_1"};
    for (const auto later : looks)
        if (view.result_of(later, candidate_of(s)) == "agreed") {
            found.seen(*view.second_look(later, candidate_of(s))).as(certainty::possible);
            return "A moment later it took a connection: that was passing, or not all servers behind this address are "
                   "alike.";
        }
    return "It closes every connection before anything is sent.";
}

maybe plain(const case_view& view, const span& s) {
    std::optional<finding_ref> id;
    if (s.branch == "refused") id = "net-tcp-refused"_finding;
    else if (s.branch == "filtered") id = "net-tcp-filtered"_finding;
    else if (s.branch == "unreachable") id = "net-host-unreachable"_finding;
    else if (s.branch == "reset") id = "net-lb-no-member"_finding;
    else return {};
    auto found = about_connection(view, s, *id);
    found.known_by(fmt::format("The connection to {} {}.", where(s), words_for(s.branch)));
    if (const auto* look = view.second_look("usual_ports", candidate_of(s));
        look && look->text(ev::probe_result) == "closed")
        found.seen(*look).known_by(fmt::format(
            "The usual ports of the host don't answer either ({}): the address may belong to another host now "
            "(dns-stale-a).",
            fmt::join(ports_tried(*look), ", ")));
    if (s.branch == "reset")
        found.known_by(std::string(closes_all(view, s, found)))
            .not_because("net-rst-after-clienthello", "a silent connection was closed as well");
    if (s.branch == "refused") found.not_because("net-tcp-filtered", "the rejection came at once");
    if (s.branch == "filtered") found.not_because("net-tcp-refused", "no rejection came");
    return found.done();
}

constexpr auto tcp_cause_table = std::to_array<span_rule>(
    {redirected_there, proxy_is_dead, proxy_says_no, no_address, explain_filtered_name, explain_captive_portal,
     explain_local_tcp, other_source_gets_through, wrong_port, leaked_records, only_5061_blocked, plain});

}  // namespace

maybe explain_made_up_address(const case_view& view, const span& s) {
    if (!some_names_are_true(view) || view.origin_of(candidate_of(s)) == "a_fallback") return {};
    auto found = about_missing_address(view, s);
    const auto& made_up = addresses_of_name(view, host_of(candidate_of(s)));
    if (!found || made_up.empty()) return found;
    found->certainty = certainty::likely;
    found->explanation += fmt::format(
        " The resolver leads it to {}, as it leads every name that does not exist.", made_up.front());
    return found;
}

std::span<const span_rule> tcp_causes() { return tcp_cause_table; }

}  // namespace ucsignin::diagnosis
