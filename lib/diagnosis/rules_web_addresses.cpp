// Addresses of the inside that a service, or what stands before it, hands out to clients: in its descriptions and in
// redirects. Autodiscover's own links are rules_autodiscover_links.cpp's.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

draft about_address(const case_view& view, const span& s, const std::string& by, const std::string& url) {
    draft found(view, "ad-host-header-rewritten");
    const auto host = host_of_url(url);
    found.seen(s).about(host).with("host", host).as(certainty::likely);
    found.title(fmt::format("{} hands out {}, which is an address of the inside", by, url));
    return found;
}

// The hosts that Autodiscover itself names for the inside.
std::set<std::string> named_for_the_inside(const case_view& view) {
    std::set<std::string> all;
    for (const auto& s : view.trace.spans)
        for (const auto& link : s.together(ev::link_purpose))
            if (link.text(ev::link_purpose).starts_with("Internal/"))
                all.insert(lower(host_of_url(link.text(ev::link_href))));
    return all;
}

// A name right below the domain may as well be an outside one whose record is missing.
bool is_surely_inside(const case_view& view, const std::string& host) {
    const bool right_below = is_under(host, view.domain) &&
                             std::ranges::count(host, '.') == std::ranges::count(view.domain, '.') + 1;
    return is_inside_name(host, view.domain) && (!right_below || view.once(named_for_the_inside).contains(lower(host)));
}

// What a service names in its description, or where the last redirect to it led.
std::string address_given(const span& s) {
    const auto hops = s.texts(ev::http_redirect);
    const auto endpoint = s.text(ev::ticket_endpoint);
    if (!endpoint.empty()) return endpoint;
    return hops.empty() ? url_of(s) : hops.back();
}

// A server hands out addresses in many places, and a proxy that rewrites host, port or scheme spoils each of them. The
// name of an inside server, or a port on which what stands before it listens for others, is no address for clients.
maybe leads_inside(const case_view& view, const span& s) {
    const auto fault = s.word(ev::http_fault);
    const auto url = address_given(s), asked = url_of(s);
    const auto by = url == asked ? s.text(ev::named_by) : host_of_url(asked);
    const auto host = host_of_url(url), port = port_of_url(url);
    const bool no_way = fault == "dns" || fault == "refused" || fault == "timed_out" || fault == "unreachable";
    const bool listener = port == "4443" || port == "8080" || (s.has(ev::http_redirect) && port != port_of_url(asked));
    const bool bare = is_private(host) && !fault.empty();  // no certificate is issued for it, whoever answers there
    if ((!no_way && !bare) || by.empty() || (host == by && !listener)) return {};
    if (!listener && !bare && !(fault == "dns" && is_surely_inside(view, host))) return {};
    return about_address(view, s, by, url)
        .known_by(fmt::format("{} names it; {}.", by, s.text(ev::http_error)))
        .not_because("certprov-unreachable", "the service that named it answers")
        .done();
}

// A server behind the end of TLS completes a redirect by what it knows of itself: plain HTTP, and a port of its own.
maybe redirect_in_clear(const case_view& view, const span& s) {
    const auto status = s.number(ev::http_status).value_or(0);
    const auto url = s.text(ev::http_location), asked = url_of(s);
    if (status < 300 || status > 399 || !lower(url).starts_with("http://") || !lower(asked).starts_with("https://") ||
        host_of_url(url) != host_of_url(asked))
        return {};
    return about_address(view, s, host_of_url(asked), url)
        .known_by(fmt::format("It was asked for {} and answered {} with that address.", asked, status))
        .remedy("reverse-proxy admin", std::string(let_redirects_name_what_clients_use))
        .not_because("certprov-500", "the service itself was not asked")
        .done();
}

// The same in a description: a service behind the end of TLS knows itself by plain HTTP. No log-in goes there.
maybe endpoint_in_clear(const case_view& view, const span& s) {
    const auto url = s.text(ev::ticket_endpoint), asked = url_of(s);
    if (!lower(url).starts_with("http://") || !lower(asked).starts_with("https://")) return {};
    return about_address(view, s, host_of_url(asked), url)
        .title(fmt::format("{} names {} for its tickets, which is plain HTTP", host_of_url(asked), url))
        .known_by("No log-in is sent without TLS, so nothing was asked there.")
        .remedy(
            "reverse-proxy admin, SfB admin",
            "Let what ends TLS before the service go on to its TLS port (443 to 4443), so that the service describes "
            "itself by https.")
        .not_because("certprov-500", "the service itself was not asked")
        .done();
}

}  // namespace

maybe explain_inside_address(const case_view& view, const span& s) {
    if (auto found = leads_inside(view, s)) return found;
    if (auto found = endpoint_in_clear(view, s)) return found;
    return redirect_in_clear(view, s);
}

}  // namespace ucsignin::diagnosis
