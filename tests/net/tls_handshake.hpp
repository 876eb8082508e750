#pragma once
// Handshakes of both sides in memory, with a small PKI.

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "net/memory_stream.hpp"
#include "net/tls.hpp"
#include "run.hpp"
#include "test_certificates.hpp"

namespace ucsignin::net::test {

struct pki {
    explicit pki(const std::string& name = "Contoso") : root(issue({.common_name = name + " Root", .is_ca = true})) {}
    identity root;
    identity intermediate = issue({.common_name = "Contoso Issuing", .is_ca = true}, &root);

    [[nodiscard]] std::shared_ptr<trust_store> trust() const { return *trust_store::load(false, {}, root.pem()); }
    [[nodiscard]] identity server(wanted_certificate wanted = {}) const {
        wanted.common_name = "sip.contoso.com";
        if (wanted.alternative_names.empty()) wanted.alternative_names = "DNS:sip.contoso.com,IP:192.0.2.1";
        return issue(wanted, &intermediate);
    }
};

// The client's side as plain bytes, whether or not the server proved its name.
struct client_side {
    result<stream_ptr> stream = std::unexpected(error{});
    tls_facts facts;
    explicit client_side(tls_outcome from = {}) : facts(std::move(from.facts)) {
        if (from.stream) stream = std::move(*from.stream).release();
        else stream = std::unexpected(from.stream.error());
    }
};

struct both_sides {
    client_side client;
    tls_accepted server;
};

inline awaitable<void> accept_into(stream_ptr over, SSL_CTX* context, tls_accepted* into) {
    *into = co_await tls_accept(std::move(over), context, in_ms(2000));
}

// A handshake in memory; the server's side runs beside the client's.
inline both_sides shake_hands(
    asio::io_context& io, SSL_CTX* context, tls_options options, memory_script client = {}, memory_script server = {}) {
    auto ends = make_memory_pair(io.get_executor(), client, server);
    both_sides out;
    start(io, accept_into(std::move(ends.second), context, &out.server));
    auto const deadline = in_ms(
        client.fail_with == fault::timed_out || server.fail_with == fault::timed_out ? 60 : 2000);
    asio::co_spawn(
        io, tls_connect(std::move(ends.first), std::move(options), deadline),
        [&](std::exception_ptr bug, tls_outcome outcome) {
            rethrow(bug);
            out.client = client_side(std::move(outcome));
        });
    io.restart();
    io.run();
    return out;
}

inline tls_options to(const pki& by, const std::string& name = "sip.contoso.com") {
    tls_options options;
    options.server_name = name;
    options.trust = by.trust();
    return options;
}

inline bool has_error(const tls_facts& facts, int code, int depth) {
    for (auto const& each : facts.errors)
        if (each.code == code && each.depth == depth) return !each.what.empty();
    return false;
}

}  // namespace ucsignin::net::test
