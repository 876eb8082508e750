// Stage 2: who answered for Autodiscover in the place of the server, and who took the request and left it.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

bool in_clear(std::string_view url) { return lower(url).starts_with("http://"); }

// What is sent round among strangers over plain HTTP alone, where no TLS gets through, is a network's log-on first.
maybe led_to_portal(const case_view& view, const span& s) {
    auto way = s.texts(ev::http_hop);
    if (way.empty()) return {};
    way.push_back(url_of(s));
    return std::ranges::all_of(way, in_clear) ? explain_captive_portal(view, s) : maybe{};
}

// Hosts to which the proxy refused a connection, by the span that says so.
std::map<std::string, const span*> refused_by_proxy(const case_view& view) {
    std::map<std::string, const span*> all;
    for (const auto& s : view.trace.spans)
        if (s.stage == 2 && s.word(ev::http_fault) == "proxy" && s.number(ev::proxy_status).value_or(0) >= 400)
            all.try_emplace(host_of_url(url_of(s)), &s);
    return all;
}

// It answers plain HTTP in the server's place with the refusal that it gives to a connection.
maybe by_own_proxy(const case_view& view, const span& s) {
    const auto& all = view.once(refused_by_proxy);
    const auto host = host_of_url(url_of(s));
    const auto at = all.find(host);
    const auto status = s.number(ev::http_status).value_or(0);
    if (status < 400 || !in_clear(url_of(s)) || at == all.end()) return {};
    const auto& connect = *at->second;
    const auto port = port_of_url(url_of(connect));
    const auto refusal = connect.number(ev::proxy_status).value_or(0);
    draft found(view, refusal == 407 ? "net-proxy-407"_finding : "net-proxy-connect-denied"_finding);
    found.seen(connect).seen(s).about(host + ":" + port).with("host", host).with("port", port);
    tell_failed_connect(found, refusal, host + ":" + port);
    return found.as(certainty::likely)
        .known_by(fmt::format("It answers plain HTTP for {} in the same way: HTTP {}.", host, status))
        .done();
}

std::set<std::string> hosts_that_answer_over_tls(const case_view& view) {
    std::set<std::string> all;
    for (const auto& s : view.trace.spans)
        if (s.has(ev::http_status) && !in_clear(url_of(s))) all.insert(host_of_url(url_of(s)));
    return all;
}

// Hosts with which TLS came up, and that left a request without an answer, or with a part of one.
std::set<std::string> hosts_that_leave_requests(const case_view& view) {
    std::set<std::string> all;
    for (const auto& s : view.trace.spans)
        if (s.stage == 2 && tls_came_up(s)) all.insert(host_of_url(url_of(s)));
    return all;
}

}  // namespace

void tell_of_plain_http(const case_view& view, const trace::span& s, draft& found) {
    if (view.once(hosts_that_answer_over_tls).contains(host_of_url(url_of(s)))) return;
    found.as(certainty::likely)
        .known_by(
            "It came over plain HTTP, where a filter or proxy of this network can answer in the server's place; "
            "nothing "
            "came over TLS.");
}

maybe explain_answer_on_the_way(const case_view& view, const trace::span& s) {
    if (auto portal = led_to_portal(view, s)) return portal;
    return by_own_proxy(view, s);
}

// The connection was there, and the request arrived: what is silent or hangs up is the web service, or what stands
// before it. Of plain HTTP the same host's TLS tells.
maybe explain_unanswered_request(const case_view& view, const trace::span& s) {
    const auto fault = s.word(ev::http_fault);
    const bool cut = fault == "timed_out" || fault == "closed" || fault == "reset";
    const auto url = url_of(s), host = host_of_url(url);
    const bool left = in_clear(url) && view.once(hosts_that_leave_requests).contains(host);
    if (!cut || (!tls_came_up(s) && !left)) return {};
    draft found(view, "ad-502-504");
    found.seen(s)
        .about(host)
        .as(certainty::likely)
        .title(unfinished_answer(host, fault == "timed_out"))
        .remedy(who_mends_unfinished, mends_unfinished);
    auto made = found.not_because("net-tcp-filtered", "a connection came up").done();
    made->explanation = fmt::format(
        "The connection came up and {} was asked for ({}). The web service hangs or fails, the reverse proxy waits for "
        "it in vain, or the answer is shorter than its headers say.",
        url, s.text(ev::http_error));
    return made;
}

}  // namespace ucsignin::diagnosis
