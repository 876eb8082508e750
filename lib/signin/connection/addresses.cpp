// The same steps as for the server itself, but written as warnings under their own subject, so that a dead member of a
// pool is seen although the sign-in got through by another.
#include "signin/connection/addresses.hpp"

#include <fmt/format.h>

#include "signin/connection/certificate.hpp"
#include "signin/connection/endings.hpp"
#include "signin/base/notes.hpp"
#include "signin/base/wire.hpp"
#include "trace/looks.hpp"

namespace ucsignin::signin::connection {
namespace {

using trace::outcome;

struct looked_at {
    std::string server, server_name, address, parent;
};

template <chart::word Node>
trace::scope_at<Node> open(context& c, const looked_at& at) {
    auto span = c.trace.open<Node>(at.address, at.parent);
    span.note(ev::probe_kind, trace::look_ref("address").word())
        .note(ev::probe_of, at.server)
        .note(ev::peer, at.address);
    return span;
}

// An address that fails is a warning: whether the server as a whole can be reached is said at the server's own span.
void trace_certificate(context& c, const looked_at& at, const net::tls_facts& facts) {
    auto span = open<"connection.certificate">(c, at);
    note_certificate(span, facts, c.who.domain, wall_clock(c));
    const auto verdict = judge_certificate(facts, wall_clock(c));
    span.finish(
        verdict.branch, verdict.branch == "trusted" ? outcome::ok : outcome::warning, at.address + ": " + verdict.why);
}

net::awaitable<void> shake_hands(context& c, looked_at at, net::stream_ptr stream) {
    net::tls_options wanted{at.server_name, c.environment.trust};
    wanted.tap = tap_server(c.trace, "registrar", {at.server_name, 0}, at.address);
    net::tls_facts facts;
    bool agreed = false;
    {
        auto span = open<"connection.tls">(c, at);
        auto shaken = co_await c.environment.dial->secure(std::move(stream), wanted, c.until.tls());
        note_tls(span, shaken.facts);
        agreed = shaken.stream.has_value();
        facts = std::move(shaken.facts);
        if (agreed) {
            span.finish("agreed", outcome::ok, fmt::format("{}: {}, {}", at.address, facts.version, facts.cipher));
        } else {
            const auto ending = how_tls_ended(shaken.stream.error(), facts);
            span.note(ev::tls_fault, ending.word);
            span.finish(
                ending.branch, outcome::warning, fmt::format("{}: {}", at.address, in_words(shaken.stream.error())));
        }
    }
    if (agreed) trace_certificate(c, at, facts);
}

}  // namespace

void look_at_address(
    context& c, const net::host_port& server, const std::string& parent_span_id, const attempt& tried,
    net::stream_ptr stream) {
    looked_at at{net::to_string(server), server.host, net::to_string(tried.target.meant), parent_span_id};
    auto span = c.trace.open<"connection.tcp">(at.address, at.parent);
    span.note(ev::probe_kind, trace::look_ref("address").word()).note(ev::probe_of, at.server);
    note_attempt(span, tried);
    note_kernel(span, tried.kernel);
    if (tried.failed) return span.finish(tcp_branch(tried.failed->what), outcome::warning, in_words(*tried.failed));
    span.finish("connected", outcome::ok, fmt::format("{} at {}", at.server, at.address));
    c.beside.start(shake_hands(c, std::move(at), std::move(stream)));
}

}  // namespace ucsignin::signin::connection
