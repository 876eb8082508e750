// Stage 2: autodiscover by web: what each failed document means, and what successful ones give away.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "diagnosis/names.hpp"
#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

std::string url_of(const span& s) {
    const auto url = s.text(ev::http_url.name);
    return url.empty() ? s.subject : url;
}

draft about_url(const case_view& view, const span& s, std::string_view id) {
    draft found(view, id);
    const auto url = url_of(s);
    found.seen(s).about(host_of_url(url)).with("host", host_of_url(url)).with("port", port_of_url(url));
    return found;
}

std::string told(const span& s) {
    const auto server = s.text(ev::http_server.name);
    return fmt::format("{} answered {}{}.", url_of(s), s.number(ev::http_status.name).value_or(0),
                       server.empty() ? "" : fmt::format(" (server: {})", server));
}

maybe redirect_loop(const case_view& view, const span& s) {
    const auto hops = s.texts(ev::http_hop.name);
    const std::set<std::string> distinct(hops.begin(), hops.end());
    const bool back_at_start = std::ranges::find(hops, url_of(s)) != hops.end();
    if (distinct.size() == hops.size() && !back_at_start && hops.size() <= 10) return {};
    return about_url(view, s, "ad-redirect-loop").known_by(fmt::format("The way was: {}.", fmt::join(hops, " -> "))).done();
}

bool looks_like_log_in(const std::string& url) {
    return std::ranges::any_of(std::array{"login", "logon", "/owa/", "auth.owa", "my.policy", "signin", "/adfs/ls"},
                               [&](const char* part) { return holds(url, part); });
}

maybe preauthentication(const case_view& view, const span& s) {
    const auto hops = s.texts(ev::http_hop.name);
    const bool form = !hops.empty() && (looks_like_log_in(hops.back()) || looks_like_log_in(url_of(s)));
    const bool asks = s.number(ev::http_status.name) == 401 && s.node != "discovery.autodiscover_user";
    if (!form && !asks) return {};
    auto found = about_url(view, s, "ad-preauth");
    found.known_by(form ? fmt::format("It leads to {}.", looks_like_log_in(url_of(s)) ? url_of(s) : hops.back()) : told(s));
    return found.not_because("wt-401-loop", "autodiscover's root needs no log-in").done();
}

// Hops are the addresses that were asked before this one.
maybe foreign_redirect(const case_view& view, const span& s) {
    auto way = s.texts(ev::http_hop.name);
    if (way.empty()) return {};
    way.push_back(url_of(s));
    const auto foreign = std::ranges::find_if_not(way, [&](const std::string& url) { return is_under(host_of_url(url), view.domain); });
    if (foreign == way.end()) return {};
    auto found = about_url(view, s, "ad-redirect-foreign-domain");
    found.about(host_of_url(*foreign)).known_by(fmt::format("The way was: {}.", fmt::join(way, " -> ")));
    return found.not_because("ad-redirect-loop", "no address came twice").done();
}

maybe unknown_user(const case_view& view, const span& s) {
    if (s.branch != "unknown_user") return {};
    return about_url(view, s, "ad-user-unknown").about(view.user).known_by(told(s)).done();
}

maybe by_status(const case_view& view, const span& s) {
    const auto status = s.number(ev::http_status.name).value_or(0);
    const bool of_user = s.node == "discovery.autodiscover_user";
    std::string_view id;
    if (of_user && (status == 404 || status == 403)) id = "ad-user-unknown";
    else if (status == 403) id = "ad-403";
    else if (status == 404) id = "ad-404";
    else if (status == 502 || status == 504) id = "ad-502-504";
    else if (status == 503) id = "ad-503";
    else if (status >= 500) id = "ad-500";
    else return {};
    return about_url(view, s, id).known_by(told(s)).done();
}

maybe user_without_server(const case_view& view, const span& s) {
    const bool document = s.number(ev::http_status.name) == 200 && holds(s.text(ev::http_type.name), "autodiscover");
    if (s.node != "discovery.autodiscover_user" || !document) return {};
    return about_url(view, s, "ad-partial-no-sip-endpoint").about(view.user).known_by(fmt::format("{} names none.", url_of(s))).done();
}

maybe not_xml(const case_view& view, const span& s) {
    if (s.branch != "not_autodiscover" && s.number(ev::http_status.name) != 200) return {};
    auto found = about_url(view, s, "ad-not-xml");
    const auto type = s.text(ev::http_type.name);
    found.known_by(fmt::format("{} answered with {}.", url_of(s), type.empty() ? "something that is no autodiscover document" : type));
    return found.not_because("ad-404", "the status was 200").done();
}

maybe certificate(const case_view& view, const span& s) {
    if (s.text(ev::http_fault.name) != "certificate") return {};
    const auto names = s.texts(ev::x509_name.name);
    const bool mismatch = s.find(ev::x509_name_matches.name) && !s.is(ev::x509_name_matches.name);
    const bool ours = names.empty() || std::ranges::any_of(names, [&](const std::string& n) { return is_under(n, view.domain); });
    const bool chain_bad = std::ranges::any_of(s.texts(ev::x509_error.name), [](const std::string& e) { return first_word(e) != "62"; });
    if (!mismatch || (chain_bad && ours)) return explain_certificate(view, s);
    auto found = about_url(view, s, ours ? "ad-https-cert-name" : "dns-lyncdiscover-wrong-host");
    const auto host = host_of_url(url_of(s));
    found.title(ours ? fmt::format("The certificate of {} does not cover that name", host)
                     : fmt::format("{} leads to a host that is somebody else's", host));
    if (!names.empty()) found.known_by(fmt::format("The certificate is made out to {}.", fmt::join(names, ", ")));
    return found.done();
}

// The document came by another way (https instead of http, say): then this way does not matter.
bool answered_otherwise(const case_view& view, const std::string& host) {
    const auto roots = view.trace.all("discovery.autodiscover_root");
    return std::ranges::any_of(roots, [&](const span* s) { return s->branch == "user_and_domain" && host_of_url(url_of(*s)) == host; });
}

maybe no_connection(const case_view& view, const span& s) {
    const auto fault = s.text(ev::http_fault.name);
    if (answered_otherwise(view, host_of_url(url_of(s)))) return {};
    const auto host = host_of_url(url_of(s)), port = port_of_url(url_of(s));
    std::string_view id;
    if (fault == "refused") id = "net-tcp-refused";
    else if (fault == "timed_out") id = "net-tcp-filtered";
    else if (fault == "unreachable") id = "net-host-unreachable";
    else if (fault == "reset" || fault == "closed") id = "net-lb-no-member";
    else if (fault == "tls") id = "net-rst-mid-handshake";
    else if (fault == "proxy") id = s.number(ev::proxy_status.name) == 407 ? "net-proxy-407" : "net-proxy-connect-denied";
    else return {};
    auto found = about_url(view, s, id);
    found.about(host + ":" + port).as(certainty::likely);
    if (const auto why = s.text(ev::http_error.name); !why.empty()) found.known_by(fmt::format("{}: {}.", url_of(s), why));
    return found.done();
}

constexpr std::array<span_rule, 9> causes{redirect_loop, preauthentication, unknown_user, certificate, foreign_redirect,
                                          by_status, user_without_server, not_xml, no_connection};

// -- the documents that came --

const span* document(const case_view& view) {
    for (const auto* s : view.trace.all("discovery.autodiscover_user"))
        if (s->branch == "servers") return s;
    return nullptr;
}

maybe no_endpoint(const case_view& view) {
    const auto* s = document(view);
    if (!s || s->find(ev::autodiscover_sip.name)) return {};
    draft found(view, "ad-partial-no-sip-endpoint");
    const auto side = s->text(ev::access_location.name);
    found.seen(*s).about(view.user).weigh(severity::warning);
    if (!side.empty()) found.known_by(fmt::format("The server takes us to be {} and names no server for that side.", lower(side)));
    return found.done();
}

maybe wrong_side(const case_view& view) {
    const auto* s = document(view);
    const auto side = s ? lower(s->text(ev::access_location.name)) : std::string{};
    if (side == "internal" && view.outside()) {
        draft found(view, "ad-internal-urls-outside");
        found.seen(*s).about(host_of_url(url_of(*s))).weigh(severity::warning);
        return found.known_by("It takes us to be inside; addresses and route say that we are outside.").done();
    }
    if (side == "external" && view.inside()) {
        draft found(view, "ad-external-urls-inside");
        return found.seen(*s).about(host_of_url(url_of(*s))).known_by("It takes us to be outside; we are inside.").done();
    }
    return {};
}

maybe leads_abroad(const case_view& view) {
    for (const auto* s : view.trace.all("discovery.autodiscover_root")) {
        auto found = s->branch == "user_and_domain" ? foreign_redirect(view, *s) : maybe{};
        if (!found) continue;
        found->severity = severity::warning;
        return found;
    }
    return {};
}

maybe plain_http_only(const case_view& view) {
    const span* plain = nullptr;
    const span* broken = nullptr;
    for (const auto* s : view.trace.all("discovery.autodiscover_root")) {
        const bool secure = lower(url_of(*s)).starts_with("https://");
        if (!secure && s->branch == "user_and_domain") plain = s;
        if (secure && s->branch == "user_and_domain") return {};
        if (secure && went_wrong(*s)) broken = s;
    }
    if (!plain || !broken) return {};
    draft found(view, "ad-http-only");
    found.seen(*plain).seen(*broken).about(host_of_url(url_of(*plain)));
    return found.known_by(fmt::format("{} answers, {} does not.", url_of(*plain), url_of(*broken))).done();
}

constexpr std::array<case_rule, 4> rules{no_endpoint, wrong_side, leads_abroad, plain_http_only};

}  // namespace

std::span<const span_rule> autodiscover_causes() { return causes; }
std::span<const case_rule> autodiscover_rules() { return rules; }

}  // namespace ucsignin::diagnosis
