#include "signin/discovery/discovery.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "signin/discovery/autodiscover.hpp"

namespace ucsignin::signin::discovery {
namespace {

using trace::outcome;

void trace_start(context& c) {
    auto domain = c.trace.open("discovery.sip_domain", c.who.domain);
    domain.note(ev::sip_domain, c.who.domain).finish("as_in_address", outcome::ok, c.who.domain);
    auto cached = c.trace.open("discovery.cached_server");
    cached.finish("none", outcome::ok, "no cache is used");
    auto manual = c.trace.open("discovery.manual_server");
    if (!c.options.server) return manual.finish("no", outcome::ok, "servers are discovered");
    manual.note(ev::server_address, c.options.server->host);
    manual.finish("yes", outcome::ok, c.options.server->host + " was given by hand: nothing is discovered");
}

void skip_discovery(context& c) {
    constexpr auto why = "a server was given by hand";
    const auto reason = trace::not_run_reason::not_applicable;
    for (const auto& node : chart::nodes())
        if (node.stage == 2 && node.id != "discovery.trust" && node.id != "discovery.candidates" && !c.trace.visited(node.id))
            c.trace.not_run(node, reason, why);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char ch) { return static_cast<char>(std::tolower(ch)); });
    return text;
}

void trace_trust(context& c, candidate& one) {
    auto span = c.trace.open("discovery.trust", one.server.host);
    const bool under = is_under(one.server.host, c.who.domain);
    span.note(ev::candidate, one.name()).note(ev::under_domain, under);
    one.trusted = one.origin == origin::manual || one.origin == origin::redirect || c.trusts(one.server.host);
    if (under) span.finish("same_domain", outcome::ok, one.server.host + " belongs to " + c.who.domain);
    else if (one.trusted) span.finish("trusted", outcome::ok, one.server.host + " is trusted though it is outside of " + c.who.domain);
    else span.finish("would_prompt", outcome::warning, one.server.host + " is outside of " + c.who.domain + ": the client would ask the user; no credentials go there");
}

void trace_candidates(context& c, const ordered& list) {
    auto span = c.trace.open("discovery.candidates");
    for (const auto& one : list.candidates)
        span.note(ev::candidate, one.name()).note(ev::candidate_origin, std::string(to_string(one.origin))).note(ev::candidate_trusted, one.trusted);
    span.decide(list.decision);
    if (list.candidates.empty()) span.finish("empty", outcome::failed, "there is no server to try");
    else span.finish("list", outcome::ok, list.decision.chosen);
}

void trace_records(context& c, const lookups& asked, const autodiscovered& web) {
    auto span = c.trace.open("discovery.records");
    std::string list;
    for (const auto* l : {&asked.autodiscover_internal, &asked.autodiscover_external, &asked.srv_internal, &asked.srv_external,
                          &asked.host_internal, &asked.host_sip, &asked.host_external})
        if (l->resolved()) list += (list.empty() ? "" : ", ") + l->name;
    if (list.empty() && !web.any_answer) span.finish("none", outcome::warning, "nothing was found");
    else span.finish("some", outcome::ok, list);
}

// Decided again: only now is it known that the name answers where it should not.
void trace_visible_outside(context& c, const looked_up& internal) {
    auto span = c.trace.open("discovery.autodiscover_internal", internal.name);
    span.note(ev::dns_name, internal.name);
    for (const auto& address : internal.addresses()) span.note(ev::dns_address, address.to_string());
    span.finish("unexpected_there", outcome::warning, internal.name + " resolves outside, which makes the client think that it is inside");
}

std::vector<devices::resolver_seen> resolvers_seen(context& c, const lookups& asked) {
    std::vector<devices::resolver_seen> seen;
    for (const auto& server : c.resolver.servers()) seen.push_back({net::to_string(server), "not asked", false, 0});
    for (const auto* l : {&asked.autodiscover_internal, &asked.autodiscover_external, &asked.srv_external, &asked.host_sip}) {
        for (const auto& a : l->answers) {
            const auto at = std::ranges::find(seen, a.resolver, &devices::resolver_seen::address);
            if (at != seen.end()) *at = {a.resolver, std::string(net::to_string(a.state)), true, a.latency_ms};
            else if (a.resolver.empty())
                for (auto& s : seen)
                    if (!s.answered) s.state = std::string(net::to_string(a.state));
        }
    }
    // A later resolver is asked only when the one before it failed: silence of one that was not asked says nothing.
    const bool any = std::ranges::any_of(seen, &devices::resolver_seen::answered);
    if (any) std::erase_if(seen, [](const auto& s) { return !s.answered && s.state == "not asked"; });
    return seen;
}

void trace_names(context& c, const lookups& asked) {
    devices::trace_resolvers(c, resolvers_seen(c, asked));
    std::vector<devices::name_asked> names;
    for (const auto* l : {&asked.autodiscover_internal, &asked.autodiscover_external, &asked.host_internal, &asked.host_sip, &asked.host_external})
        names.push_back({l->name, l->answered(), l->addresses()});
    devices::trace_names(c, names);
}

vantage conclude_vantage(const context& c, const lookups& asked, const autodiscovered& web) {
    if (c.options.vantage != vantage::unknown) return c.options.vantage;
    if (lower(web.access_location) == "internal") return vantage::inside;
    if (lower(web.access_location) == "external") return vantage::outside;
    if (asked.autodiscover_internal.resolved() || !usable_services(asked.srv_internal).empty()) return vantage::inside;
    if (asked.autodiscover_external.resolved() || !usable_services(asked.srv_external).empty()) return vantage::outside;
    return vantage::unknown;
}

// Internal first, as the client does; external when that leads to no document.
net::awaitable<autodiscovered> run_autodiscover(context& c, std::shared_ptr<lookups> asked) {
    co_await asked->autodiscover_done.wait(c.until.dns());
    autodiscovered found;
    if (asked->autodiscover_internal.resolved()) found = co_await autodiscover(c, asked->autodiscover_internal.name);
    if (!found.any_answer && asked->autodiscover_external.resolved()) found = co_await autodiscover(c, asked->autodiscover_external.name);
    for (const auto node : {chart::node_ref("discovery.autodiscover_root"), chart::node_ref("discovery.autodiscover_user"), chart::node_ref("discovery.autodiscover_domain")})
        if (!c.trace.visited(node->id))
            c.trace.not_run(node, trace::not_run_reason::not_applicable, found.any_answer ? "not needed" : "no Autodiscover service was found");
    co_return found;
}

net::awaitable<ordered> discover_servers(context& c, server_found on_server, vantage& where) {
    auto asked = std::make_shared<lookups>(c.executor);
    ask_all(c, asked, std::move(on_server));
    const auto web = co_await run_autodiscover(c, asked);
    co_await asked->done.wait(c.until.dns());
    trace_names(c, *asked);
    where = conclude_vantage(c, *asked, web);
    decide_vantage(c, asked->autodiscover_internal.resolved(), web.access_location, std::nullopt);
    if (where == vantage::outside && asked->autodiscover_internal.resolved()) trace_visible_outside(c, asked->autodiscover_internal);
    trace_records(c, *asked, web);
    found f{c.who.domain, c.options.server, web.internal_access, web.external_access, web.access_location,
            usable_services(asked->srv_internal), usable_services(asked->srv_external),
            asked->host_internal.resolved(), asked->host_sip.resolved(), asked->host_external.resolved(), where};
    co_return order_candidates(f);
}

}  // namespace

void decide_vantage(context& c, bool internal_name_resolves, const std::string& access_location, std::optional<bool> remote_user) {
    auto span = c.trace.open("discovery.vantage");
    if (!access_location.empty()) span.note(ev::access_location, access_location);
    const bool said_inside = lower(access_location) == "internal" || remote_user == false;
    const bool said_outside = lower(access_location) == "external" || remote_user == true;
    const auto by_hand = c.options.vantage;
    const bool inside = by_hand == vantage::inside || (by_hand == vantage::unknown && said_inside && !said_outside);
    const bool outside = by_hand == vantage::outside || (by_hand == vantage::unknown && said_outside);
    const std::string client = internal_name_resolves ? "inside" : "outside";
    span.note(ev::vantage, std::string(inside ? "inside" : outside ? "outside" : "unsure")).note(ev::client_side, client);
    const auto client_says = ", and the client would conclude " + client;
    if (inside) span.finish(internal_name_resolves ? "inside_agrees" : "inside_disagrees", internal_name_resolves ? outcome::ok : outcome::warning, "inside" + client_says);
    else if (outside) span.finish(internal_name_resolves ? "outside_disagrees" : "outside_agrees", internal_name_resolves ? outcome::warning : outcome::ok, "outside" + client_says);
    else span.finish("unsure", outcome::unknown, "no server told where it sees us; the client would conclude " + client);
}

net::awaitable<discovered> discover(context& c, server_found on_server) {
    trace_start(c);
    discovered out;
    ordered list;
    if (c.options.server) {
        skip_discovery(c);
        found f;
        f.sip_domain = c.who.domain;
        f.manual = c.options.server;
        list = order_candidates(f);
    } else {
        list = co_await discover_servers(c, std::move(on_server), out.vantage);
    }
    for (auto& one : list.candidates) trace_trust(c, one);
    if (list.candidates.empty()) c.trace.not_run("discovery.trust", trace::not_run_reason::not_applicable, "there is no server to judge");
    trace_candidates(c, list);
    out.candidates = std::move(list.candidates);
    co_return out;
}

}  // namespace ucsignin::signin::discovery
