// Stage 2: what the records of the domain say, and where they mislead.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

constexpr chart::node_ref srv_records[] = {"discovery.srv_internal", "discovery.srv_external"};

// A and AAAA are asked for, and a target is missing when neither is there.
std::set<std::string> targets_that_are_there(const std::vector<trace::values>& answers) {
    std::set<std::string> all;
    for (const auto& a : answers)
        if (!is_no(a.word(ev::dns_server_state))) all.insert(a.text(ev::dns_server));
    return all;
}

maybe target_missing(const case_view& view) {
    for (const auto node : srv_records) {
        const auto* s = view.trace.latest(node);
        if (!s) continue;
        const auto answers = s->together(ev::dns_server_state);
        const auto present = targets_that_are_there(answers);
        for (const auto& a : answers) {
            const auto state = a.word(ev::dns_server_state);
            if (present.contains(a.text(ev::dns_server)) || s->is(ev::dns_cname_loop))
                continue;  // a circle of aliases has a rule of its own
            const auto target = host_of(a.text(ev::dns_server));
            draft found(view, "dns-srv-target-missing");
            found.seen(*s).about(target).with("host", target);
            found.title(fmt::format("The SRV record {} names {}, which has no address", name_of(*s), target));
            found.known_by(fmt::format("{} was answered with {}.", target, state.str()));
            if (trace::sort_of_ipv4(target))
                found
                    .title(fmt::format(
                        "The SRV record {} names the address {} where a host name belongs", name_of(*s), target))
                    .known_by(
                        "The target of an SRV record is the name of a host (RFC 2782); an address is looked up as if "
                        "it were a name.")
                    .remedy(
                        "DNS admin",
                        fmt::format("Put the name of the host at {} into the SRV record {}.", target, name_of(*s)));
            found.not_because("dns-stale-a", fmt::format("{} does not resolve at all", target));
            const auto* own = look_at(view, "authoritative", target);
            if (own && look_result(*own) == "records") return {};  // an old 'no' of the resolver
            found.as(certainty::likely);                           // a resolver may remember a 'no' of before
            if (own && (look_result(*own) == "NXDOMAIN" || look_result(*own) == "NODATA"))
                found.as(certainty::certain)
                    .seen(*own)
                    .not_because("dns-nxdomain-negative-cache", "the zone's own name server says the same");
            return found.done();
        }
    }
    return {};
}

// RFC 2782: a target of "." says that the service is decidedly not available at this domain.
maybe service_denied(const case_view& view) {
    for (const auto node : srv_records) {
        const auto* s = view.trace.latest(node);
        if (!s || s->branch != "bad_records") continue;
        const auto targets = s->texts(ev::dns_target);
        if (targets.empty() || !std::ranges::all_of(targets, [](const std::string& t) { return host_of(t).empty(); }))
            continue;
        draft found(view, "dns-srv-target-missing");
        found.seen(*s).about(name_of(*s)).with("host", "the target");
        found.title(
            fmt::format("The SRV record {} says that there is no such service: its target is \".\"", name_of(*s)));
        return found.remedy("DNS admin", fmt::format("Let {} name the Edge or pool, or delete it.", name_of(*s)))
            .done();
    }
    return {};
}

maybe target_alias(const case_view& view) {
    for (const auto node : srv_records) {
        const auto* s = view.trace.latest(node);
        const auto alias = s ? s->text(ev::dns_cname) : std::string{};
        if (alias.empty()) continue;
        draft found(view, "dns-srv-target-is-cname");
        const auto target = host_of(s->text(ev::dns_target));
        found.seen(*s).about(target).with("host", target);
        return found
            .title(fmt::format("The SRV record {} names {}, which is an alias for {}", name_of(*s), target, alias))
            .done();
    }
    return {};
}

const trace::span* wildcard_of(const case_view& view) {
    const auto* s = view.trace.latest("discovery.wildcard");
    return s && s->branch == "yes" ? s : nullptr;
}

maybe internal_name_outside(const case_view& view) {
    const auto* s = view.trace.latest("discovery.autodiscover_internal");
    if (!s || wildcard_of(view) || (s->branch != "unexpected_there" && !(s->branch == "address" && view.outside())))
        return {};
    const auto* inner = view.trace.latest("discovery.srv_internal");
    const auto* pool = view.trace.latest("discovery.host_internal");
    const bool leaked = (inner && inner->branch == "records") || (pool && pool->branch == "address");
    draft found(
        view, leaked ? "dns-split-brain-internal-leaked"_finding : "dns-lyncdiscoverinternal-visible-outside"_finding);
    found.seen(*s).about(name_of(*s)).weigh(severity::warning).with("host", name_of(*s));
    if (leaked) found.title(fmt::format("Outside, DNS publishes internal names: {}", name_of(*s)));
    if (inner && inner->branch == "records")
        found.seen(*inner).known_by(fmt::format("{} is there as well.", name_of(*inner)));
    found.known_by(fmt::format("Asked from outside, it leads to {}.", fmt::join(s->texts(ev::dns_address), ", ")));
    if (view.trace.latest("discovery.wildcard"))
        found.not_because("dns-wildcard-catch-all", "a made-up name does not resolve");
    return found.done();
}

// A connection to a server that DNS names for the inside, at a private address, came up.
bool inside_was_reached(const case_view& view) {
    std::set<std::string> named_inside{"sipinternal." + view.domain};
    if (const auto* inner = view.trace.latest("discovery.srv_internal"))
        for (const auto& target : inner->texts(ev::dns_target)) named_inside.insert(lower(host_of(target)));
    return std::ranges::any_of(view.trace.at("connection.tcp"), [&](const trace::span* s) {
        return went_well(*s) && is_private(peer_of(*s)) &&
               named_inside.contains(lower(host_of(candidate_named_by(*s))));
    });
}

maybe internal_name_missing(const case_view& view) {
    const auto* s = view.trace.latest("discovery.autodiscover_internal");
    const auto* outer = view.trace.latest("discovery.autodiscover_external");
    if (!s || !absent(*s) || !outer || outer->branch != "address") return {};
    const bool reached = inside_was_reached(view);
    if (!view.inside() && !reached) return {};
    draft found(view, "dns-split-brain-missing-internal");
    found.seen(*s).about(name_of(*s)).as(view.inside() ? certainty::certain : certainty::likely);
    if (const auto* vantage = view.trace.latest("discovery.vantage")) found.seen(*vantage);
    if (reached)
        found.known_by(
            "A server that DNS names for clients inside answers at a private address, so this PC is inside.");
    for (const auto& side : view.trace.spans)
        if (side.node.starts_with("discovery.autodiscover_") && lower(side.text(ev::access_location)) == "external") {
            found.seen(side).known_by(
                fmt::format("The web services at {} consider us outside.", host_of_url(side.text(ev::http_url))));
            break;
        }
    return found.not_because("dns-internal-srv-missing", fmt::format("it is {} that is missing", name_of(*s))).done();
}

maybe internal_srv_missing(const case_view& view) {
    const auto* inner = view.trace.latest("discovery.srv_internal");
    const auto* outer = view.trace.latest("discovery.srv_external");
    const auto* disco = view.trace.latest("discovery.autodiscover_internal");
    if (!view.inside() || !inner || inner->branch != "not_there" || !outer || outer->branch != "records") return {};
    if (!disco || disco->branch != "address") return {};
    draft found(view, "dns-internal-srv-missing");
    return found.seen(*inner).about(name_of(*inner)).done();
}

// The page that plain HTTP is sent to, outside the domain.
const trace::span* leads_to_a_portal(const case_view& view) {
    for (const auto* root : view.trace.all("discovery.autodiscover_root"))
        if (const auto to = root->text(ev::http_location); !to.empty() && !is_under(host_of_url(to), view.domain))
            return root;
    return nullptr;
}

maybe captive(const case_view& view) {
    const auto* s = wildcard_of(view);
    const auto* look = unrelated_names_resolve(view);
    if (!s || !look) return {};
    const bool same = look_result(*look) == "same_address", selective = some_names_are_true(view);
    const auto* portal = leads_to_a_portal(view);
    draft found(view, "dns-captive-hijack");
    found.seen(*look).seen(*s).about(view.domain);
    found.as(same && (selective || portal) ? certainty::certain : certainty::likely);
    if (selective)
        found.title(fmt::format("The resolver answers for names of {} that do not exist", view.domain))
            .remedy(
                "user, network admin",
                "Use a resolver that says so when a name does not exist, or have its redirection of unknown names "
                "switched off.");
    else if (!portal)
        found.known_by(fmt::format(
            "Whether {} has records for sign-in cannot be seen from here: another network or resolver would tell.",
            view.domain));
    for (const auto& line : lines_of(*look))
        if (!line.data.empty()) found.known_by(fmt::format("{} is answered with {}.", line.name, line.data.front()));
    if (portal)
        found.seen(*portal).known_by(
            fmt::format("{} leads to {}.", portal->text(ev::http_url), portal->text(ev::http_location)));
    return found.not_because("dns-wildcard-catch-all", "made-up names in other domains resolve as well").done();
}

maybe wildcard(const case_view& view) {
    const auto* s = wildcard_of(view);
    if (!s || unrelated_names_resolve(view)) return {};
    draft found(view, "dns-wildcard-catch-all");
    found.seen(*s).about("*." + view.domain).weigh(severity::warning);
    const auto addresses = s->texts(ev::dns_address);
    bool other_domains_told = false;
    for (const auto* look : looks(view, "unrelated_name"))
        if (look_result(*look) == "none") {
            other_domains_told = true;
            found.seen(*look).not_because("dns-captive-hijack", "made-up names in other domains do not resolve");
        }
    if (!other_domains_told) found.as(certainty::likely);  // it may be the resolver that answers for every name
    return found
        .known_by(fmt::format("A made-up name led to {}.", addresses.empty() ? "an address" : addresses.front()))
        .done();
}

// -- SRV records --

struct service_line {
    std::string server;  // host:port
    std::int64_t priority = 0;
};

std::vector<service_line> services_of(const trace::span& s) {
    std::vector<service_line> all;
    for (const auto& one : s.together(ev::dns_srv_priority))
        all.push_back({one.text(ev::dns_target), one.number(ev::dns_srv_priority).value_or(0)});
    return all;
}

const trace::span* connection_to(const case_view& view, const std::string& candidate) {
    return view.trace.latest_run_of(candidate, "connection.tcp");
}

// The record that should win leads to a server that is dead, or much farther away, while the next one is fine.
maybe wrong_one_preferred(const case_view& view) {
    for (const auto node : srv_records) {
        const auto* s = view.trace.latest(node);
        const auto all = s ? services_of(*s) : std::vector<service_line>{};
        if (all.size() < 2 || all.front().priority == all.back().priority) continue;
        const auto* first = connection_to(view, all.front().server);
        for (const auto& other : all) {
            const auto* second = connection_to(view, other.server);
            if (other.priority == all.front().priority || !first || !second || !went_well(*second)) continue;
            const auto far = static_cast<double>(first->number(ev::tcp_ms).value_or(0)),
                       near = static_cast<double>(second->number(ev::tcp_ms).value_or(0));
            const bool slower = went_well(*first) && far > 40 && far > 4 * near;
            if (went_well(*first) && !slower) continue;
            draft found(view, "dns-srv-priority-misused");
            found.seen(*s)
                .seen(*first)
                .seen(*second)
                .about(name_of(*s))
                .as(slower ? certainty::likely : certainty::possible);
            found.known_by(fmt::format(
                "{} has priority {} and {}; {} has priority {} and answers.", all.front().server, all.front().priority,
                slower ? fmt::format("takes {:.0f} ms", far) : std::string("does not answer"), other.server,
                other.priority));
            return found.not_because("net-high-latency", "another record of the same name is better").done();
        }
    }
    return {};
}

maybe target_abroad(const case_view& view) {
    for (const auto node : srv_records) {
        const auto* s = view.trace.latest(node);
        for (const auto& server : s ? s->texts(ev::dns_target) : std::vector<std::string>{}) {
            const auto host = host_of(server);
            const auto* trust = view.trace.latest("discovery.trust", host);
            if (host.empty() || is_under(host, view.domain) || !trust || trust->branch != "would_prompt") continue;
            draft found(view, "dns-srv-target-outside-domain");
            found.seen(*s).seen(*trust).about(host).with("host", host).weigh(severity::warning);
            return found.known_by(fmt::format("{} names {}.", name_of(*s), server)).done();
        }
    }
    return {};
}

// -- addresses that have moved --

// Servers with a trusted certificate, by each name that stands in it, and the address at which they were reached last.
struct certified {
    const trace::span* certificate;
    std::string address;
};

using namesakes = std::multimap<std::pair<std::string, std::string>, certified>;  // by name and port

namesakes certified_names(const case_view& view) {
    namesakes all;
    for (const auto* s : view.trace.at("connection.certificate")) {
        const auto* reached = s->branch == "trusted" ? connection_to(view, candidate_of(*s)) : nullptr;
        const auto address = reached ? peer_of(*reached) : std::string{};
        if (address.empty()) continue;
        for (const auto& name : s->texts(ev::x509_name))
            all.insert({{lower(name), port_of(candidate_named_by(*s))}, {s, address}});
    }
    return all;
}

// The first of them, other than the server itself, that is at none of the addresses where the server is dead.
const certified* living_namesake(
    const namesakes& all, const std::string& candidate, const std::vector<std::string>& dead) {
    for (auto [at, end] = all.equal_range({lower(host_of(candidate)), port_of(candidate)}); at != end; ++at) {
        const auto& other = at->second;
        if (candidate_named_by(*other.certificate) != candidate && !std::ranges::binary_search(dead, other.address))
            return &other;
    }
    return nullptr;
}

// The name that failed stands in the certificate of a server that was reached at another address.
maybe address_out_of_date(const case_view& view) {
    const auto all = certified_names(view);
    std::set<std::string> looked_for;
    for (const auto* s : view.trace.at("connection.tcp")) {
        if (!went_wrong(*s) || s->branch == "proxy_refuses" || s->branch == "no_address") continue;
        const auto candidate = candidate_of(*s), host = lower(host_of(candidate));
        if (view.reached("connection.tcp", candidate) || !looked_for.insert(lower(candidate)).second) continue;
        const auto& dead = addresses_of_name(view, host);
        const auto* other = living_namesake(all, candidate, dead);
        if (!other || std::ranges::any_of(dead, no_server_has)) continue;  // a filter's answer is not an old one
        draft found(view, "dns-stale-a");
        found.seen(*s).seen(*other->certificate).about(candidate).with("host", host).as(certainty::likely);
        found.title(fmt::format(
            "DNS names {} for {}, where nothing answers any more", dead.empty() ? "an address" : dead.front(), host));
        found.known_by(fmt::format(
            "{} answers at {}, with a certificate that is issued for {} as well.", candidate_of(*other->certificate),
            other->address, host));
        if (const auto* own = look_at(view, "authoritative", candidate); own && own->branch == "same")
            found.seen(*own)
                .not_because("local-stale-dns-cache", "the zone's own name server says the same")
                .as(certainty::certain);
        return found.done();
    }
    return {};
}

// What the resolver remembers is no longer what the zone says.
maybe remembered_address(const case_view& view) {
    for (const auto* look : looks(view, "authoritative")) {
        const auto subject = look->text(ev::probe_of), host = lower(host_of(subject));
        const auto* failed = connection_to(view, subject);
        if (look_result(*look) != "records" || look->branch != "differs" || !failed || !went_wrong(*failed)) continue;
        const auto& before = addresses_of_name(view, host);
        std::string now;
        bool overlap = false;
        for (const auto& line : lines_of(*look))
            for (const auto& address : line.data) {
                overlap = overlap || std::ranges::binary_search(before, address);
                now = now.empty() ? address : now;
            }
        if (now.empty() || overlap || before.empty()) continue;
        draft found(view, "local-stale-dns-cache");
        found.seen(*failed).seen(*look).about(subject).with("host", host).as(certainty::likely);
        found.known_by(fmt::format("The resolver says {}, the zone's own name server {}.", before.front(), now));
        return found.not_because("dns-stale-a", "the zone's own name server has another address").done();
    }
    return {};
}

// What phones are told by DHCP, against where this sign-in was led. PCs don't read the option.
maybe dhcp_names_another(const case_view& view) {
    const auto* adapters = view.trace.latest("devices.adapters");
    const auto leased = adapters ? adapters->together(ev::leased_sip_server) : std::vector<trace::values>{};
    if (leased.empty() || view.candidates.empty()) return {};
    const auto server = lower(leased.front().text(ev::leased_sip_server));
    for (const auto& candidate : view.candidates) {
        const auto host = lower(host_of(candidate));
        if (host == server || std::ranges::binary_search(addresses_of_name(view, host), server)) return {};
    }
    draft found(view, "dns-dhcp-option-stale");
    found.seen(*adapters).about(server).weigh(severity::warning).as(certainty::possible);
    found.known_by(fmt::format(
        "The DHCP lease ({}) names {} as SIP server; Autodiscover and DNS name {}.",
        leased.front().text(ev::lease_file), server, fmt::join(view.candidates, ", ")));
    return found.not_because("dns-stale-a", "no DNS record names it").done();
}

constexpr auto dns_records_rule_table = std::to_array<case_rule>(
    {target_missing, service_denied, target_alias, target_abroad, wrong_one_preferred, internal_name_outside,
     internal_name_missing, internal_srv_missing, captive, wildcard, address_out_of_date, remembered_address,
     dhcp_names_another});

}  // namespace

std::span<const case_rule> dns_record_rules() { return dns_records_rule_table; }

}  // namespace ucsignin::diagnosis
