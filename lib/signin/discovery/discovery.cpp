// Starts DNS and Autodiscover at once and puts together what they found: records, vantage, candidates. Decisions that
// need the vantage are written again when it is known.
#include "signin/discovery/discovery.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/base/decision.hpp"
#include "signin/base/dial.hpp"
#include "signin/discovery/autodiscover.hpp"
#include "signin/discovery/cached_server.hpp"
#include "signin/discovery/cross_check.hpp"
#include "signin/base/trust_trace.hpp"
#include "trace/addresses.hpp"
#include "trace/ascii.hpp"

namespace ucsignin::signin::discovery {
namespace {

using trace::outcome;

// The server of the last sign-in, if one is to be tried first.
std::optional<net::host_port> trace_start(context& c) {
    auto domain = c.trace.open<"discovery.sip_domain">(c.who.domain);
    domain.note(ev::sip_domain, c.who.domain).finish("as_in_address", outcome::ok, c.who.domain);
    const auto cached = use_cached_server(c);
    auto manual = c.trace.open<"discovery.manual_server">();
    if (!c.options.server) {
        manual.finish("no", outcome::ok, "servers are discovered");
        return cached;
    }
    tell(manual, decide_manual(c.options.server));
    manual.note(ev::server_address, c.options.server->host);
    manual.finish("yes", outcome::ok, c.options.server->host + " was given by hand: nothing is discovered");
    return std::nullopt;
}

void skip_discovery(context& c) {
    constexpr auto why = "a server was given by hand";
    const auto reason = trace::not_run_reason::not_applicable;
    for (const auto& node : chart::nodes())
        if (node.stage == 2 && node.id != "discovery.trust" && node.id != "discovery.candidates" &&
            !c.trace.visited(node))
            c.trace.not_run(node, reason, why);
}

// One good word is enough.
void trust_or_not(context& c, candidate& one) {
    const auto covers = [&](const naming& n) { return c.trusted_names.covers(one.server.host, n).has_value(); };
    auto word = std::ranges::find_if(one.named, covers);
    if (word == one.named.end()) word = one.named.begin();
    one.trust = decide_trust(c, one.server.host, *word, one.name());
}

void trace_candidates(context& c, const ordered& list) {
    auto span = c.trace.open<"discovery.candidates">();
    span.wait_for_latest("discovery.records").wait_for_latest("discovery.vantage");
    for (const auto& one : list.candidates)
        span.group()
            .note(ev::candidate, one.name())
            .note(ev::candidate_origin, word_of(one.origin))
            .note(ev::candidate_trusted, one.trusted());
    if (list.left_out > 0) span.note(ev::candidates_left_out, static_cast<std::int64_t>(list.left_out));
    tell(span, list.decision);
    const auto rest = list.left_out == 0 ? std::string{}
                                         : fmt::format(" and {} more, which are left out", list.left_out);
    if (list.candidates.empty()) span.finish("empty", outcome::failed, "there is no server to try");
    else span.finish("list", outcome::ok, list.decision.chosen + rest);
}

// Names that all mean the Access Edge, and have no address in common.
bool contradict(const lookups& asked) {
    std::vector<net::ip_address> of_srv;
    for (const auto& t : asked.srv_external.targets)
        for (const auto& address : t.addresses()) of_srv.push_back(address);
    for (const auto* l : {&asked.host_sip, &asked.host_external}) {
        const auto own = l->addresses();
        const auto shared = [&](const net::ip_address& a) { return std::ranges::find(of_srv, a) != of_srv.end(); };
        if (!own.empty() && !of_srv.empty() && std::ranges::none_of(own, shared)) return true;
    }
    return false;
}

constexpr chart::node_ref asked_for_records[] = {
    "discovery.autodiscover_internal", "discovery.autodiscover_external", "discovery.srv_internal",
    "discovery.srv_external",          "discovery.host_internal",         "discovery.host_sip",
    "discovery.host_external",         "discovery.autodiscover_root",     "discovery.autodiscover_user"};

void trace_records(context& c, const lookups& asked, const autodiscovered& web) {
    auto span = c.trace.open<"discovery.records">();
    for (const auto node : asked_for_records) span.wait_for_latest(node);
    std::string list;
    for (const auto* l :
         {&asked.autodiscover_internal, &asked.autodiscover_external, &asked.srv_internal, &asked.srv_external,
          &asked.host_internal, &asked.host_sip, &asked.host_external})
        if (l->resolved()) list += (list.empty() ? "" : ", ") + l->name;
    if (list.empty() && !web.any_answer) span.finish("none", outcome::warning, "nothing was found");
    else if (contradict(asked))
        span.finish(
            "contradictory", outcome::warning, list + "; names of the Access Edge resolve to different addresses");
    else span.finish("some", outcome::ok, list);
}

// Decided again: only now is it known that the name answers where it should not.
void trace_visible_outside(context& c, const looked_up& internal) {
    auto span = c.trace.open<"discovery.autodiscover_internal">(internal.name);
    span.note(ev::dns_name, internal.name);
    for (const auto& a : internal.answers) note_answer(span, a);
    span.finish(
        "unexpected_there", outcome::warning,
        internal.name + " resolves outside, which makes the client think that it is inside");
}

void trace_missing_inside(context& c, const looked_up& internal) {
    auto span = c.trace.open<"discovery.autodiscover_internal">(internal.name);
    span.note(ev::dns_name, internal.name);
    for (const auto& a : internal.answers) note_answer(span, a);
    span.finish(
        "not_there", outcome::warning,
        internal.name + " is missing inside, so the client connects as if it were outside");
}

std::vector<resolver_seen> resolvers_seen(context& c, const lookups& asked) {
    std::vector<resolver_seen> seen;
    for (const auto& server : c.environment.resolver->servers())
        seen.push_back({net::to_string(server), "not asked", false, 0});
    for (const auto* l :
         {&asked.autodiscover_internal, &asked.autodiscover_external, &asked.srv_external, &asked.host_sip}) {
        for (const auto& a : l->answers) {
            const auto at = std::ranges::find(seen, a.resolver, &resolver_seen::address);
            if (at != seen.end()) *at = {a.resolver, std::string(net::to_string(a.state)), true, a.latency_ms};
            else if (a.resolver.empty())
                for (auto& s : seen)
                    if (!s.answered) s.state = std::string(net::to_string(a.state));
        }
    }
    // A later resolver is asked only when the one before it failed: silence of one that was not asked says nothing.
    const bool any = std::ranges::any_of(seen, &resolver_seen::answered);
    if (any) std::erase_if(seen, [](const auto& s) { return !s.answered && s.state == "not asked"; });
    return seen;
}

void trace_names(context& c, const lookups& asked) {
    devices::trace_resolvers(c, resolvers_seen(c, asked));
    std::vector<devices::name_asked> names;
    for (const auto* l :
         {&asked.autodiscover_internal, &asked.autodiscover_external, &asked.host_internal, &asked.host_sip,
          &asked.host_external})
        names.push_back({l->name, l->answered(), l->addresses()});
    devices::trace_names(c, names);
}

bool is_private(const net::ip_address& address) { return trace::is_private(address.to_string()); }

// Of the Internet at large: not private, not of this host or link, not shared with a provider (RFC 6598), not for tests
// and examples (RFC 2544, RFC 5737).
bool is_public(const net::ip_address& address) {
    if (address.is_v6())
        return (address.to_v6().to_bytes()[0] & 0xe0) == 0x20 && !address.to_string().starts_with("2001:db8:");
    if (address.is_loopback() || address.is_unspecified() || is_private(address)) return false;
    const auto number = address.to_v4().to_uint();
    const auto in = [&](std::uint32_t net, int bits) { return number >> (32 - bits) == net >> (32 - bits); };
    return !in(0xa9fe0000, 16) && !in(0x64400000, 10) && !in(0xc6120000, 15) && !in(0xc0000200, 24) &&
           !in(0xc6336400, 24) && !in(0xcb007100, 24);
}

// Where packets to the resolvers leave from. Public addresses are met outside; private ones everywhere.
bool leaves_from_public_address(context& c) {
    for (const auto& server : c.environment.resolver->servers()) {
        const auto way = c.environment.host->route_to(server.address);
        boost::system::error_code none;
        const auto source = net::asio::ip::make_address(way.source_address, none);
        if (way.found && !none) return !way.tunnel && is_public(source) && is_public(server.address);
    }
    return false;
}

// None of the internal servers that Autodiscover names is known to DNS here.
net::awaitable<bool> servers_unknown(context& c, std::vector<net::host_port> servers) {
    for (const auto& server : servers) {
        const auto addresses = co_await addresses_of(c, server.host, c.until.dns());
        if (!addresses.empty()) co_return false;
    }
    co_return !servers.empty();
}

net::awaitable<vantage_signs> read_signs(context& c, const lookups& asked, const autodiscovered& web) {
    vantage_signs signs;
    signs.by_hand = c.options.vantage;
    signs.access_location = web.access_location;
    signs.internal_name_resolves = asked.autodiscover_internal.resolved();
    signs.internal_name_private = signs.internal_name_resolves &&
                                  std::ranges::all_of(asked.autodiscover_internal.addresses(), is_private);
    signs.internal_name_answers = web.from_internal_name;
    signs.internal_records = asked.host_internal.resolved() || !usable_services(asked.srv_internal).empty();
    signs.external_records = asked.autodiscover_external.resolved() || asked.host_external.resolved() ||
                             !usable_services(asked.srv_external).empty();
    signs.any_name_resolves = asked.wildcard.resolved();
    signs.source_public = leaves_from_public_address(c);
    if (trace::same_word(web.access_location, "internal"))
        signs.internal_servers_unknown = co_await servers_unknown(c, web.internal_access);
    co_return signs;
}

// Internal first, as the client does, both at once; an external root is taken when the internal one has had its grace.
net::awaitable<autodiscovered> run_autodiscover(context& c, std::shared_ptr<lookups> asked) {
    const auto when_named = [&c, asked](looked_up* which, net::signal* done) {
        return named_host{which->name, [&c, asked, which, done]() -> net::awaitable<bool> {
                              co_await done->wait(c.until.dns());
                              co_return which->resolved();
                          }};
    };
    std::vector<named_host> hosts{
        when_named(&asked->autodiscover_internal, &asked->internal_done),
        when_named(&asked->autodiscover_external, &asked->external_done)};
    auto found = co_await autodiscover(c, std::move(hosts));
    for (const auto node :
         {chart::node_ref("discovery.autodiscover_root"), chart::node_ref("discovery.autodiscover_user"),
          chart::node_ref("discovery.autodiscover_domain")})
        if (!c.trace.visited(node))
            c.trace.not_run(
                node, trace::not_run_reason::not_applicable,
                found.any_answer ? "not needed" : "no Autodiscover service was found");
    co_return found;
}

// What is cheap to know and decides between look-alikes; none of it is waited for.
void look_beside(context& c, const lookups& asked) {
    const auto start = [&](look carry_out, const char* probe, std::string of) {
        c.beside.start(carry_out(c, {probe, std::move(of)}, c.until.dns()));
    };
    const auto denied = [](const looked_up& l) { return !l.resolved() && !l.unanswered(); };
    if (denied(asked.srv_internal) && denied(asked.srv_external)) start(look_at_near_misses, "near_miss", c.who.domain);
    if (asked.wildcard.resolved()) start(look_at_unrelated_names, "unrelated_name", "*." + c.who.domain);
    if (c.environment.resolver->servers().size() > 1) start(look_at_other_resolvers, "other_resolver", c.who.domain);
}

// The same name, told apart only now that the vantage is known.
void trace_internal_name_again(context& c, const looked_up& internal, vantage where) {
    if (c.options.vantage != vantage::unknown && !(where == vantage::outside && internal.resolved())) return;
    if (where == vantage::outside && internal.resolved()) trace_visible_outside(c, internal);
    if (where == vantage::inside && !internal.resolved() && !internal.unanswered()) trace_missing_inside(c, internal);
}

net::awaitable<ordered> discover_servers(
    context& c, std::optional<net::host_port> cached, server_found on_server, vantage_signs& signs) {
    if (cached) on_server(*cached, {});
    auto asked = std::make_shared<lookups>(c.executor);
    ask_all(c, asked, std::move(on_server));
    const auto web = co_await run_autodiscover(c, asked);
    co_await asked->done.wait(c.until.dns());
    look_beside(c, *asked);
    trace_names(c, *asked);
    signs = co_await read_signs(c, *asked, web);
    const auto seen = trace_vantage(c, signs);
    trace_internal_name_again(c, asked->autodiscover_internal, seen.where);
    trace_records(c, *asked, web);
    found f{
        c.who.domain,
        c.options.server,
        cached,
        web.internal_access,
        web.external_access,
        web.named,
        web.access_location,
        usable_services(asked->srv_internal),
        usable_services(asked->srv_external),
        asked->host_internal.resolved(),
        asked->host_sip.resolved(),
        asked->host_external.resolved(),
        seen.where,
        seen.guess};
    co_return order_candidates(f);
}

void note_signs(context& c, trace::scope& span, const vantage_signs& s) {
    if (!s.access_location.empty()) span.note(ev::access_location, s.access_location);
    if (s.remote_user) span.note(ev::remote_user, std::string(*s.remote_user ? "RemoteUser" : "none"));
    for (const auto& server : c.environment.resolver->servers()) {
        const auto way = c.environment.host->route_to(server.address);
        auto asked = span.group().note(ev::resolver, net::to_string(server));
        if (way.found) asked.note(ev::source_address, way.source_address).note(ev::adapter_tunnel, way.tunnel);
    }
}

}  // namespace

vantage_decision trace_vantage(context& c, const vantage_signs& signs) {
    auto span = c.trace.open<"discovery.vantage">();
    note_signs(c, span, signs);
    auto seen = decide_vantage(signs);
    const std::string client = seen.client_inside ? "inside" : "outside";
    span.note(ev::vantage, ev::vantage_word::from(seen.decision.chosen).value_or(ev::vantage_word("unsure")))
        .note(ev::client_side, ev::vantage_word::from(client).value_or(ev::vantage_word("unsure")));
    span.decide(seen.decision);
    const auto client_says = ", and the client would conclude " + client;
    if (seen.where == vantage::unknown)
        span.finish("unsure", outcome::unknown, "no sign is conclusive; the client would conclude " + client);
    else {
        const bool inside = seen.where == vantage::inside, agrees = inside == seen.client_inside;
        using way = chart::branch_at<"discovery.vantage">;
        const way as_inside{agrees, "inside_agrees", "inside_disagrees"};
        const way as_outside{agrees, "outside_agrees", "outside_disagrees"};
        span.finish(
            {inside, as_inside, as_outside}, agrees ? outcome::ok : outcome::warning,
            seen.decision.chosen + client_says);
    }
    return seen;
}

net::awaitable<discovered> discover(context& c, server_found on_server) {
    const auto cached = trace_start(c);
    discovered out;
    ordered list;
    if (c.options.server) {
        skip_discovery(c);
        found f;
        f.sip_domain = c.who.domain;
        f.manual = c.options.server;
        list = order_candidates(f);
    } else {
        list = co_await discover_servers(c, cached, std::move(on_server), out.signs);
    }
    for (auto& one : list.candidates) trust_or_not(c, one);
    if (list.candidates.empty())
        c.trace.not_run("discovery.trust", trace::not_run_reason::not_applicable, "there is no server to judge");
    trace_candidates(c, list);
    out.candidates = std::move(list.candidates);
    co_return out;
}

}  // namespace ucsignin::signin::discovery
