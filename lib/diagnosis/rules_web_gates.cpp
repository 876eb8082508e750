// Who asks for a log-on before web requests although no server of the pool does: a gate of the network itself.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

// Pages at which web filters and guest networks let people log on, by their makers' names and paths.
bool is_gate_page(std::string_view url) {
    const auto host = host_of_url(url);
    const bool by_name = std::ranges::any_of(
        std::array{"zscaler", "zscloud.net", "captiveportal", "captive-portal"},
        [&](const char* part) { return holds(host, part); });
    return by_name || holds(url, "/fgtauth?") || holds(url, "/captiveportal") || holds(url, "/captive-portal");
}

// The address of such a page, where a redirect led to one.
std::string gate_page(const span& s) {
    auto places = s.texts(ev::http_redirect);
    for (auto& hop : s.texts(ev::http_hop)) places.push_back(std::move(hop));
    places.push_back(s.text(ev::http_location));
    places.push_back(url_of(s));
    const auto at = std::ranges::find_if(places, is_gate_page);
    return at == places.end() ? std::string{} : *at;
}

}  // namespace

// An origin does not answer 511 (RFC 6585 6).
maybe explain_network_gate(const case_view& view, const span& s) {
    const auto page = gate_page(s);
    const bool by_status = s.number(ev::http_status) == 511;
    if (page.empty() && !by_status) return {};
    const auto url = url_of(s), host = host_of_url(url);
    draft found(view, "net-captive-portal");
    found.seen(s).about(host).as(certainty::likely);
    found.title(fmt::format("This network wants a log-on in the browser before {}", host));
    found.remedy(
        "user, network admin",
        fmt::format(
            "Open {} in a browser, log on to the network there, sign in again. Where people sign in unattended: exempt "
            "{} and the names below it from that log-on.",
            url, view.domain));
    auto made = found.not_because("certprov-500", "the service itself did not answer")
                    .not_because("ad-preauth", "the page is that of a network, not of the pool's reverse proxy")
                    .done();
    made->explanation = by_status
                            ? fmt::format(
                                  "{} was answered with HTTP 511, Network Authentication Required. Servers do not "
                                  "send it; the network on the way does, for a log-on of its own (RFC 6585).",
                                  url)
                            : fmt::format("{} leads to {}, the log-on of a web filter or guest network.", url, page);
    return made;
}

}  // namespace ucsignin::diagnosis
