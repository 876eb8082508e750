// Stage 2: a server hands out addresses in its documents and headers, and what stands before it spoils them on the way:
// scheme, host or port of its own side, or the header that names the ticket service. What the links themselves say;
// whether they lead anywhere is rules_autodiscover.cpp's.
#include <map>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

bool is_address(std::string_view host) { return trace::sort_of_ipv4(host) || is_ipv6(host); }

std::string without_query(std::string_view url) { return std::string(url.substr(0, url.find('?'))); }

using documents_by_link = std::map<std::string, const span*>;

documents_by_link sort_links(const case_view& view) {
    documents_by_link all;
    for (const auto& s : view.trace.spans)
        for (const auto& href : s.texts(ev::link_href)) all.try_emplace(without_query(href), &s);
    return all;
}

// The document that named this address; null when none did.
const span* named_in(const case_view& view, const std::string& url) {
    const auto& all = view.once(sort_links);
    const auto at = all.find(without_query(url));
    return at == all.end() ? nullptr : at->second;
}

draft about_link(const case_view& view, const span& s, finding_ref id) {
    draft found(view, id);
    const auto url = s.text(ev::http_url), host = host_of_url(url);
    found.seen(s).about(host).with("host", host).with("port", port_of_url(url)).as(certainty::likely);
    return found;
}

// Behind the reverse proxy the pool listens at ports of its own; a document that names one was not rewritten.
maybe port_of_the_inside(const case_view& view, const span& s, const span& document) {
    const auto port = port_of_url(s.text(ev::http_url));
    const auto fault = s.word(ev::http_fault);
    const bool no_way = fault == "refused" || fault == "timed_out" || fault == "unreachable";
    if ((port != "4443" && port != "8080") || !no_way) return {};
    auto found = about_link(view, s, "ad-host-header-rewritten");
    found.title(fmt::format("Autodiscover names port {}, at which the pool listens for its reverse proxy only", port));
    return found
        .known_by(
            fmt::format("{} names {}; {}.", document.text(ev::http_url), s.text(ev::http_url), s.text(ev::http_error)))
        .not_because("ad-internal-urls-outside", "the host itself resolves from here")
        .done();
}

// A certificate names hosts, so an address in a link fails at the latest there.
maybe address_for_a_name(const case_view& view, const span& s, const span& document) {
    const auto host = host_of_url(s.text(ev::http_url));
    if (!is_address(host)) return {};
    auto found = about_link(view, s, "ad-host-header-rewritten");
    found.title(fmt::format("Autodiscover names the address {} where a host name belongs", host));
    return found.known_by(fmt::format("{} names {}.", document.text(ev::http_url), s.text(ev::http_url)))
        .not_because("ad-https-cert-name", "no certificate is issued for an address that a proxy forwards to")
        .done();
}

// A redirect that keeps the host and changes the port leads to where the host listens for what stands before it.
maybe redirect_to_another_port(const case_view& view, const span& s) {
    const auto url = s.text(ev::http_url), port = port_of_url(url);
    const auto fault = s.word(ev::http_fault);
    const auto hops = s.texts(ev::http_hop);
    if (hops.empty() || host_of_url(hops.back()) != host_of_url(url) || port == "443" || port == "80" ||
        (fault != "refused" && fault != "timed_out" && fault != "unreachable"))
        return {};
    auto found = about_link(view, s, "ad-host-header-rewritten");
    found.title(fmt::format("{} redirects to its port {}, which is not for clients", host_of_url(url), port));
    return found.known_by(fmt::format("{} leads to {}; {}.", hops.back(), url, s.text(ev::http_error)))
        .remedy("reverse-proxy admin", std::string(let_redirects_name_what_clients_use))
        .not_because("ad-redirect-loop", "no address came twice")
        .done();
}

// To another domain, which is trusted, and to nothing there: of a service that had these users once, or will have them.
maybe way_abroad(const case_view& view, const span& s) {
    const auto host = host_of_url(s.text(ev::http_url));
    const bool vouched_for = s.is(ev::candidate_trusted) || s.is(ev::trust_own_name);  // a portal's redirect is not
    if (!vouched_for || s.word(ev::http_fault) != "dns" || is_under(host, view.domain) ||
        is_inside_name(host, view.domain))
        return {};
    auto found = about_link(view, s, "ad-redirect-foreign-domain");
    const bool cloud = is_under(host, "lync.com") || is_under(host, "skype.com") || is_under(host, "partner.lync.cn");
    found.title(
        cloud ? fmt::format("Autodiscover for {} still leads to Skype for Business Online ({})", view.domain, host)
              : fmt::format("Autodiscover for {} leads to {}, which does not resolve", view.domain, host));
    const auto* document = named_in(view, s.text(ev::http_url));
    if (document) found.known_by(fmt::format("{} names it.", document->text(ev::http_url)));
    return found.not_because("ad-redirect-loop", "no address came twice").done();
}

// 401 says where the ticket service is (MS-OCAUTHWS 3.1): without that, whatever took the header away, nobody can go
// on.
maybe ticket_service_unnamed(const case_view& view, const span& s) {
    if (!s.is_at("discovery.autodiscover_user") || s.number(ev::http_status) != 401 || s.branch != "error" ||
        s.has(ev::diagnostics_id))
        return {};
    const auto challenges = s.texts(ev::http_authenticate);
    auto found = about_link(view, s, challenges.empty() ? "ad-host-header-rewritten"_finding : "ad-preauth"_finding);
    const auto host = host_of_url(s.text(ev::http_url));
    found.title(fmt::format("{} refuses the user's document without naming the ticket service", host));
    found.known_by(
        challenges.empty() ? "Its 401 lacks X-MS-WebTicketURL, which a reverse proxy has to pass on."
                           : fmt::format(
                                 "Its 401 lacks X-MS-WebTicketURL and offers {} in its place: a log-in of the gateway.",
                                 fmt::join(challenges, ", ")));
    return found
        .remedy(
            "reverse-proxy admin",
            fmt::format(
                "Pass the headers of {} on as they are (X-MS-WebTicketURL among them), without a log-in of its own.",
                host))
        .not_because("reg-wrong-password", "no password was asked for")
        .done();
}

// Where TLS ends before the pool, its documents may name plain HTTP; no credentials go there.
maybe plain_http_named(const case_view& view, const span& s) {
    if (!s.is_at("discovery.autodiscover_user") || s.branch != "ticket_wanted" ||
        !s.text(ev::http_url).starts_with("http://"))
        return {};
    const auto* document = named_in(view, s.text(ev::http_url));
    auto found = about_link(view, s, "ad-host-header-rewritten");
    found.title(fmt::format("Autodiscover names {}, plain HTTP, for the user's document", s.text(ev::http_url)));
    if (document) found.seen(*document).known_by(fmt::format("{} names it.", document->text(ev::http_url)));
    return found.known_by("No log-in is sent in clear text, so the document stays closed.")
        .remedy(
            "reverse-proxy admin",
            "Let TLS go on to the pool (bridging to port 4443), so that it names https addresses; do not end TLS "
            "before it.")
        .done();
}

}  // namespace

maybe explain_link(const case_view& view, const span& s) {
    if (const auto* document = named_in(view, s.text(ev::http_url))) {
        if (auto found = port_of_the_inside(view, s, *document)) return found;
        if (auto found = address_for_a_name(view, s, *document)) return found;
    }
    if (auto found = redirect_to_another_port(view, s)) return found;
    if (auto found = ticket_service_unnamed(view, s)) return found;
    return way_abroad(view, s);
}

maybe plain_http_link(const case_view& view) {
    for (const auto* s : view.trace.all("discovery.autodiscover_user"))
        if (auto found = plain_http_named(view, *s)) return found;
    return {};
}

}  // namespace ucsignin::diagnosis
