// Stage 4: the web services that give out tickets and user certificates, and what stands before them.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "diagnosis/dns_evidence.hpp"
#include "diagnosis/ms_diagnostics.hpp"
#include "diagnosis/names.hpp"
#include "diagnosis/web_services.hpp"
#include "trace/http_status.hpp"

namespace ucsignin::diagnosis {
namespace {

using trace::span;

bool is_federation_server(const span& s) {
    const auto url = lower(service_url(s)), host = host_of_url(url);
    return url.find("/adfs/") != std::string::npos || host.starts_with("sts.") || host.starts_with("adfs.") ||
           host.starts_with("fs.");
}

maybe federation_server(const case_view& view, const span& s) {
    if (!is_federation_server(s)) return {};
    const auto fault = s.word(ev::http_fault);
    const auto status = s.number(ev::http_status).value_or(0);
    if (fault == "certificate")
        return about_service(view, s, "wt-adfs-cert").known_by(fmt::format("{}.", s.text(ev::http_error))).done();
    if (fault.empty() && status < 500 && status != 404) return {};
    if (!s.text(ev::soap_code).empty()) return {};
    return about_service(view, s, "wt-adfs-down")
        .known_by(
            fault.empty() ? fmt::format("It answered HTTP {}.", status) : fmt::format("{}.", s.text(ev::http_error)))
        .done();
}

maybe by_proxy(const case_view& view, const span& s) {
    if (s.word(ev::http_fault) != "proxy" && s.number(ev::http_status) != 407) return {};
    const bool log_in = s.number(ev::proxy_status) == 407 || s.number(ev::http_status) == 407;
    const auto host = host_of_url(service_url(s)), port = port_of_url(service_url(s));
    auto found = about_service(view, s, log_in ? "net-proxy-407"_finding : "net-proxy-connect-denied"_finding);
    found.with("host", host).with("port", port);
    tell_failed_connect(found, s.number(ev::proxy_status).value_or(0), host + ":" + port);
    return found.done();
}

// The address of a log-in page, where a redirect leads to one.
std::string log_in_page(const span& s) {
    auto places = s.texts(ev::http_redirect);
    places.push_back(s.text(ev::http_location));
    const auto found = std::ranges::find_if(places, looks_like_log_in);
    return found == places.end() ? std::string{} : *found;
}

bool shows_a_form(const span& s) {
    static constexpr std::array<std::string_view, 6> signs{"<form", "password", "log in", "sign in", "login", "logon"};
    const auto start = s.text(ev::http_body);
    const bool page = s.number(ev::http_status) == 200 && holds(s.text(ev::http_type), "html");
    return page && std::ranges::any_of(signs, [&](auto sign) { return holds(start, sign); });
}

maybe gateway_shows_log_in(const case_view& view, const span& s) {
    const auto page = log_in_page(s);
    if (page.empty() && !shows_a_form(s)) return {};
    auto found = about_service(view, s, "ad-preauth");
    const auto host = host_of_url(service_url(s));
    found.title(fmt::format("The reverse proxy wants its own log-in before the web services of {}", host));
    if (page.empty())
        found.as(certainty::likely).known_by(fmt::format("{} answered with a log-in page.", service_url(s)));
    else found.known_by(fmt::format("{} leads to {}.", service_url(s), page));
    return found.not_because("wt-401-loop", "the web service itself did not answer").done();
}

// The voice of Windows: IIS itself may ask for its log-in there, where anonymous access is off.
bool asks_as_iis_does(const span& s) {
    const auto offered = s.texts(ev::http_authenticate);
    const bool windows = std::ranges::any_of(
        offered, [](const std::string& o) { return holds(o, "ntlm") || holds(o, "negotiate"); });
    const auto server = s.text(ev::http_server);
    return windows || offered.empty() || holds(server, "microsoft-iis") || holds(server, "microsoft-httpapi");
}

// The services' descriptions are for everybody: what asks for a log-in there is no service of the pool as it is meant.
maybe gateway_wants_log_in(const case_view& view, const span& s) {
    const auto step = s.word(ev::step);
    if (s.number(ev::http_status) != 401 || (step != "metadata" && step != "ticket_metadata")) return {};
    auto found = about_service(view, s, "ad-preauth");
    const auto host = host_of_url(service_url(s));
    const auto offered = s.texts(ev::http_authenticate);
    found.title(fmt::format("The reverse proxy demands a log-in of its own before the web services of {}", host));
    found.known_by(fmt::format(
        "{} answered the request for its description with HTTP 401 ({}).", host,
        offered.empty() ? "no way to log in" : fmt::format("{}", fmt::join(offered, ", "))));
    found.not_because("reg-wrong-password", "no password was sent");
    if (!asks_as_iis_does(s)) return found.not_because("wt-401-loop", "no ticket was asked for yet").done();
    found.as(certainty::likely)
        .title(fmt::format("{} demands a log-in for the description of its web services", host))
        .remedy(
            "reverse-proxy admin, SfB admin",
            "Publish /WebTicket and /CertProv without pre-authentication. If no reverse proxy asks: switch anonymous "
            "access on for these directories in IIS on the front ends (Enable-CsComputer sets them as they were).");
    auto made = found.done();
    made->explanation = fmt::format(
        "The description is for everybody. A reverse proxy that wants a log-in of its own answers like this, and so "
        "does IIS where anonymous access to the web services is switched off: {} answered the request for it with HTTP "
        "401 ({}).",
        host, offered.empty() ? "no way to log in" : fmt::format("{}", fmt::join(offered, ", ")));
    return made;
}

maybe bad_certificate(const case_view& view, const span& s) {
    // Where the network leads names that do not exist somewhere, this may be one of them: nobody is to certify it
    // there.
    const bool other_name = s.has(ev::x509_name_matches) && !s.is(ev::x509_name_matches) &&
                            !unrelated_names_resolve(view);
    if (s.word(ev::http_fault) != "certificate" || (!s.has(ev::x509_error_code) && !other_name)) return {};
    return explain_certificate(view, s);
}

struct web_hosts {
    two_of_many answered, closed;
};

web_hosts web_hosts_at_443(const case_view& view) {
    web_hosts all;
    for (const auto& s : view.trace.spans) {
        const auto url = text_of(s, ev::http_url);
        const auto why = s.word(ev::http_fault);
        if (!url.starts_with("https://") || port_of_url(url) != "443") continue;
        if (s.has(ev::http_status)) all.answered.add(host_of_url(url), s);
        if (why == "refused" || why == "timed_out") all.closed.add(host_of_url(url), s);
    }
    return all;
}

// Nothing at port 443 could be reached in this run, or the very host that speaks SIP keeps 443 closed.
bool port_443_is_closed(const case_view& view, const span& s) {
    const auto fault = s.word(ev::http_fault);
    if ((fault != "refused" && fault != "timed_out") || port_of_url(service_url(s)) != "443") return false;
    const auto host = host_of_url(service_url(s));
    if (host == host_of(candidate_of(s)) && port_of(candidate_of(s)) != "443") return true;
    // SIP at 443 comes up: the port is open on this way, and it is those hosts that do not answer.
    if (port_of(candidate_of(s)) == "443") return false;
    const auto& others = view.once(web_hosts_at_443);
    return !others.answered.other_than(host) && others.closed.other_than(host);
}

// IIS says why it refused a client certificate by a sub-status: 16 is an untrusted or invalid one. When every client's
// fails, the server's own store of roots is at fault.
maybe subordinate_among_roots(const case_view& view, const span& s) {
    if (s.number(ev::http_status) != 403) return {};
    const auto said = s.text(ev::http_body) + " " + s.text(ev::soap_text) + " " + s.text(ev::diagnostics_reason);
    if (!holds(said, "403.16") && !holds(said, "untrusted or invalid")) return {};
    auto found = about_service(view, s, "tls-subordinate-in-root-store");
    found.about(host_of_url(service_url(s)))
        .as(certainty::likely)
        .known_by("It refused log-on by certificate with 403.16.");
    return found.not_because("wt-401-loop", "it is 403, and names the certificate").done();
}

maybe private_address_outside(const case_view& view, const span& s) {
    const auto fault = s.word(ev::http_fault);
    const auto host = host_of_url(service_url(s));
    const auto& addresses = addresses_of_name(view, host);
    const bool no_way = fault == "refused" || fault == "timed_out" || fault == "unreachable";
    if (!no_way || !view.outside() || addresses.empty() || !std::ranges::all_of(addresses, is_private)) return {};
    auto found = about_service(view, s, "dns-split-brain-internal-leaked");
    found.title(fmt::format("Outside, {} resolves to the private address {}", host, addresses.front()));
    return found.as(certainty::likely)
        .known_by(fmt::format("{}.", s.text(ev::http_error)))
        .not_because("certprov-unreachable", "a private address cannot be reached from outside")
        .done();
}

// The registrar's own word (sts-uri): nothing is asked without TLS.
void name_address_in_clear(draft& found, const span& s) {
    const auto by = s.text(ev::named_by);
    found.title(
        fmt::format("{} sends clients to {}, which is plain HTTP", by.empty() ? "The registrar" : by, service_url(s)));
    found.as(certainty::likely)
        .remedy(
            "SfB admin",
            "Let the pool name its web services by https: correct their addresses and ports in the topology, publish "
            "it, restart the front ends.");
}

// No answer came, for a reason that lies before the service.
maybe no_connection_to_service(const case_view& view, const span& s) {
    if (auto filtered = explain_filtered_name(view, s)) return filtered;
    if (auto leaked = private_address_outside(view, s)) return leaked;
    if (tls_came_up(s) || !port_443_is_closed(view, s)) return {};
    auto found = about_service(view, s, "net-443-blocked");
    found.title(
        fmt::format("Port 443 to {} is closed, while SIP at {} is open", host_of_url(service_url(s)), candidate_of(s)));
    return found.known_by(fmt::format("{}.", s.text(ev::http_error)))
        .not_because("certprov-unreachable", "no web service at port 443 could be reached, not only this one")
        .done();
}

maybe unreachable(const case_view& view, const span& s) {
    const auto fault = s.word(ev::http_fault);
    const auto status = s.number(ev::http_status).value_or(0);
    const bool foreign = status >= 400 && status != 401 && is_foreign_page(s);
    const bool closed_way = status == 403 && (is_ticket(s) || s.branch == "unreachable");
    const bool led_away = status >= 300 && status < 400;
    const bool unpublished = led_away || trace::nothing_serves_there(status) || status == 411 || closed_way || foreign;
    if (fault.empty() && !unpublished) return {};
    const auto host = host_of_url(service_url(s));
    if (auto none = fault.empty() || status != 0 ? maybe{} : no_connection_to_service(view, s)) return none;
    auto found = about_service(view, s, "certprov-unreachable");
    const bool cut_short = status == 0 && tls_came_up(s);
    if (cut_short)
        found.title(unfinished_answer(host, fault == "timed_out")).remedy(who_mends_unfinished, mends_unfinished);
    if (status != 0)
        found.title(fmt::format(
            "{} does not serve {}: HTTP {}", host,
            is_ticket(s) && s.word(ev::step) != "metadata" ? "web tickets" : "user certificates", status));
    const bool in_clear = lower(service_url(s)).starts_with("http://");
    if (in_clear && status == 0) name_address_in_clear(found, s);
    else if (fault == "protocol")
        found.title(fmt::format("{} answers, and not in HTTP that can be read", host)).as(certainty::likely);
    if (led_away) found.known_by(fmt::format("It leads to {}.", s.text(ev::http_location)));
    if (const auto why = s.text(ev::http_error); !why.empty())
        found.known_by(fmt::format("{}: {}.", service_url(s), why));
    if (foreign) blame_gateway(found, s, host, "/CertProv and /WebTicket");
    return found
        .not_because(
            "certprov-500", cut_short ? "no answer came to its end"
                            : status == 0
                                ? "no answer came"
                                : fmt::format("HTTP {} comes from what stands in front of the service", status))
        .done();
}

// 200, and a page: a gateway that rejects, or sends everybody to its own site.
maybe page_for_an_answer(const case_view& view, const span& s) {
    const auto step = s.word(ev::step);
    if (s.number(ev::http_status) != 200 || !holds(s.text(ev::http_type), "html") ||
        (step != "ticket" && step != "issue"))
        return {};
    auto found = about_service(view, s, "certprov-unreachable");
    found.title(fmt::format(
        "{} answers a request for a {} with a web page", host_of_url(service_url(s)),
        is_ticket(s) ? "web ticket" : "user certificate"));
    return found.as(certainty::likely)
        .known_by("A service answers in XML; a page comes from what stands before it, and may say why in its text.")
        .not_because("certprov-500", "a failing service reports an error, not 200")
        .done();
}

maybe wrong_certificate(const case_view& view, const span& s) {
    const auto fault = s.word(ev::user_cert_fault);
    if (is_ticket(s) || s.branch != "wrong") return {};
    finding_ref id = "certprov-500";
    if (fault == "wrong_key" || fault == "wrong_subject") id = "certprov-wrong-subject";
    else if (fault == "not_yet_valid") id = "certprov-not-yet-valid";
    else if (fault == "expired") id = "server-clock-skew";
    auto found = about_service(view, s, id);
    const auto subject = s.text(ev::user_cert_subject);
    found.with("server", host_of_url(service_url(s)));
    if (id == "certprov-wrong-subject") found.about(view.user);
    if (fault == "expired")
        found.title(fmt::format("{} issued a user certificate that has expired already", host_of_url(service_url(s))))
            .as(certainty::likely);
    if (fault == "unreadable")
        found.title(fmt::format("What {} issued is not a certificate", host_of_url(service_url(s))));
    if (!subject.empty()) found.known_by(fmt::format("The certificate is issued for {}.", subject));
    return found.not_because("reg-dsk-cert-revoked", "the certificate was never shown to the registrar").done();
}

maybe service_fails(const case_view& view, const span& s) {
    const auto status = s.number(ev::http_status).value_or(0);
    if (s.branch != "refused" && status < 500) return {};
    const bool ticket_refused = !is_ticket(s) && (status == 401 || status == 403);
    auto found = about_service(view, s, ticket_refused ? "wt-ticket-invalid"_finding : "certprov-500"_finding);
    const bool of_tickets = is_ticket(s) && s.word(ev::step) != "metadata";
    const std::string_view service = of_tickets ? "The web ticket service" : "Certificate provisioning";
    if (!ticket_refused)
        found.title(fmt::format("{} at {} fails: {}", service, host_of_url(service_url(s)), answer_of(s)));
    found.as(certainty::likely).known_by(fmt::format("It answered: {}.", answer_of(s)));
    return found.not_because("certprov-unreachable", "the service itself answered").done();
}

// What answers there, if anything does, is not the service: a page, or a description that names no way in.
maybe not_the_service(const case_view& view, const span& s) {
    if (s.branch != "unreachable") return {};
    auto found = about_service(view, s, "certprov-unreachable");
    if (s.has(ev::http_status))
        found.title(fmt::format(
            "{} answers, but does not offer the service for {}", host_of_url(service_url(s)),
            is_ticket(s) && s.word(ev::step) != "metadata" ? "web tickets" : "user certificates"));
    return found.as(certainty::likely).known_by(fmt::format("{}.", s.summary)).done();
}

constexpr auto web_services_cause_table = std::to_array<span_rule>(
    {withheld, explain_network_gate, subordinate_among_roots, federation_server, by_proxy, gateway_wants_log_in,
     gateway_shows_log_in, explain_web_log_in, explain_inside_address, bad_certificate, explain_web_tls,
     page_for_an_answer, wrong_certificate, unreachable, service_fails, not_the_service});

}  // namespace

bool is_ticket(const trace::span& s) { return s.is_at("registration.web_ticket"); }

std::string service_url(const trace::span& s) {
    const auto url = s.text(ev::http_url);
    if (!url.empty()) return url;
    return s.subject.find("://") != std::string::npos ? s.subject : s.text(ev::auth_sts);
}

draft about_service(const case_view& view, const trace::span& s, finding_ref id) {
    draft found(view, id);
    found.seen(s).about(host_of_url(service_url(s))).with("sts", host_of_url(service_url(s)));
    return found;
}

std::string answer_of(const trace::span& s) {
    std::string words;
    if (const auto status = s.number(ev::http_status)) words = fmt::format("HTTP {}", *status);
    if (const auto code = s.text(ev::soap_code); !code.empty())
        words += fmt::format("{}fault {}", words.empty() ? "" : ", ", code);
    if (const auto text = s.text(ev::soap_text); !text.empty())
        words += fmt::format("{}'{}'", words.empty() ? "" : ", ", text);
    for (const auto& n : server_numbers(s))
        words += fmt::format(
            "{}{}", words.empty() ? "" : ", ", describe_number(n.header.empty() ? "soap" : n.header, n.id, n.reason));
    return words.empty() ? "a refusal without a reason" : words;
}

std::span<const span_rule> web_service_causes() { return web_services_cause_table; }

}  // namespace ucsignin::diagnosis
