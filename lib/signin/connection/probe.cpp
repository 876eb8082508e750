// TCP, TLS and certificate of one server, each at its node of the chart.

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "net/challenges.hpp"
#include "signin/connection/addresses.hpp"
#include "signin/connection/connection.hpp"
#include "signin/connection/endings.hpp"
#include "signin/connection/revocation.hpp"
#include "signin/connection/versions.hpp"
#include "signin/devices/devices.hpp"
#include "signin/base/address_choice.hpp"
#include "signin/base/decision.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/wire.hpp"

namespace ucsignin::signin::connection {
namespace {

using net::fault;
using trace::outcome;

void note_proxy(trace::scope& span, const dialed& d) {
    if (!d.proxy) return;
    span.note(ev::proxy, net::to_string(*d.proxy));
    if (!d.proxy_answer || d.proxy_answer->status == 0) return;
    span.note(ev::proxy_status, std::int64_t{d.proxy_answer->status});
    const auto lines = d.proxy_answer->all("Proxy-Authenticate");
    for (const auto& offered : net::read_challenges(lines))
        span.note(ev::proxy_authenticate, std::string(offered.scheme));
}

std::string failure_summary(const std::string& name, const dialed& d) {
    const auto& e = d.stream.error();
    const auto rest =
        d.left_out == 0
            ? std::string{}
            : fmt::format(" ({} of its {} addresses were tried)", d.attempts.size(), d.attempts.size() + d.left_out);
    if (e.what == fault::timed_out) return name + " does not answer" + rest;
    return name + ": " + e.detail + rest;
}

// Why a name has no address belongs into the evidence: the judge reads no other span for it.
net::awaitable<void> note_no_address(context& c, trace::scope& span, std::string host) {
    net::dns::question q{host, net::dns::type::a};
    const auto answer = co_await c.environment.resolver->ask(q, c.until.dns());
    span.note(ev::dns_name, host);
    span.group().note(ev::dns_type, "A").note(ev::dns_answer_state, word_of(answer.state));
}

void note_own_end(trace::scope& span, const net::stream& stream) {
    span.note(ev::source_address, stream.local_address());
    note_kernel(span, stream.kernel());
}

net::awaitable<net::stream_ptr> connect_tcp(context& c, std::shared_ptr<probe> p, std::string name) {
    auto span = c.trace.open<"connection.tcp">(name);
    if (p->named_by.empty()) span.wait_for_latest("discovery.candidates").wait_for_latest("registration.redirect");
    span.wait_for(p->named_by)
        .note(ev::candidate, name)
        .note(ev::server_address, p->server.host)
        .note(ev::server_port, std::int64_t{p->server.port});
    other_address others = [&c, p, parent = span.span_id()](const attempt& a, net::stream_ptr stream) {
        look_at_address(c, p->server, parent, a, std::move(stream));
    };
    auto d = co_await dial_every(c, p->server, c.until.connect(), std::move(others));
    for (const auto& a : d.attempts) {
        p->addresses.push_back(a.target.actual.address);
        // What is still under way beside the winner gets a span of its own when it ends.
        const bool under_way = d.stream && a.failed && a.failed->what == net::fault::cancelled;
        if (!under_way) note_attempt(span, a);
    }
    if (d.left_out > 0) span.note(ev::dial_left_out, static_cast<std::int64_t>(d.left_out));
    note_proxy(span, d);
    tell(span, decide_dial(d));
    if (!p->addresses.empty()) devices::trace_route(c, name, p->addresses);
    p->reached = d.winner;
    for (const auto& a : d.attempts)
        if (!a.failed) p->connect_ms = a.connect_ms;
    if (d.stream) {
        note_own_end(span, **d.stream);
        span.finish(
            {d.proxy.has_value(), "by_proxy", "connected"}, outcome::ok,
            fmt::format("{} at {}{}", name, d.peer, d.proxy ? " through proxy " + net::to_string(*d.proxy) : ""));
        co_return std::move(*d.stream);
    }
    p->failure = failure_summary(name, d);
    if (d.stream.error().what == fault::not_found) co_await note_no_address(c, span, p->server.host);
    if (d.attempts.size() == 1) note_kernel(span, d.attempts.front().kernel);
    // A proxy that is dead, rather than saying no, is what it looks like: an address that does not answer.
    span.finish(tcp_branch(d.stream.error().what), outcome::failed, p->failure);
    co_return nullptr;
}

constexpr int waited_round_trips = 3;

// A server that hangs up on the ClientHello may hang up on everybody: a second connection that says nothing shows it.
// Told apart by that alone, not by which of our bytes were under way when the end came.
net::awaitable<bool> hangs_up_unasked(context& c, net::endpoint where, double connect_ms) {
    auto patience = std::chrono::duration_cast<net::clock::duration>(
        std::chrono::duration<double, std::milli>(waited_round_trips * connect_ms));
    const auto until = std::min(c.until.tls(), c.until.glance() + patience);
    const net::connect_options as_usual;
    auto again = co_await c.environment.dial->connect(where, as_usual, until);
    if (!again.stream) co_return again.stream.error().what == fault::reset;
    std::array<char, 64> bytes{};
    const auto got = co_await (*again.stream)->read_some(bytes, until);
    co_return !got && (got.error().what == fault::reset || got.error().what == fault::closed);
}

void trace_hanging_up(context& c, probe& p, const std::string& name, const net::error& e) {
    auto span = c.trace.open<"connection.tcp">(name);
    span.note(ev::candidate, name)
        .note(ev::server_address, p.server.host)
        .note(ev::server_port, std::int64_t{p.server.port});
    span.group().note(ev::peer, net::to_string(p.reached->meant)).note(ev::connect_fault, word_of(e.what));
    p.failure = name + " accepts connections and closes them at once";
    span.finish("reset", outcome::failed, p.failure);
}

net::awaitable<std::optional<net::unverified_stream>> shake_hands(
    context& c, std::shared_ptr<probe> p, std::string name, net::stream_ptr over) {
    auto span = c.trace.open<"connection.tls">(name);
    span.wait_for_latest("connection.tcp", name).note(ev::candidate, name);
    net::tls_options wanted{p->server.host, c.environment.trust};
    wanted.keylog = c.environment.keylog;
    wanted.tap = tap_server(c.trace, "registrar", p->server);
    if (c.environment.keylog) span.note(ev::tls_keylog, true);
    auto shaken = co_await c.environment.dial->secure(std::move(over), wanted, c.until.tls());
    p->facts = shaken.facts;
    note_tls(span, shaken.facts);
    if (shaken.stream) {
        const auto agreed = fmt::format("{}, {}", shaken.facts.version, shaken.facts.cipher);
        if (c.environment.keylog)
            span.finish(
                "agreed", outcome::warning,
                agreed + "; its secrets are written to the key log: whoever has them can read all of it");
        else span.finish("agreed", outcome::ok, agreed);
        co_return std::move(*shaken.stream);
    }
    const auto& error = shaken.stream.error();
    const auto ending = how_tls_ended(error, shaken.facts);
    span.note(ev::tls_fault, ending.word);
    p->failure = fmt::format("TLS with {}: {}", name, in_words(error));
    bool unasked = false;
    if (p->reached && hung_up_without_a_word(error, shaken.facts))
        unasked = co_await hangs_up_unasked(c, p->reached->actual, p->connect_ms);
    span.finish(ending.branch, outcome::failed, p->failure);
    if (unasked) trace_hanging_up(c, *p, name, error);
    co_return std::nullopt;
}

void judge(context& c, probe& p, const std::string& name, net::unverified_stream handshaken) {
    auto span = c.trace.open<"connection.certificate">(name);
    span.wait_for_latest("connection.tls", name).note(ev::candidate, name);
    note_certificate(span, p.facts, c.who.domain, wall_clock(c));
    p.certificate = judge_certificate(p.facts, wall_clock(c));
    p.stream = net::verified_stream::of(std::move(handshaken));
    const auto how = !p.certificate.trusted              ? outcome::failed
                     : p.certificate.branch == "trusted" ? outcome::ok
                                                         : outcome::warning;
    span.finish(p.certificate.branch, how, p.certificate.why);
    if (!p.certificate.trusted) p.failure = p.certificate.why;
}

net::awaitable<void> run_probe(context& c, std::shared_ptr<probe> p) {
    const auto name = net::to_string(p->server);
    auto tcp = co_await connect_tcp(c, p, name);
    std::optional<net::unverified_stream> tls;
    if (tcp) tls = co_await shake_hands(c, p, name, std::move(tcp));
    if (tls) judge(c, *p, name, std::move(*tls));
    p->done.set();
    if (tls && p->certificate.trusted) c.beside.start(check_revocation(c, p));
    if (c.options.tls_scan && p->reached) c.beside.start(scan_versions(c, p->server));
}

}  // namespace

std::shared_ptr<probe> probes::start(net::host_port server, std::string named_by) {
    const auto known = std::ranges::find(
        all_, server, [](const auto& p) -> const net::host_port& { return p->server; });
    return known != all_.end() ? *known : begin(std::move(server), std::move(named_by));
}

std::shared_ptr<probe> probes::begin(net::host_port server, std::string named_by) {
    auto fresh = std::make_shared<probe>(std::move(server), context_.executor);
    fresh->named_by = std::move(named_by);
    all_.push_back(fresh);
    context_.beside.start(run_probe(context_, fresh));
    return fresh;
}

net::awaitable<std::shared_ptr<probe>> probes::reach(net::host_port server, net::deadline until) {
    auto p = start(server);
    (void)co_await p->done.wait(until);
    if (p->up() && !p->stream) {
        std::erase(all_, p);
        p = begin(std::move(server), {});
        (void)co_await p->done.wait(until);
    }
    co_return p->up() && p->stream ? p : nullptr;
}

connected take(const candidate& server, std::size_t rank, const std::shared_ptr<probe>& from) {
    auto stream = std::exchange(from->stream, std::nullopt);
    return {server, rank, std::move(stream.value()), from};
}

}  // namespace ucsignin::signin::connection
