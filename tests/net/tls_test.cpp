#include "net/tls.hpp"

#include <openssl/err.h>

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "net/deadline.hpp"
#include "net/memory_stream.hpp"
#include "net/tcp.hpp"
#include "run.hpp"
#include "test_certificates.hpp"
#include "tls_handshake.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

TEST_CASE("a good server shows its chain, version and cipher, and no error", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto const both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.client.stream);
    REQUIRE(both.server.stream);
    auto const& facts = both.client.facts;
    CHECK(both.server.server_name == "sip.contoso.com");
    CHECK(facts.server_name == "sip.contoso.com");
    CHECK(facts.version == "TLSv1.3");
    CHECK(facts.cipher.starts_with("TLS_"));
    REQUIRE(facts.chain.size() == 2);
    CHECK(facts.chain[0].common_name == "sip.contoso.com");
    CHECK(facts.chain[1].common_name == "Contoso Issuing");
    CHECK(facts.errors.empty());
    CHECK(facts.name_matches);
    CHECK_FALSE(facts.client_certificate_wanted);
    CHECK(facts.alert == -1);
    CHECK(facts.first_bytes.empty());
    CHECK(facts.handshake_ms > 0);
}

TEST_CASE("bytes go both ways, more at once than fits a record", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    memory_script pieces;
    pieces.longest_read = 100;
    auto both = shake_hands(io, context.get(), to(contoso), pieces, pieces);
    REQUIRE(both.client.stream);
    std::string const much(100000, 'x');
    auto const writer = [&](stream* over) -> awaitable<void> { co_await send(*over, much); };
    auto const reader = [&](stream* from) -> awaitable<void> {
        auto const got = co_await read_all(*from, much.size(), in_ms(5000));
        CHECK((got && *got == much));
    };
    // All four at once: reading never waits for writing.
    start(io, writer(both.client.stream->get()));
    start(io, writer(both.server.stream->get()));
    start(io, reader(both.client.stream->get()));
    start(io, reader(both.server.stream->get()));
    io.restart();
    io.run();
}

TEST_CASE("over TCP it works alike, and both sides that send much at once don't wait for each other", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto const at = ucsignin::net::listen(io.get_executor(), {boost::asio::ip::address_v4::loopback(), 0});
    REQUIRE(at);
    std::string const much(4 * 1024 * 1024, 'x');
    int finished = 0;  // two writers and two readers; nobody hangs up before all are done
    ucsignin::net::signal all_done(io.get_executor());
    auto const exchange = [&](stream* over) -> awaitable<void> {
        auto const writer = [&](stream* to_whom) -> awaitable<void> {
            auto const sent = co_await to_whom->write(much, in_ms(20000));  // a busy machine takes its time
            CHECK(sent.has_value());
            if (++finished == 4) all_done.set();
        };
        start(io, writer(over));
        auto const got = co_await read_all(*over, much.size(), in_ms(20000));
        CHECK((got && got->size() == much.size()));
        if (++finished == 4) all_done.set();
        co_await all_done.wait(in_ms(20000));
    };
    auto const server_side = [&]() -> awaitable<void> {
        auto accepted = co_await (*at)->accept();
        REQUIRE(accepted);
        auto secured = co_await tls_accept(std::move(*accepted), context.get(), in_ms(2000));
        REQUIRE(secured.stream);
        co_await exchange(secured.stream->get());
    };
    auto const client_side = [&]() -> awaitable<void> {
        auto made = co_await ucsignin::net::connect((*at)->local(), in_ms(2000));
        REQUIRE(made);
        auto options = to(contoso);
        auto secured = co_await tls_connect(std::move(*made), std::move(options), in_ms(2000));
        REQUIRE(secured.stream);
        auto const plain = std::move(*secured.stream).release();
        co_await exchange(plain.get());
    };
    start(io, server_side());
    start(io, client_side());
    io.run();
    CHECK(finished == 4);
}

TEST_CASE("an expired certificate is a fact, not the end of the handshake", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server({.begins_in_days = -10, .ends_in_days = -1});
    auto const context = server_context(server, {&contoso.intermediate});
    auto const both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.client.stream);
    CHECK(has_error(both.client.facts, X509_V_ERR_CERT_HAS_EXPIRED, 0));
    CHECK(both.client.facts.errors.size() == 1);
}

TEST_CASE("all errors of a chain are told, each once", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server({.begins_in_days = -10, .ends_in_days = -1, .usage = "clientAuth"});
    auto const context = server_context(server);
    auto const both = shake_hands(io, context.get(), to(contoso, "other.contoso.com"));
    REQUIRE(both.client.stream);
    auto const& facts = both.client.facts;
    CHECK(has_error(facts, X509_V_ERR_CERT_HAS_EXPIRED, 0));
    CHECK(has_error(facts, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0));
    CHECK(has_error(facts, X509_V_ERR_INVALID_PURPOSE, 0));
    CHECK_FALSE(facts.name_matches);
    CHECK(facts.chain.size() == 1);
}

TEST_CASE("a missing intermediate is told although the root is trusted", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server);
    auto const both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.client.stream);
    CHECK(has_error(both.client.facts, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, 0));
    CHECK(both.client.facts.name_matches);
}

TEST_CASE("a root that nobody trusts, a self-signed server and no trust store at all are errors", "[net][tls]") {
    asio::io_context io;
    pki const contoso, fabrikam("Fabrikam");
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate, &contoso.root});
    auto const foreign = shake_hands(io, context.get(), to(fabrikam));
    REQUIRE(foreign.client.stream);
    CHECK(has_error(foreign.client.facts, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, 2));

    auto const own = issue({.common_name = "sip.contoso.com", .alternative_names = "DNS:sip.contoso.com"});
    auto const own_context = server_context(own);
    auto const self_signed = shake_hands(io, own_context.get(), to(contoso));
    REQUIRE(self_signed.client.stream);
    CHECK(has_error(self_signed.client.facts, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, 0));
    CHECK(self_signed.client.facts.chain.at(0).self_signed);

    auto without = to(contoso);
    without.trust = nullptr;
    auto const untrusted = shake_hands(io, context.get(), without);
    REQUIRE(untrusted.client.stream);
    CHECK_FALSE(untrusted.client.facts.errors.empty());
}

TEST_CASE("an address is matched, and never sent as a server name", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto const both = shake_hands(io, context.get(), to(contoso, "192.0.2.1"));
    REQUIRE(both.client.stream);
    CHECK(both.client.facts.name_matches);
    CHECK(both.client.facts.server_name == "192.0.2.1");
    CHECK(both.server.server_name.empty());
}

TEST_CASE("the server name can be left out for a probe", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto options = to(contoso);
    options.send_sni = false;
    auto const both = shake_hands(io, context.get(), options);
    REQUIRE(both.client.stream);
    CHECK(both.client.facts.name_matches);
    CHECK(both.server.server_name.empty());
}

TEST_CASE("versions that don't meet end with the server's alert", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    auto options = to(contoso);
    options.max_version = TLS1_2_VERSION;
    auto const both = shake_hands(io, context.get(), options);
    REQUIRE_FALSE(both.client.stream);
    CHECK(both.client.stream.error().what == fault::tls_alert);
    CHECK(both.client.stream.error().code == 70);
    CHECK(both.client.facts.alert == 70);
    CHECK(both.client.facts.alert_text == "protocol version");
    CHECK(both.server.stream.error().what == fault::protocol);
}

TEST_CASE("TLS 1.2 and, when asked for, TLS 1.0 are spoken", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
    auto options = to(contoso);
    options.max_version = TLS1_2_VERSION;
    auto const second = shake_hands(io, context.get(), options);
    REQUIRE(second.client.stream);
    CHECK(second.client.facts.version == "TLSv1.2");
    options.max_version = TLS1_VERSION;
    auto const first = shake_hands(io, context.get(), options);
    REQUIRE(first.client.stream);
    CHECK(first.client.facts.version == "TLSv1");
    CHECK(first.client.facts.errors.empty());
}

TEST_CASE("a server that asks for a client certificate is noticed", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    auto const both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.client.stream);
    CHECK(both.client.facts.client_certificate_wanted);
}

TEST_CASE(
    "a server that insists on a client certificate says so at the first read in TLS 1.3, in the handshake before",
    "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    auto const both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.client.stream);
    auto const read = run(io, read_all(**both.client.stream, 1, in_ms(1000)));
    REQUIRE_FALSE(read);
    CHECK(read.error().what == fault::tls_alert);
    CHECK(read.error().code == 116);

    auto options = to(contoso);
    options.max_version = TLS1_2_VERSION;
    auto const older = shake_hands(io, context.get(), options);
    REQUIRE_FALSE(older.client.stream);
    CHECK(older.client.facts.alert == 40);
    CHECK(older.client.facts.client_certificate_wanted);
    CHECK(older.client.facts.chain.size() == 2);
}

TEST_CASE("a peer that doesn't speak TLS shows its first bytes", "[net][tls]") {
    for (auto const& text :
         {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("SIP/2.0 400 Bad Request\r\n\r\n"),
          "220 mail.contoso.com ESMTP " + std::string(100, 'x')}) {
        asio::io_context io;
        pki const contoso;
        auto ends = make_memory_pair(io.get_executor());
        run(io, send(*ends.second, text));
        auto const outcome = run(io, tls_connect(std::move(ends.first), to(contoso), in_ms(1000)));
        REQUIRE_FALSE(outcome.stream);
        CHECK(outcome.stream.error().what == fault::protocol);
        CHECK(outcome.facts.first_bytes == text.substr(0, 64));
    }
}

TEST_CASE("a reset, an end and a silence after the ClientHello are told apart", "[net][tls]") {
    pki const contoso;
    auto const ending = [&](std::function<void(stream&)> act) {
        asio::io_context io;
        auto ends = make_memory_pair(io.get_executor());
        auto const peer = [&]() -> awaitable<void> {
            auto const hello = co_await read_all(*ends.second, 100, in_ms(1000));
            CHECK(hello);
            act(*ends.second);
        };
        start(io, peer());
        return run(io, tls_connect(std::move(ends.first), to(contoso), in_ms(100)));
    };
    auto const reset = ending([](stream& s) { s.close(true); });
    CHECK(reset.stream.error().what == fault::reset);
    auto const end = ending([](stream& s) { s.close(); });
    CHECK(end.stream.error().what == fault::closed);
    auto const silence = ending([](stream&) {});
    CHECK(silence.stream.error().what == fault::timed_out);
    CHECK(silence.facts.handshake_ms >= 50);
    CHECK(silence.facts.chain.empty());
}

TEST_CASE("whatever operation fails or stalls, both sides end", "[net][tls]") {
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    for (auto const what : {fault::reset, fault::closed, fault::timed_out}) {
        for (std::size_t at = 1; at <= 6; ++at) {
            asio::io_context io;
            memory_script script;
            script.fail_at = at;
            script.fail_with = what;
            script.longest_read = 700;
            auto const both = shake_hands(io, context.get(), to(contoso), script);
            INFO(to_string(what) << " at " << at);
            if (!both.client.stream) CHECK(both.client.stream.error().what == what);
        }
    }
}

TEST_CASE("a chain is shown although the handshake fails after it", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    memory_script script;
    script.fail_at = 4;  // write, read, read, write: the client's answer
    auto options = to(contoso);
    options.max_version = TLS1_2_VERSION;
    auto const both = shake_hands(io, context.get(), options, script);
    REQUIRE_FALSE(both.client.stream);
    CHECK(both.client.stream.error().what == fault::reset);
    CHECK(both.client.facts.chain.size() == 2);
}

TEST_CASE("the end of a session is an orderly end", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.server.stream);
    (*both.server.stream)->close();
    auto const read = run(io, read_all(**both.client.stream, 1, in_ms(1000)));
    CHECK(read.error().what == fault::closed);
}

TEST_CASE("a read that timed out can be tried again", "[net][tls]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    auto both = shake_hands(io, context.get(), to(contoso));
    REQUIRE(both.server.stream);
    auto const nothing = run(io, read_all(**both.client.stream, 1, in_ms(10)));
    CHECK(nothing.error().what == fault::timed_out);
    run(io, send(**both.server.stream, "x"));
    run(io, expect(**both.client.stream, "x"));
}

TEST_CASE("a stream counts as verified by the facts of its handshake alone", "[net][tls]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    tls_facts facts;
    CHECK_FALSE(proves_identity(facts));
    facts.chain.emplace_back();
    facts.name_matches = true;
    CHECK(proves_identity(facts));
    CHECK(verified_stream::of(unverified_stream(std::move(ends.first), facts)));
    auto other_name = facts;
    other_name.name_matches = false;
    auto untrusted = facts;
    untrusted.errors.push_back({20, 0, "unable to get local issuer certificate"});
    for (auto const& bad : {other_name, untrusted}) {
        CHECK_FALSE(proves_identity(bad));
        auto more = make_memory_pair(io.get_executor());
        CHECK_FALSE(verified_stream::of(unverified_stream(std::move(more.first), bad)));
    }
}
