#include "net/http.hpp"

#include <catch2/catch.hpp>

#include "net/memory_stream.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::http;
using namespace ucsignin::net::test;

namespace {

awaitable<void> say(stream& over, std::string said, bool ends) {
    char request_text[4096];
    auto const asked = co_await over.read_some(request_text, in_ms(1000));
    if (!asked) co_return;
    co_await send(over, std::move(said));
    if (ends) over.close();
}

// The answer that a client makes of what the server says (and, when told so, ends).
result<response> answer_to(
    const std::string& said, request wanted = {}, bool ends = false, std::size_t longest_read = 0,
    int patience_ms = 5000) {
    asio::io_context io;
    memory_script script;
    script.longest_read = longest_read;
    auto pair = make_memory_pair(io.get_executor(), script);
    start(io, say(*pair.second, said, ends));
    connection client(std::move(pair.first), "sip.contoso.com");
    return run(io, client.exchange(std::move(wanted), in_ms(patience_ms)));
}

// What goes over the wire for a request.
std::string wire_of(request wanted) {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    connection client(std::move(ends.first), "sip.contoso.com");
    auto const done = run(io, client.exchange(std::move(wanted), in_ms(5)));
    CHECK_FALSE(done);
    char buffer[4096];
    auto const got = run(io, ends.second->read_some(buffer, in_ms(5)));
    return got ? std::string(buffer, *got) : std::string();
}

}  // namespace

TEST_CASE("a request gets the headers it lacks", "[net][http]") {
    CHECK(wire_of({}) == "GET / HTTP/1.1\r\nHost: sip.contoso.com\r\nConnection: keep-alive\r\n\r\n");
    request post;
    post.method = "POST";
    post.target = "/x?y";
    post.headers = {{"host", "other"}, {"Connection", "close"}, {"X-One", "1"}, {"X-One", "2"}};
    post.body = "abc";
    CHECK(
        wire_of(post) ==
        "POST /x?y HTTP/1.1\r\nhost: other\r\nConnection: close\r\nX-One: 1\r\nX-One: 2\r\nContent-Length: "
        "3\r\n\r\nabc");
    request empty;
    empty.method = "POST";
    CHECK(wire_of(empty).find("Content-Length: 0\r\n") != std::string::npos);
}

TEST_CASE("a request cannot smuggle lines", "[net][http]") {
    request wanted;
    SECTION("target") { wanted.target = "/ HTTP/1.1\r\nX: y"; }
    SECTION("method") { wanted.method = "GET /"; }
    SECTION("value") { wanted.headers = {{"X", "a\r\nY: b"}}; }
    SECTION("name") { wanted.headers = {{"X: a", "b"}}; }
    auto const answer = answer_to("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", wanted);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().what == fault::protocol);
}

TEST_CASE("an answer with a length is read, whatever pieces it comes in", "[net][http]") {
    for (std::size_t const piece : {0, 1, 7}) {
        auto const answer = answer_to(
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM\r\nwww-authenticate: Negotiate\r\nContent-Length: "
            "5\r\n\r\nhello",
            {}, false, piece);
        REQUIRE(answer);
        CHECK(answer->status == 401);
        CHECK(answer->reason == "Unauthorized");
        CHECK(answer->header("content-length") == "5");
        CHECK(answer->header("absent").empty());
        CHECK(answer->all("WWW-Authenticate") == std::vector<std::string>{"NTLM", "Negotiate"});
        CHECK(answer->body == "hello");
    }
}

TEST_CASE("a chunked answer is put together", "[net][http]") {
    for (std::size_t const piece : {0, 1}) {
        auto const answer = answer_to(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: "
            "1\r\n\r\n",
            {}, false, piece);
        REQUIRE(answer);
        CHECK(answer->body == "hello world");
    }
}

TEST_CASE("an answer without a length lasts until the end", "[net][http]") {
    auto const answer = answer_to("HTTP/1.1 200 OK\r\n\r\nall of it", {}, true);
    REQUIRE(answer);
    CHECK(answer->body == "all of it");
}

TEST_CASE("interim answers are passed over", "[net][http]") {
    auto const answer = answer_to("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "ok");
}

TEST_CASE("an answer to HEAD, 204 and 304 have no body", "[net][http]") {
    request head;
    head.method = "HEAD";
    auto const none = answer_to("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", head);
    REQUIRE(none);
    CHECK(none->body.empty());
    CHECK(answer_to("HTTP/1.1 204 No Content\r\n\r\n"));
    CHECK(answer_to("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"));
}

TEST_CASE("what is no HTTP is a protocol error", "[net][http]") {
    for (auto const* said :
         {"SIP/2.0 400 Bad Request\r\n\r\n", "\x15\x03\x01\x00\x02\x02\x46", "HTTP/1.1 20x OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        INFO(said);
        auto const answer = answer_to(said);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().what == fault::protocol);
        CHECK_FALSE(answer.error().detail.empty());
    }
}

TEST_CASE("an answer that is too large is refused", "[net][http]") {
    auto const announced = answer_to("HTTP/1.1 200 OK\r\nContent-Length: 4194305\r\n\r\n");
    REQUIRE_FALSE(announced);
    CHECK(announced.error().what == fault::protocol);
    auto const grown = answer_to(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400001\r\n" + std::string(0x400001, 'x') +
        "\r\n0\r\n\r\n");
    REQUIRE_FALSE(grown);
    CHECK(grown.error().what == fault::protocol);
    auto const header = answer_to("HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'x') + "\r\n\r\n");
    REQUIRE_FALSE(header);
    CHECK(header.error().what == fault::protocol);
    auto const endless = answer_to(std::string(200000, 'H'));
    REQUIRE_FALSE(endless);
    CHECK(endless.error().what == fault::protocol);
}

TEST_CASE("silence and an early end are told apart", "[net][http]") {
    CHECK(answer_to("", {}, false, 0, 30).error().what == fault::timed_out);
    CHECK(
        answer_to("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", {}, false, 0, 30).error().what ==
        fault::timed_out);
    CHECK(answer_to("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", {}, true).error().what == fault::closed);
}

namespace {

awaitable<void> serve(stream_ptr over, int answers, std::string connection_header) {
    server_connection server(*over);
    for (int i = 0; i < answers; ++i) {
        auto const asked = co_await server.read(in_ms(1000));
        if (!asked) co_return;
        response answer;
        answer.status = 200;
        answer.reason = "OK";
        answer.headers = {{"X-Method", asked->method}, {"Connection", connection_header}};
        answer.body = asked->target + " " + asked->body;
        auto const written = co_await server.write(answer, in_ms(1000));
        CHECK(written.has_value());
    }
}

}  // namespace

TEST_CASE("requests follow one another on a connection until the server closes it", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    start(io, serve(std::move(ends.second), 2, "keep-alive"));
    connection client(std::move(ends.first), "contoso.com");
    auto const asking = [&]() -> awaitable<void> {
        request wanted;
        wanted.method = "POST";
        wanted.target = "/one";
        wanted.body = "body";
        auto const first = co_await client.exchange(wanted, in_ms(1000));
        REQUIRE(first.has_value());
        CHECK(first->body == "/one body");
        CHECK(first->header("X-Method") == "POST");
        CHECK(client.usable());
        wanted.target = "/two";
        auto const second = co_await client.exchange(wanted, in_ms(1000));
        REQUIRE(second.has_value());
        CHECK(second->body == "/two body");
        auto const third = co_await client.exchange(wanted, in_ms(1000));
        REQUIRE_FALSE(third.has_value());
        CHECK_FALSE(client.usable());
    };
    run(io, asking());
}

TEST_CASE("Connection: close makes a connection unusable", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    start(io, serve(std::move(ends.second), 1, "close"));
    connection client(std::move(ends.first), "contoso.com");
    auto const asking = [&]() -> awaitable<void> {
        request const wanted;
        auto const first = co_await client.exchange(wanted, in_ms(1000));
        REQUIRE(first.has_value());
        CHECK_FALSE(client.usable());
        auto const second = co_await client.exchange(wanted, in_ms(1000));
        CHECK(second.error().what == fault::closed);
    };
    run(io, asking());
}

TEST_CASE("a server reads requests that came together one by one, and is told when the client is done", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    run(io, send(
                *ends.first,
                "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"));
    ends.first->close();
    server_connection server(*ends.second);
    auto const a = run(io, server.read(in_ms(100)));
    REQUIRE(a);
    CHECK(a->target == "/a");
    CHECK(a->headers == fields{{"Host", "x"}});
    auto const b = run(io, server.read(in_ms(100)));
    REQUIRE(b);
    CHECK(b->method == "POST");
    CHECK(b->body == "hi");
    auto const end = run(io, server.read(in_ms(100)));
    CHECK(end.error().what == fault::closed);
}

TEST_CASE("a server's answer cannot smuggle lines", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    server_connection server(*ends.second);
    response answer;
    answer.status = 200;
    answer.reason = "OK\r\nX: y";
    CHECK_FALSE(run(io, server.write(answer, in_ms(100))));
}

TEST_CASE("whatever operation of an exchange fails or stalls, it ends with that fault", "[net][http]") {
    for (auto const what : {fault::reset, fault::timed_out}) {
        for (std::size_t at = 1; at <= 5; ++at) {
            asio::io_context io;
            memory_script script;
            script.fail_at = at;
            script.fail_with = what;
            script.longest_read = 20;
            auto ends = make_memory_pair(io.get_executor(), script);
            start(io, serve(std::move(ends.second), 1, "keep-alive"));
            connection client(std::move(ends.first), "contoso.com");
            request const wanted;
            auto const answer = run(io, client.exchange(wanted, in_ms(what == fault::timed_out ? 30 : 5000)));
            INFO(to_string(what) << " at " << at);
            REQUIRE_FALSE(answer);
            CHECK(answer.error().what == what);
            CHECK_FALSE(client.usable());
        }
    }
}

TEST_CASE("a proxy that agrees leaves a tunnel, with what was said too early", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    run(io, send(*ends.second, "HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\nearly"));
    auto const made = run(
        io, connect_tunnel(
                std::move(ends.first), "sip.contoso.com", 443, {{"Proxy-Authorization", "Basic eDp5"}}, in_ms(5000)));
    REQUIRE(made.stream);
    CHECK(made.answer.header("Via") == "proxy");
    run(io, expect(**made.stream, "early"));
    run(io, expect(
                *ends.second,
                "CONNECT sip.contoso.com:443 HTTP/1.1\r\nHost: sip.contoso.com:443\r\nProxy-Authorization: Basic "
                "eDp5\r\n\r\n"));
}

TEST_CASE("a proxy that refuses tells its status and why", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    run(io,
        send(
            *ends.second,
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nContent-Length: 4\r\n\r\npage"));
    auto const made = run(io, connect_tunnel(std::move(ends.first), "sip.contoso.com", 443, {}, in_ms(5000)));
    REQUIRE_FALSE(made.stream);
    CHECK(made.stream.error().what == fault::proxy);
    CHECK(made.stream.error().code == 407);
    CHECK(made.answer.header("proxy-authenticate") == "NTLM");
    CHECK(made.answer.body == "page");
}

TEST_CASE("a proxy that refused is asked again on the same connection, unless it leaves", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    run(io,
        send(
            *ends.second,
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\npageHTTP/1.1 200 Fine\r\n\r\n"));
    auto made = run(io, connect_tunnel(std::move(ends.first), "sip.contoso.com", 443, {}, in_ms(5000)));
    REQUIRE(made.proxy);
    auto const again = run(
        io, connect_tunnel(
                std::move(made.proxy), "sip.contoso.com", 443, {{"Proxy-Authorization", "NTLM eA=="}}, in_ms(5000)));
    CHECK(again.stream.has_value());
    CHECK_FALSE(again.proxy);

    for (const auto* leaving :
         {"HTTP/1.1 407 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "HTTP/1.0 407 No\r\n\r\n"}) {
        auto others = make_memory_pair(io.get_executor());
        run(io, send(*others.second, leaving));
        auto const left = run(io, connect_tunnel(std::move(others.first), "sip.contoso.com", 443, {}, in_ms(20)));
        CHECK_FALSE(left.stream);
        CHECK_FALSE(left.proxy);
    }
}

TEST_CASE("a proxy's status is told although the page that it announced doesn't come", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    run(io, send(*ends.second, "HTTP/1.1 403 Forbidden\r\nContent-Length: 400\r\n\r\npart"));
    auto const made = run(io, connect_tunnel(std::move(ends.first), "2001:db8::1", 443, {}, in_ms(20)));
    REQUIRE_FALSE(made.stream);
    CHECK(made.stream.error().code == 403);
    CHECK(made.answer.body == "part");
    run(io, expect(*ends.second, "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n"));
}

TEST_CASE("a proxy that is none is a protocol error", "[net][http]") {
    asio::io_context io;
    auto ends = make_memory_pair(io.get_executor());
    run(io, send(*ends.second, "\x15\x03\x01\x00\x02\x02\x46"));
    auto const made = run(io, connect_tunnel(std::move(ends.first), "sip.contoso.com", 443, {}, in_ms(20)));
    REQUIRE_FALSE(made.stream);
    CHECK(made.stream.error().what == fault::protocol);
}

TEST_CASE("interim answers without end are ended by their number", "[net][http]") {
    auto const interim = [](int count) {
        std::string out;
        for (int i = 0; i < count; ++i) out += "HTTP/1.1 102 Processing\r\n\r\n";
        return out + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    };
    CHECK(answer_to(interim(16))->status == 200);
    auto const endless = answer_to(interim(17));
    REQUIRE_FALSE(endless);
    CHECK(endless.error().what == fault::protocol);
}

TEST_CASE("what stands around a body is bounded as the header is", "[net][http]") {
    const std::string start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", much(200000, 'x');
    for (const auto& said :
         {start + "1;" + much + "\r\na\r\n0\r\n\r\n", start + "1;x=\"" + much, start + "0;" + much + "\r\n\r\n",
          start + "1\r\na\r\n0\r\nX: " + much + "\r\n\r\n", start + "0\r\nX: " + std::string(65533, 'x') + "\r\n\r\n",
          start + std::string(100000, '0')}) {
        INFO(said.substr(0, 80));
        auto const answer = answer_to(said);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().what == fault::protocol);
    }
    auto const usual = answer_to(start + "1;name=\"value\";other\r\na\r\n0;last\r\nX-Trailer: 1\r\n\r\n");
    REQUIRE(usual);
    CHECK(usual->body == "a");
    std::string fields = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 300; ++i) fields += "X: 1\r\n";
    CHECK_FALSE(answer_to(fields + "Content-Length: 0\r\n\r\n"));
    std::string drops = start;
    while (drops.size() < 9 * 1024 * 1024) drops += "1;" + std::string(500, 'x') + "\r\na\r\n";
    auto const mostly_chunks = answer_to(drops, {}, false, 0, 20000);
    REQUIRE_FALSE(mostly_chunks);
    CHECK(mostly_chunks.error().what == fault::protocol);
}
