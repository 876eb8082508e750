// What a tap hears, and that it hears it in the order of the wire.

#include "net/wire_tap.hpp"

#include <openssl/ssl.h>

#include <catch2/catch.hpp>

#include "fake_dns.hpp"
#include "net/http.hpp"
#include "net/resolver.hpp"
#include "tls_handshake.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

struct heard {
    wire_direction direction;
    std::string protocol, about, start_line;
    headers fields;
    std::string body, body_type;
    std::size_t body_bytes;
    std::string peer;
};

struct listener {
    std::vector<heard> all;
    [[nodiscard]] wire_tap tap() {
        return [this](const wire_message& m) {
            all.push_back(
                {m.direction, std::string(m.protocol), std::string(m.about), std::string(m.start_line),
                 headers(m.headers.begin(), m.headers.end()), std::string(m.body), std::string(m.body_type),
                 m.body_bytes, m.peer});
        };
    }
    // "> GET / HTTP/1.1"
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> out;
        for (auto const& m : all) out.push_back((m.direction == wire_direction::sent ? "> " : "< ") + m.start_line);
        return out;
    }
};

using lines = std::vector<std::string>;

awaitable<void> answer_each(stream& over, std::vector<std::string> answers) {
    char request_text[4096];
    for (auto const& answer : answers) {
        auto const asked = co_await over.read_some(request_text, in_ms(1000));
        if (!asked) co_return;
        co_await send(over, answer);
    }
}

wire refused(const dns::message& query, bool) { return dns::serialize(reply(query, {}, 5)); }
wire cut_over_udp(const dns::message& query, bool over_tcp) {
    auto answer = reply(query, {{"sip.contoso.com", dns::type::a, 300, "192.0.2.1", {}}});
    answer.truncated = !over_tcp;
    return dns::serialize(answer);
}
wire no_dns(const dns::message& query, bool) {
    return {static_cast<unsigned char>(query.id >> 8), static_cast<unsigned char>(query.id & 0xff), 0x80};
}

// Of a peer that says this and ends.
listener told_of_peer(const pki& by, std::string says) {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    if (!says.empty()) run(io, send(*ends.second, std::move(says)));
    ends.second->close();
    listener ear;
    auto options = to(by);
    options.tap = ear.tap();
    (void)run(io, tls_connect(std::move(ends.first), std::move(options), in_ms(1000)));
    return ear;
}

dns::question const sip_a{"sip.contoso.com", dns::type::a};

}  // namespace

TEST_CASE("of an HTTP exchange the tap hears what was sent and what came, interim answers as well", "[net][tap]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    start(
        io, answer_each(
                *ends.second, {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 401 Unauthorized\r\nContent-Length: "
                               "4\r\nWWW-Authenticate: NTLM\r\n\r\npage"}));
    listener ear;
    http::connection client(std::move(ends.first), "sip.contoso.com", ear.tap());
    http::request wanted;
    wanted.method = "POST";
    wanted.target = "/x?y=1";
    wanted.headers = {{"X-One", "1"}};
    wanted.body = "abc";
    REQUIRE(run(io, client.exchange(std::move(wanted), in_ms(2000))));
    CHECK(ear.lines() == lines{"> POST /x?y=1 HTTP/1.1", "< HTTP/1.1 100 Continue", "< HTTP/1.0 401 Unauthorized"});
    for (auto const& m : ear.all)
        CHECK(std::pair(m.protocol, m.about) == std::pair<std::string, std::string>("HTTP", "/x?y=1"));
    CHECK(
        ear.all[0].fields ==
        headers{{"Host", "sip.contoso.com"}, {"X-One", "1"}, {"Content-Length", "3"}, {"Connection", "keep-alive"}});
    CHECK(ear.all[0].body == "abc");
    CHECK(ear.all[2].fields == headers{{"Content-Length", "4"}, {"WWW-Authenticate", "NTLM"}});
    CHECK(ear.all[2].body == "page");
    CHECK_FALSE(ear.all[2].peer.empty());
}

TEST_CASE("a request to which nothing came stands alone", "[net][tap]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    listener ear;
    http::connection client(std::move(ends.first), "sip.contoso.com", ear.tap());
    CHECK_FALSE(run(io, client.exchange({}, in_ms(5))));
    CHECK(ear.lines() == lines{"> GET / HTTP/1.1"});
}

TEST_CASE("of a proxy's CONNECT the tap hears both answers", "[net][tap]") {
    for (auto const* answer :
         {"HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n",
          "HTTP/1.1 407 Authentication Required\r\nVia: proxy\r\nContent-Length: 0\r\n\r\n"}) {
        asio::io_context io;
        auto ends = make_memory_pair(io.get_executor());
        run(io, send(*ends.second, answer));
        listener ear;
        http::fields const login{{"Proxy-Authorization", "Basic eDp5"}};
        (void)run(
            io, http::connect_tunnel(std::move(ends.first), "sip.contoso.com", 443, login, in_ms(2000), ear.tap()));
        REQUIRE(ear.all.size() == 2);
        CHECK(ear.all[0].start_line == "CONNECT sip.contoso.com:443 HTTP/1.1");
        CHECK(ear.all[0].fields == headers{{"Host", "sip.contoso.com:443"}, {"Proxy-Authorization", "Basic eDp5"}});
        CHECK(std::string(answer).starts_with(ear.all[1].start_line));
        CHECK(ear.all[1].about == "sip.contoso.com:443");
        CHECK(ear.all[1].fields.front() == std::pair<std::string, std::string>("Via", "proxy"));
    }
}

TEST_CASE("of a DNS exchange the tap hears question, answer and records, and a second one over TCP", "[net][tap]") {
    asio::io_context io;
    fake_dns const server(io, cut_over_udp);
    listener ear;
    auto const resolver = make_resolver(io.get_executor(), {server.at()}, ear.tap());
    (void)run(io, resolver->ask(sip_a, in_ms(2000)));
    CHECK(
        ear.lines() ==
        lines{"> query A sip.contoso.com", "< NOERROR 1 answer", "> query A sip.contoso.com", "< NOERROR 1 answer"});
    CHECK(ear.all[0].fields == headers{{"transport", "UDP"}, {"flags", "RD"}});
    CHECK(ear.all[1].fields[1].second.find("TC") != std::string::npos);
    CHECK(ear.all[3].fields.front() == std::pair<std::string, std::string>("transport", "TCP"));
    CHECK(ear.all[3].fields.back() == std::pair<std::string, std::string>("answer", "sip.contoso.com 300 A 192.0.2.1"));
    for (auto const& m : ear.all) {
        CHECK(m.about == "sip.contoso.com");
        CHECK(m.peer == to_string(server.at()));
        CHECK(m.body_type == "application/dns-message");
        CHECK(m.body.size() > 12);
    }
}

TEST_CASE("a refusal, an answer that can't be read and silence are told apart", "[net][tap]") {
    asio::io_context io;
    listener ear;
    fake_dns const refuses(io, refused), breaks(io, no_dns), keeps_silent(io, [](auto&, bool) { return wire{}; });
    for (auto const* server : {&refuses, &breaks, &keeps_silent}) {
        auto const resolver = make_resolver(io.get_executor(), {server->at()}, ear.tap());
        (void)run(io, resolver->ask(sip_a, in_ms(150)));
    }
    auto const query = "> query A sip.contoso.com";
    CHECK(ear.lines() == lines{query, "< REFUSED 0 answers", query, "< unreadable answer", query});
}

TEST_CASE("of a TLS handshake the tap hears the hello and what was agreed", "[net][tap]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    listener ear;
    auto options = to(contoso);
    options.tap = ear.tap();
    auto const both = shake_hands(io, context.get(), std::move(options));
    REQUIRE(both.client.stream);
    REQUIRE(ear.all.size() == 2);
    CHECK(ear.all[0].start_line == "ClientHello");
    CHECK(ear.all[0].fields == headers{{"server-name", "sip.contoso.com"}});
    CHECK(ear.all[0].body_bytes > 100);
    CHECK(ear.all[1].start_line == "handshake " + both.client.facts.version + ", " + both.client.facts.cipher);
    CHECK(ear.all[1].direction == wire_direction::received);
    CHECK(ear.all[1].fields.front() == std::pair<std::string, std::string>("certificates", "2"));
    CHECK(ear.all[1].body_bytes > 1000);
}

TEST_CASE("an alert is told with who sent it, and where there is none, how the handshake failed", "[net][tap]") {
    asio::io_context io;
    pki const contoso;
    auto const server = contoso.server();
    auto const context = server_context(server, {&contoso.intermediate});
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    listener ear;
    auto options = to(contoso);
    options.tap = ear.tap();
    options.min_version = TLS1_3_VERSION;
    auto const both = shake_hands(io, context.get(), std::move(options));
    REQUIRE_FALSE(both.client.stream);
    CHECK(ear.lines() == lines{"> ClientHello", "< fatal alert 70, protocol version"});

    // A ServerHello that is none: the alert is ours.
    CHECK(told_of_peer(contoso, std::string("\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00", 10))
              .lines()[1]
              .starts_with("> fatal alert 50"));
    for (auto const* other : {"220 mail.contoso.com ESMTP\r\n", ""}) {
        auto const ear_beside = told_of_peer(contoso, other);
        REQUIRE(ear_beside.all.size() == 2);
        CHECK(ear_beside.all[1].start_line.starts_with("handshake failed: "));
        CHECK(ear_beside.all[1].direction == wire_direction::received);
    }
}
