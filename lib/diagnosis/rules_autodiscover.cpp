// Stage 2: autodiscover by web: what each failed document means.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

draft about_url(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    const auto url = url_of(s);
    found.seen(s).about(host_of_url(url)).with("host", host_of_url(url)).with("port", port_of_url(url));
    return found;
}

std::string told(const span& s) {
    const auto server = s.text(ev::http_server);
    return fmt::format(
        "{} answered {}{}.", url_of(s), s.number(ev::http_status).value_or(0),
        server.empty() ? "" : fmt::format(" (server: {})", server));
}

// -- the wrong host behind a lyncdiscover name --

bool is_secure(const span& s) { return lower(url_of(s)).starts_with("https://"); }

bool is_first_name(const case_view& view, const std::string& host) {
    return host == "lyncdiscover." + view.domain || host == "lyncdiscoverinternal." + view.domain;
}

bool names_mismatch(const span& s) {
    return s.word(ev::http_fault) == "certificate" && s.has(ev::x509_name_matches) && !s.is(ev::x509_name_matches);
}

bool certificate_is_ours(const case_view& view, const span& s) {
    const auto names = s.texts(ev::x509_name);
    return names.empty() || std::ranges::any_of(names, [&](const std::string& n) {
               return is_under(n.starts_with("*.") ? n.substr(2) : n, view.domain);
           });
}

bool wildcard_leads_to(const case_view& view, const std::string& host) {
    const auto* s = view.trace.latest("discovery.wildcard");
    if (!s || s->branch != "yes") return false;
    const auto everywhere = s->texts(ev::dns_address);
    const auto& own = addresses_of_name(view, host);
    return std::ranges::any_of(everywhere, [&](const std::string& a) { return std::ranges::binary_search(own, a); });
}

// All addresses of the name are those of the Edge.
bool leads_to_edge(const case_view& view, const std::string& host) {
    std::set<std::string> edge;
    constexpr chart::node_ref records[] = {"discovery.srv_external", "discovery.host_external"};
    for (const auto node : records)
        if (const auto* s = view.trace.latest(node))
            for (auto& a : s->texts(ev::dns_address)) edge.insert(std::move(a));
    const auto& own = addresses_of_name(view, host);
    return !own.empty() && std::ranges::all_of(own, [&](const std::string& a) { return edge.contains(a); });
}

// What speaks for a stranger at the host of a lyncdiscover name, in a sentence; "" when nothing does.
std::string stranger_at(const case_view& view, const std::string& host) {
    if (wildcard_leads_to(view, host)) return {};
    bool page = false, secure_fails = false;
    for (const auto* s : view.trace.all("discovery.autodiscover_root")) {
        if (host_of_url(url_of(*s)) != host) continue;
        if (s->branch == "user_and_domain" || s->branch == "redirect") return {};
        const auto names = s->texts(ev::x509_name);
        if (names_mismatch(*s) && !certificate_is_ours(view, *s))
            return fmt::format("The certificate is issued for {}.", fmt::join(names, ", "));
        const auto fault = s->word(ev::http_fault);
        const bool no_web_server = fault == "closed" || fault == "reset" || fault == "protocol";
        if ((names_mismatch(*s) || (is_secure(*s) && no_web_server)) && leads_to_edge(view, host))
            return "It has the address of the Edge, which is not a web server.";
        page = page || (!is_secure(*s) && s->branch == "not_autodiscover");
        secure_fails = secure_fails || (is_secure(*s) && went_wrong(*s) && !s->has(ev::http_status));
    }
    return page && secure_fails ? "It serves a web page over HTTP, and nothing usable over HTTPS." : "";
}

std::map<std::string, std::string> strangers(const case_view& view) {
    std::map<std::string, std::string> all;
    for (const auto* name : {"lyncdiscover.", "lyncdiscoverinternal."})
        all[name + view.domain] = stranger_at(view, name + view.domain);
    return all;
}

maybe wrong_host(const case_view& view, const span& s) {
    const auto host = host_of_url(url_of(s));
    if (!s.is_at("discovery.autodiscover_root") || !is_first_name(view, host) || one_certificate_for_all(view))
        return {};
    const auto& why = view.once(strangers).at(host);
    if (why.empty()) return {};
    auto found = about_url(view, s, "dns-lyncdiscover-wrong-host");
    found.title(fmt::format("{} leads to somebody else's host", host)).known_by(why);
    const auto& addresses = addresses_of_name(view, host);
    if (!addresses.empty()) found.known_by(fmt::format("DNS points it at {}.", addresses.front()));
    if (const auto* w = view.trace.latest("discovery.wildcard"); w && w->branch == "no")
        found.not_because("dns-wildcard-catch-all", "a made-up name does not resolve");
    return found.not_because("ad-not-xml", "the host does not even have a certificate for that name").done();
}

maybe redirect_loop(const case_view& view, const span& s) {
    const auto hops = s.texts(ev::http_hop);
    const std::set<std::string> distinct(hops.begin(), hops.end());
    const bool back_at_start = std::ranges::find(hops, url_of(s)) != hops.end();
    if (distinct.size() == hops.size() && !back_at_start && hops.size() <= 10) return {};
    return about_url(view, s, "ad-redirect-loop")
        .known_by(fmt::format("The path was: {}.", fmt::join(hops, " -> ")))
        .done();
}

maybe preauthentication(const case_view& view, const span& s) {
    const auto hops = s.texts(ev::http_hop);
    const bool form = !hops.empty() && (looks_like_log_in(hops.back()) || looks_like_log_in(url_of(s)));
    const bool asks = s.number(ev::http_status) == 401 && !s.is_at("discovery.autodiscover_user");
    if (!form && !asks) return {};
    auto found = about_url(view, s, "ad-preauth");
    found.known_by(
        form ? fmt::format("It leads to {}.", looks_like_log_in(url_of(s)) ? url_of(s) : hops.back()) : told(s));
    return found.not_because("wt-401-loop", "autodiscover's root needs no log-in").done();
}

// A page of what stands before the pool is not the pool's word on a user; nor is the page with which IIS itself keeps a
// client out (an address list, TLS that is demanded).
bool is_word_of_the_pool(const span& s) {
    const bool kept_out = s.number(ev::http_status) == 403 && holds(s.text(ev::http_type), "html");
    return !is_foreign_page(s) && !kept_out;
}

maybe unknown_user(const case_view& view, const span& s) {
    if (s.branch != "unknown_user" || !is_word_of_the_pool(s)) return {};
    return about_url(view, s, "ad-user-unknown").about(view.user).known_by(told(s)).done();
}

// The refusal of a document has many reasons, and the pool names them by number.
maybe by_number(const case_view& view, const span& s) {
    const bool of_user = s.is_at("discovery.autodiscover_user");
    auto found = of_user && s.has(ev::diagnostics_id) ? explain_web_number(view, s) : maybe{};
    if (found) found->stage = s.stage;
    return found;
}

// Not of the registry of HTTP: networks for content and balancers say so that they do not reach what is behind them.
bool is_gateways_own(std::int64_t status) { return (status >= 520 && status <= 530) || status == 598 || status == 599; }

maybe by_status(const case_view& view, const span& s) {
    const auto status = s.number(ev::http_status).value_or(0);
    const bool of_user = s.is_at("discovery.autodiscover_user");
    std::optional<finding_ref> id;
    if (of_user && (status == 404 || status == 403) && is_word_of_the_pool(s)) id = "ad-user-unknown"_finding;
    else if (status == 403) id = "ad-403"_finding;
    else if (status == 404) id = "ad-404"_finding;
    else if (status == 502 || status == 504 || is_gateways_own(status)) id = "ad-502-504"_finding;
    else if (status == 503) id = "ad-503"_finding;
    else if (status == 429) id = "ad-503"_finding;
    else if (status >= 500) id = "ad-500"_finding;
    else if (status >= 400 && status != 401) id = "ad-404"_finding;
    else return {};
    auto found = about_url(view, s, *id);
    if (!is_secure(s)) tell_of_plain_http(view, s, found);
    const bool own = is_gateways_own(status);
    if ((id == "ad-404"_finding && status != 404) || status == 429 || own)
        found.as(own ? certainty::likely : certainty::possible)
            .title(fmt::format("Autodiscover at {} is answered with HTTP {}", host_of_url(url_of(s)), status));
    if (status != 429) blame_gateway(found, s, host_of_url(url_of(s)), "/autodiscover");
    return found.known_by(told(s)).done();
}

maybe user_without_server(const case_view& view, const span& s) {
    const bool document = s.number(ev::http_status) == 200 && holds(s.text(ev::http_type), "autodiscover");
    if (!s.is_at("discovery.autodiscover_user") || !document) return {};
    return about_url(view, s, "ad-partial-no-sip-endpoint")
        .about(view.user)
        .known_by(fmt::format("{} names none.", url_of(s)))
        .done();
}

maybe not_xml(const case_view& view, const span& s) {
    const auto status = s.number(ev::http_status).value_or(0);
    if (s.branch != "not_autodiscover" && (status < 200 || status > 299)) return {};
    auto found = about_url(view, s, "ad-not-xml");
    if (status != 200 && status != 0)
        found.title(
            fmt::format("{} answers with HTTP {} and no autodiscover document", host_of_url(url_of(s)), status));
    if (const auto how = s.text(ev::http_encoding); !how.empty())
        return found
            .title(fmt::format(
                "Autodiscover at {} answers in a compression that clients do not read ({})", host_of_url(url_of(s)),
                how))
            .known_by("No compression was asked for; what came could not be unpacked.")
            .remedy(
                "reverse-proxy admin",
                "Switch compression off for the web services, or leave it to the client's Accept-Encoding.")
            .done();
    const auto type = s.text(ev::http_type);
    found.known_by(fmt::format(
        "{} answered with {}.", url_of(s), type.empty() ? "something that is not an autodiscover document" : type));
    return found.not_because("ad-404", fmt::format("the status was {}", status)).done();
}

maybe certificate(const case_view& view, const span& s) {
    if (s.word(ev::http_fault) != "certificate") return {};
    const auto names = s.texts(ev::x509_name);
    const bool mismatch = names_mismatch(s), ours = certificate_is_ours(view, s);
    if (mismatch && !ours && wildcard_leads_to(view, host_of_url(url_of(s))))
        return {};                                                      // told as dns-wildcard-catch-all
    if (mismatch && !ours && one_certificate_for_all(view)) return {};  // as net-captive-portal
    const bool chain_bad = std::ranges::any_of(
        s.together(ev::x509_error_code), [](const trace::values& e) { return e.number(ev::x509_error_code) != 62; });
    const auto host = host_of_url(url_of(s));
    // By a document, not by DNS; but where the network makes names up, it leads there.
    const bool led_there = !ours && !is_first_name(view, host) && !unrelated_names_resolve(view);
    if (!mismatch || (chain_bad && ours) || led_there) return explain_certificate(view, s);
    auto found = about_url(view, s, ours ? "ad-https-cert-name"_finding : "dns-lyncdiscover-wrong-host"_finding);
    found.title(
        ours ? fmt::format("The certificate of {} does not cover that name", host)
             : fmt::format("{} leads to somebody else's host", host));
    if (!names.empty()) found.known_by(fmt::format("The certificate is issued for {}.", fmt::join(names, ", ")));
    return found.done();
}

// Documents that were answered, the last one last; and of those, the ones that say where the server sees us.
struct answered_documents {
    visits all, sided;
};

answered_documents documents_answered(const case_view& view) {
    answered_documents found;
    constexpr chart::node_ref documents[] = {
        "discovery.autodiscover_root", "discovery.autodiscover_user", "discovery.autodiscover_domain"};
    for (const auto node : documents)
        for (const auto* s : view.trace.all(node)) {
            if (!s->has(ev::http_status)) continue;
            found.all.push_back(s);
            if (!s->text(ev::access_location).empty()) found.sided.push_back(s);
        }
    return found;
}

const span* last_but(const visits& all, const span& this_one) {
    const auto at = std::ranges::find_if(all.rbegin(), all.rend(), [&](const span* s) { return s != &this_one; });
    return at == all.rend() ? nullptr : *at;
}

// A document named a host that DNS does not know here.
maybe name_unknown(const case_view& view, const span& s) {
    const auto host = host_of_url(url_of(s));
    if (s.word(ev::http_fault) != "dns" || is_first_name(view, host)) return {};
    const auto& documents = view.once(documents_answered);
    const auto *last = last_but(documents.all, s), *sided = last_but(documents.sided, s);
    const auto side = sided ? lower(sided->text(ev::access_location)) : std::string{};
    const auto way = last ? url_of(*last) : std::string{};
    // A foreign name that simply does not exist is a question of trust; names of the inside end like these, or lie
    // below the domain.
    const bool internal_kind = is_inside_name(host, view.domain);
    if (side != "internal" && !internal_kind) return {};
    auto found = about_url(
        view, s, side == "internal" ? "ad-internal-urls-outside"_finding : "ad-host-header-rewritten"_finding);
    found.as(side.empty() ? certainty::possible : certainty::likely)
        .title(fmt::format("Autodiscover leads to {}, which does not resolve from here", host));
    found.known_by(fmt::format(
        "{} names {}{}.", way.empty() ? "A document" : way, host, side.empty() ? "" : ", and considers us " + side));
    if (side != "internal") found.not_because("ad-internal-urls-outside", "the server does not consider us inside");
    return found.done();
}

std::set<std::string> hosts_on_the_way_to_documents(const case_view& view) {
    std::set<std::string> all;
    for (const auto* s : view.trace.all("discovery.autodiscover_root")) {
        if (s->branch != "user_and_domain") continue;
        all.insert(host_of_url(url_of(*s)));
        for (const auto& hop : s->texts(ev::http_hop)) all.insert(host_of_url(hop));
    }
    return all;
}

// The document came by another way (https instead of http, say): then this way does not matter.
bool answered_otherwise(const case_view& view, const std::string& host) {
    return view.once(hosts_on_the_way_to_documents).contains(host);
}

// The kernel of this PC knows no way there: no router on the way was asked.
bool no_way_from_here(const case_view& view) {
    return std::ranges::any_of(view.trace.at("connection.tcp"), [](const span* s) {
        const auto codes = s->texts(ev::connect_errno);
        return std::ranges::find(codes, "ENETUNREACH") != codes.end();
    });
}

maybe no_connection(const case_view& view, const span& s) {
    const auto fault = s.word(ev::http_fault);
    if (fault == "unreachable" && view.once(no_way_from_here)) return {};
    const bool of_root = s.is_at("discovery.autodiscover_root");
    if (of_root && answered_otherwise(view, host_of_url(url_of(s)))) return {};
    if (auto found = explain_filtered_name(view, s)) return found;
    if (auto found = explain_captive_portal(view, s)) return found;
    if (auto found = explain_unanswered_request(view, s)) return found;
    if (auto found = explain_web_tls(view, s)) return found;
    const auto host = host_of_url(url_of(s)), port = port_of_url(url_of(s));
    if (fault == "protocol")
        return about_url(view, s, "ad-not-xml")
            .as(certainty::likely)
            .title(fmt::format("{} answers at port {}, and not in HTTP that can be read", host, port))
            .known_by(fmt::format("{}.", s.text(ev::http_error)))
            .done();
    std::optional<finding_ref> id;
    if (fault == "refused") id = "net-tcp-refused"_finding;
    else if (fault == "timed_out") id = "net-tcp-filtered"_finding;
    else if (fault == "unreachable") id = "net-host-unreachable"_finding;
    else if (fault == "reset" || fault == "closed") id = "net-lb-no-member"_finding;
    else if (fault == "proxy")
        id = s.number(ev::proxy_status) == 407 ? "net-proxy-407"_finding : "net-proxy-connect-denied"_finding;
    else return {};
    auto found = about_url(view, s, *id);
    found.about(host + ":" + port).as(certainty::likely);
    if (const auto why = s.text(ev::http_error); !why.empty()) found.known_by(fmt::format("{}: {}.", url_of(s), why));
    return found.done();
}

constexpr auto autodiscover_cause_table = std::to_array<span_rule>(
    {by_number, explain_network_gate, explain_answer_on_the_way, explain_link, redirect_loop, wrong_host,
     preauthentication, unknown_user, certificate, name_unknown, explain_foreign_redirect, by_status,
     user_without_server, not_xml, no_connection});

}  // namespace

// Hops are the addresses that were asked before this one.
maybe explain_foreign_redirect(const case_view& view, const trace::span& s) {
    auto way = s.texts(ev::http_hop);
    if (way.empty()) return {};
    way.push_back(url_of(s));
    const auto foreign = std::ranges::find_if_not(
        way, [&](const std::string& url) { return is_under(host_of_url(url), view.domain); });
    const bool own_name = s.has(ev::trust_own_name) ? s.is(ev::trust_own_name) : s.is(ev::candidate_trusted);
    if (foreign == way.end() || own_name) return {};
    auto found = about_url(view, s, "ad-redirect-foreign-domain");
    found.about(host_of_url(*foreign)).known_by(fmt::format("The path was: {}.", fmt::join(way, " -> ")));
    if (!is_secure(s) &&
        std::ranges::none_of(way, [](const std::string& u) { return lower(u).starts_with("https://"); }))
        tell_of_plain_http(view, s, found);
    return found.not_because("ad-redirect-loop", "no address was visited twice").done();
}

std::span<const span_rule> autodiscover_causes() { return autodiscover_cause_table; }

}  // namespace ucsignin::diagnosis
