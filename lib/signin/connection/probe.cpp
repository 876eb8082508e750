// TCP, TLS and certificate of one server, each at its node of the chart.

#include <algorithm>
#include <fmt/format.h>

#include "signin/connection/connection.hpp"
#include "signin/devices/devices.hpp"
#include "signin/dial.hpp"
#include "signin/notes.hpp"

namespace ucsignin::signin::connection {
namespace {

using net::fault;
using trace::outcome;

std::string_view tcp_branch(fault f) {
    switch (f) {
        case fault::refused: return "refused";
        case fault::unreachable: return "unreachable";
        case fault::reset:
        case fault::closed: return "reset";
        case fault::proxy: return "proxy_refuses";
        case fault::not_found: return "no_address";
        default: return "filtered";
    }
}

void note_attempts(trace::scope& span, const dialed& d) {
    for (const auto& a : d.attempts) {
        span.note(ev::peer, net::to_string(a.target.meant));
        if (a.target.moved) span.note(ev::moved, net::to_string(a.target.actual));
        if (!a.failed) span.note(ev::tcp_ms, a.connect_ms);
        else if (a.failed->what != fault::cancelled)
            span.note(ev::tcp_fault, fmt::format("{} {}", net::to_string(a.target.meant), net::to_string(a.failed->what)));
    }
}

void note_proxy(trace::scope& span, const dialed& d) {
    if (d.proxy.empty()) return;
    span.note(ev::proxy, d.proxy);
    if (!d.proxy_answer || d.proxy_answer->status == 0) return;
    span.note(ev::proxy_status, std::int64_t{d.proxy_answer->status});
    for (const auto& challenge : d.proxy_answer->all("Proxy-Authenticate")) span.note(ev::proxy_authenticate, challenge.substr(0, challenge.find(' ')));
}

std::string failure_summary(const std::string& name, const dialed& d) {
    const auto& e = d.stream.error();
    if (e.what == fault::timed_out) return name + " does not answer";
    return name + ": " + e.detail;
}

// Why a name has no address belongs into the evidence: the judge reads no other span for it.
net::awaitable<void> note_no_address(context& c, trace::scope& span, std::string host) {
    net::dns::question q{host, net::dns::type::a};
    const auto answer = co_await c.resolver.ask(q, c.until.dns());
    span.note(ev::dns_name, host).note(ev::dns_state, "A " + std::string(net::to_string(answer.state)));
}

net::awaitable<bool> connect_tcp(context& c, std::shared_ptr<probe> p, std::string name) {
    auto span = c.trace.open("connection.tcp", name);
    span.note(ev::candidate, name).note(ev::server_address, p->server.host).note(ev::server_port, std::int64_t{p->server.port});
    auto d = co_await dial_any(c, p->server, c.until.connect());
    for (const auto& a : d.attempts) p->addresses.push_back(a.target.actual.address);
    note_attempts(span, d);
    note_proxy(span, d);
    if (!p->addresses.empty()) devices::trace_route(c, name, p->addresses);
    if (d.stream) {
        const auto source = (*d.stream)->local_address();
        span.note(ev::source_address, source);
        p->stream = std::move(*d.stream);
        const bool proxied = !d.proxy.empty();
        span.finish(proxied ? "by_proxy" : "connected", outcome::ok, fmt::format("{} at {}{}", name, d.peer, proxied ? " through proxy " + d.proxy : ""));
        co_return true;
    }
    p->failure = failure_summary(name, d);
    if (d.stream.error().what == fault::not_found) co_await note_no_address(c, span, p->server.host);
    // A proxy that is dead, rather than saying no, is what it looks like: an address that does not answer.
    span.finish(tcp_branch(d.stream.error().what), outcome::failed, p->failure);
    co_return false;
}

constexpr int alert_handshake_failure = 40, alert_protocol_version = 70, alert_insufficient_security = 71, alert_certificate_required = 116;

std::string_view tls_branch(const net::error& e, const net::tls_facts& facts) {
    if (!facts.first_bytes.empty()) return "not_tls";
    if (facts.alert == alert_protocol_version) return "version";
    if (facts.alert == alert_insufficient_security) return "cipher";
    if (facts.alert == alert_certificate_required || (facts.alert == alert_handshake_failure && facts.client_certificate_wanted)) return "client_certificate";
    if (facts.alert >= 0) return "alert";
    switch (e.what) {
        case fault::timed_out: return "silent";
        case fault::reset:
        case fault::closed: return "reset";
        case fault::tls_alert: return "alert";
        case fault::protocol: return "version";
        default: return "reset";
    }
}

std::string_view tls_kind(std::string_view branch, const net::error& e) {
    if (branch == "reset" && e.what == fault::closed) return "closed";
    return branch;
}

void note_tls(trace::scope& span, const net::tls_facts& facts) {
    if (!facts.version.empty()) span.note(ev::tls_version, facts.version).note(ev::tls_cipher, facts.cipher);
    span.note(ev::tls_ms, facts.handshake_ms);
    if (facts.alert >= 0) span.note(ev::tls_alert, std::to_string(facts.alert)).note(ev::tls_alert_text, facts.alert_text);
    if (!facts.first_bytes.empty()) span.note(ev::tls_first_bytes, facts.first_bytes);
    span.note(ev::tls_client_auth, facts.client_certificate_wanted);
}

net::awaitable<bool> shake_hands(context& c, std::shared_ptr<probe> p, std::string name) {
    auto span = c.trace.open("connection.tls", name);
    span.note(ev::candidate, name);
    net::tls_options wanted{p->server.host, c.trust};
    auto shaken = co_await net::tls_connect(std::move(p->stream), wanted, c.until.tls());
    p->facts = shaken.facts;
    note_tls(span, shaken.facts);
    if (shaken.stream) {
        p->stream = std::move(*shaken.stream);
        span.finish("agreed", outcome::ok, fmt::format("{}, {}", shaken.facts.version, shaken.facts.cipher));
        co_return true;
    }
    const auto branch = tls_branch(shaken.stream.error(), shaken.facts);
    span.note(ev::tls_fault, std::string(tls_kind(branch, shaken.stream.error())));
    p->failure = fmt::format("TLS with {}: {}", name, in_words(shaken.stream.error()));
    span.finish(branch, outcome::failed, p->failure);
    co_return false;
}

void judge(context& c, probe& p, const std::string& name) {
    auto span = c.trace.open("connection.certificate", name);
    span.note(ev::candidate, name);
    note_certificate(span, p.facts, c.who.domain, wall_clock());
    p.certificate = judge_certificate(p.facts, wall_clock());
    const auto how = !p.certificate.trusted ? outcome::failed : p.certificate.branch == "trusted" ? outcome::ok : outcome::warning;
    span.finish(p.certificate.branch, how, p.certificate.why);
    if (!p.certificate.trusted) p.failure = p.certificate.why;
}

net::awaitable<void> run_probe(context& c, std::shared_ptr<probe> p) {
    const auto name = p->server.host + ":" + std::to_string(p->server.port);
    bool going = co_await connect_tcp(c, p, name);
    if (going) going = co_await shake_hands(c, p, name);
    if (going) judge(c, *p, name);
    p->done.set();
}

}  // namespace

std::shared_ptr<probe> probes::start(net::host_port server) {
    const auto known = std::ranges::find(all_, server, [](const auto& p) -> const net::host_port& { return p->server; });
    if (known != all_.end()) return *known;
    auto fresh = std::make_shared<probe>(std::move(server), context_.executor);
    all_.push_back(fresh);
    context_.beside.start(run_probe(context_, fresh));
    return fresh;
}

}  // namespace ucsignin::signin::connection
