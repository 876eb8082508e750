// From a web ticket to a user certificate: metadata, key, request, answer, check. A cached one is used first, as the
// desktop client does, and replaced when the server refuses it.
#include "signin/registration/user_certificate.hpp"

#include <fmt/format.h>

#include "auth/web_ticket.hpp"
#include "signin/base/decision.hpp"
#include "signin/base/this_pc.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/obtain_ticket.hpp"
#include "signin/base/trust_trace.hpp"
#include "signin/base/service_page.hpp"
#include "signin/base/web_client.hpp"
#include "signin/registration/certificate_choice.hpp"
#include "sip/encoding.hpp"
#include "sip/identity.hpp"
#include "trace/dates.hpp"

namespace ucsignin::signin::registration {
namespace {

using trace::outcome;

constexpr std::string_view publish_action = "\"http://schemas.microsoft.com/OCS/AuthWebServices/GetAndPublishCert\"";

net::awaitable<void> make_key(context& c, std::shared_ptr<key_maker> into) {
    into->key = co_await c.environment.keys->make_key(c.until.total());
    into->made.set();
}

struct provisioning_service {
    net::http::url url;
    std::string ticket_service;
    naming says;           // who named these: the service's metadata
    credential_target to;  // may have the ticket
    trace::decision why;   // this way in
    bool sign = true;
};

// The span of the ticket that there is no way to.
auto open_without_service(
    context& c, const std::string& candidate, const credential_target& from, const std::string& sts_uri) {
    auto span = c.trace.open<"registration.web_ticket">(sts_uri);
    span.note(ev::candidate, candidate).note(ev::http_url, sts_uri).note(ev::step, "metadata");
    span.note(ev::named_by, from.host());
    return span;
}

service_page unread_page(const std::string& uri, const std::string& host) {
    service_page page;
    page.answer.response = std::unexpected(web_error{"protocol", "not an https URL: " + uri});
    page.says = {naming_way::metadata, host, false, {}};
    return page;
}

// The service's metadata belongs to the way to a ticket: when it can't be read there, that is where the sign-in stops.
net::awaitable<std::optional<provisioning_service>> read_service(
    context& c, std::string candidate, credential_target from, std::string sts_uri) {
    auto url = net::http::parse_url(sts_uri);
    const naming by_registrar{naming_way::sts_uri, from.host(), false, from};
    auto page = unread_page(sts_uri, url ? url->host : "");
    if (url && url->secure()) {
        url->target += "/mex";
        page = co_await fetch_page(c, *url, by_registrar, candidate, c.until.http());
    }
    const auto& says = page.says;
    const auto metadata = co_await metadata_on(c, page);
    const auto* port = metadata ? choose_port(*metadata) : nullptr;
    const auto location = port ? net::http::parse_url(port->location)
                               : net::result<net::http::url>(std::unexpected(net::error{}));
    const bool complete = port && !port->issuer.empty() && location && location->secure();
    std::optional<trust_decision> trust;
    if (complete) trust = decide_trust(c, location->host, says, candidate);
    if (trust && *trust)
        co_return provisioning_service{
            *location,
            port->issuer,
            says,
            **trust,
            decide_port(*metadata, port),
            port->wants != auth::service_port::ticket::bearer};
    auto span = open_without_service(c, candidate, from, sts_uri);
    if (trust) {
        note_withheld(c, trust->error(), "ticket", candidate);
        span.note(ev::credentials_withheld, "ticket");
        span.finish("withheld", outcome::failed, "no credentials go to " + location->host + ": " + trust->error().why);
        co_return std::nullopt;
    }
    note_page(span, page);
    auto why = !metadata ? metadata.error().what : "its metadata names no endpoint";
    if (!page.trouble.empty()) why += ", " + page.trouble;
    span.finish("unreachable", outcome::failed, "certificate provisioning service " + sts_uri + ": " + why);
    co_return std::nullopt;
}

trace::code_word<ev::user_cert_words> name_of(auth::certificate_fault f) {
    static constexpr trace::code_word<ev::user_cert_words> names[] = {
        "unreadable", "wrong_key", "wrong_subject", "not_yet_valid", "expired"};
    return names[static_cast<std::size_t>(f)];
}

std::optional<auth::user_certificate> take_certificate(
    context& c, trace::scope& span, const net::http::response& r, const auth::key_ptr& key) {
    const auto der = auth::parse_certificate_response(r.body);
    if (!der) {
        span.note(ev::user_cert_fault, "unreadable");
        span.finish(
            "wrong", outcome::failed,
            fmt::format("the answer holds no certificate: {} (offset {})", der.error().what, der.error().offset));
        return std::nullopt;
    }
    auto accepted = auth::accept_certificate(*der, key, c.who.address, wall_clock(c));
    if (!accepted) {
        span.note(ev::user_cert_fault, name_of(accepted.error().what));
        span.finish("wrong", outcome::failed, accepted.error().detail);
        return std::nullopt;
    }
    span.note(ev::user_cert_subject, accepted->facts.subject).note(ev::user_cert_issuer, accepted->facts.issuer);
    span.note(ev::user_cert_not_after, trace::iso_time(accepted->facts.not_after));
    const auto early_s = accepted->facts.not_before - wall_clock(c);
    const auto issued = fmt::format(
        "{}, issued by {}, until {}", accepted->facts.subject, accepted->facts.issuer,
        trace::iso_time(accepted->facts.not_after).substr(0, 10));
    if (early_s <= 0) span.finish("issued", outcome::ok, issued);
    else
        span.note(ev::user_cert_early, early_s)
            .finish(
                "issued", outcome::warning,
                fmt::format("{}; by this PC's clock it becomes valid in {} s", issued, early_s));
    return std::move(*accepted);
}

net::awaitable<std::optional<auth::user_certificate>> order_certificate(
    context& c, std::shared_ptr<session> s, provisioning_service service, auth::web_ticket ticket,
    std::shared_ptr<key_maker> key) {
    const auto where = service.url.text();
    auto span = c.trace.open<"registration.user_certificate">(where);
    span.wait_for_latest("registration.web_ticket")
        .note(ev::candidate, s->candidate)
        .note(ev::http_url, where)
        .note(ev::named_by, service.says.by)
        .note(ev::step, "issue");
    tell(span, service.why);
    const auto request = request_with(key->key, c.who.address);
    if (!request) {
        span.finish("no_key", outcome::failed, request.error());
        co_return std::nullopt;
    }
    const auth::certificate_order order{
        where, s->instance, c.who.address, *request, sip::instance_from_epid(sip::random_hex(6)), service.sign};
    net::http::request wanted;
    wanted.method = "POST";
    wanted.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", std::string(publish_action)}};
    credentials proof{{}, auth::certificate_order_xml(order, ticket)};
    const auto answer = co_await c.web.send(
        c, service.to, service.url, std::move(wanted), std::move(proof), c.until.http());
    note_web(span, answer);
    if (answer.response && answer.response->status == 200)
        co_return take_certificate(c, span, *answer.response, *key->key);
    span.finish({is_out_of_reach(answer), "unreachable", "refused"}, outcome::failed, in_words(answer));
    co_return std::nullopt;
}

}  // namespace

std::expected<std::string, std::string> request_with(
    const std::expected<auth::key_ptr, std::string>& key, const std::string& user) {
    if (!key) return std::unexpected("no key for a certificate: " + key.error());
    auto request = auth::certificate_request(*key, user);
    if (!request) return std::unexpected("no certificate request for " + user + ": " + request.error());
    return request;
}

void start_key(context& c, std::shared_ptr<key_maker> into) { c.beside.start(make_key(c, std::move(into))); }

std::optional<auth::user_certificate> take_cached_certificate(context& c, const session& s) {
    auto span = c.trace.open<"registration.cached_certificate">(s.candidate);
    span.wait_for_latest("registration.scheme", s.candidate);
    span.note(ev::candidate, s.candidate);
    if (const auto source = trace::code_word<ev::password_sources>::from(c.options.password_source))
        span.note(ev::password_source, *source);
    if (!c.pc.cache.on()) {
        span.finish("none", outcome::ok, "no cache is used: a certificate is fetched");
        return std::nullopt;
    }
    span.note(ev::cache_file, c.pc.cache.certificate_file());
    auto kept = c.pc.cache.certificate(c.who.address, wall_clock(c));
    tell(span, decide_certificate(kept));
    if (!kept) {
        span.finish("none", outcome::ok, "none was kept: a certificate is fetched");
        return std::nullopt;
    }
    if (!*kept) {
        const auto& fault = kept->error();
        span.note(ev::cache_fault, fault.word);
        const bool expired = fault.word == "expired";
        span.finish({expired, "expired", "none"}, outcome::warning, fault.detail);
        return std::nullopt;
    }
    span.note(ev::user_cert_subject, (*kept)->facts.subject).note(ev::user_cert_issuer, (*kept)->facts.issuer);
    span.note(ev::user_cert_not_after, trace::iso_time((*kept)->facts.not_after));
    span.finish(
        "yes", outcome::ok,
        "kept from the last sign-in, good until " + trace::iso_time((*kept)->facts.not_after).substr(0, 10));
    return std::move(**kept);
}

void trace_issued_before(context& c, const session& s, const auth::user_certificate& issued) {
    auto span = c.trace.open<"registration.cached_certificate">(s.candidate);
    span.wait_for_latest("registration.scheme", s.candidate);
    span.note(ev::candidate, s.candidate);
    span.note(ev::user_cert_subject, issued.facts.subject).note(ev::user_cert_issuer, issued.facts.issuer);
    span.note(ev::user_cert_not_after, trace::iso_time(issued.facts.not_after));
    span.finish("yes", outcome::ok, "issued a moment ago, for the connection that was lost");
}

void note_refused_certificate(context& c, const session& s, const std::string& why) {
    auto span = c.trace.open<"registration.cached_certificate">(s.candidate);
    span.note(ev::candidate, s.candidate).note(ev::cache_file, c.pc.cache.certificate_file());
    c.pc.cache.forget_certificate();
    tell(span, decide_after_refusal(why, s.sip->is_open()));
    span.finish("refused", outcome::warning, s.candidate + " does not accept the certificate that was kept: " + why);
}

void keep_certificate(context& c, const auth::user_certificate& certificate) {
    if (!c.pc.cache.on()) return;
    const auto written = c.pc.cache.keep_certificate(certificate);
    if (written) return;
    auto span = c.trace.open<"discovery.cached_server">();
    span.note(ev::cache_fault, written.error().word).note(ev::cache_file, c.pc.cache.certificate_file());
    span.finish("none", outcome::warning, "the certificate could not be kept: " + written.error().detail);
}

net::awaitable<std::optional<auth::user_certificate>> obtain_certificate(
    context& c, std::shared_ptr<session> s, credential_target from, std::string sts_uri,
    std::shared_ptr<key_maker> key) {
    const auto service = co_await read_service(c, s->candidate, from, sts_uri);
    if (!service) co_return std::nullopt;
    ticket_wish wish{service->ticket_service, service->says, service->url.text(), s->candidate, {}};
    auto ticket = co_await obtain_ticket(c, wish);
    if (!ticket) co_return std::nullopt;
    co_await key->made.wait(c.until.total());
    co_return co_await order_certificate(c, s, *service, std::move(*ticket), key);
}

}  // namespace ucsignin::signin::registration
