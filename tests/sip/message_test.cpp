#include "sip/message.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin::sip;

namespace {

const std::string notify =
    "NOTIFY sip:192.0.2.10:50123;transport=tls SIP/2.0\r\n"
    "Via: SIP/2.0/TLS 192.0.2.1:5061;branch=z9hG4bKD948963B\r\n"
    "f: <sip:alice@contoso.example>;tag=1\r\n"
    "To: <sip:alice@contoso.example>\r\n ;tag=7c503117ea;\r\n\tepid=c8ca638a15\r\n"
    "CALL-ID : abc\r\n"
    "CSeq: 1 NOTIFY\r\n"
    "Supported: a, b\r\n"
    "k: c\r\n"
    "l: 5\r\n"
    "\r\n"
    "hello";

parse_error error_of(std::string_view wire) {
    const auto got = parse(wire);
    REQUIRE_FALSE(got);
    return got.error();
}

}  // namespace

TEST_CASE("a request is read with its headers in order and folded lines joined") {
    const auto m = parse(notify);
    REQUIRE(m);
    CHECK(m->is_request());
    CHECK(m->method == "NOTIFY");
    CHECK(m->request_uri == "sip:192.0.2.10:50123;transport=tls");
    CHECK(m->body == "hello");
    CHECK(m->headers.front().first == "Via");
    CHECK(m->header("To") == "<sip:alice@contoso.example> ;tag=7c503117ea; epid=c8ca638a15");
    CHECK_FALSE(m->header("Content-Length"));
}

TEST_CASE("header names compare without case and compact forms stand for the long ones") {
    const auto m = parse(notify);
    CHECK(m->header("from") == "<sip:alice@contoso.example>;tag=1");
    CHECK(m->header("F") == m->header("From"));
    CHECK(m->header("call-id") == "abc");
    CHECK(m->all("Supported") == std::vector<std::string>{"a, b", "c"});
    CHECK(m->list("Supported") == std::vector<std::string>{"a", "b", "c"});
    CHECK_FALSE(m->header("Contact"));
}

TEST_CASE("a response is read with status and reason") {
    const auto m = parse("SIP/2.0 301 Redirect request to Home Server\r\nContent-Length: 0\r\n\r\n");
    REQUIRE(m);
    CHECK_FALSE(m->is_request());
    CHECK(m->status == 301);
    CHECK(m->reason == "Redirect request to Home Server");
    CHECK(parse("SIP/2.0 200\r\n\r\n")->reason.empty());
    CHECK(parse("sip/2.0 200 \r\n\r\n")->status == 200);
}

TEST_CASE("bare line feeds end lines as well") {
    const auto m = parse("OPTIONS sip:a SIP/2.0\nTo: x\n\nbody");
    REQUIRE(m);
    CHECK(m->header("To") == "x");
    CHECK(m->body == "body");
}

TEST_CASE("lists are not split inside quotes and angle brackets") {
    message m;
    m.add("Contact", "\"A, \\\"B\" <sip:a,b@c>;methods=\"INVITE, BYE\", <sip:d@e>");
    CHECK(
        m.list("Contact") == std::vector<std::string>{"\"A, \\\"B\" <sip:a,b@c>;methods=\"INVITE, BYE\"", "<sip:d@e>"});
    m.set("Contact", " , ,");
    CHECK(m.list("Contact").empty());
}

TEST_CASE("what is read is written again with its own spelling and length") {
    const auto m = parse(notify);
    const auto again = parse(m->serialize());
    REQUIRE(again);
    CHECK(again->headers == m->headers);
    CHECK(again->body == m->body);
    CHECK(m->serialize().ends_with("Content-Length: 5\r\n\r\nhello"));
}

TEST_CASE("the signature is written after Content-Length") {
    message m;
    m.method = "REGISTER";
    m.request_uri = "sip:contoso.example";
    m.add("CSeq", "1 REGISTER").add("Authorization", "TLS-DSK a=\"b\"");
    CHECK(
        m.serialize() ==
        "REGISTER sip:contoso.example SIP/2.0\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\nAuthorization: TLS-DSK "
        "a=\"b\"\r\n\r\n");
}

TEST_CASE("a line end in a value cannot start another header") {
    message m;
    m.method = "REGISTER";
    m.request_uri = "sip:x\r\nEvil: 1";
    m.add("Subject", "a\r\nEvil: 2");
    const auto again = m.serialize();
    CHECK(again.find("\nEvil") == std::string::npos);
}

TEST_CASE("headers are replaced, added and removed by name") {
    message m;
    m.add("a", "1").add("Via", "2").add("A", "3");
    m.set("A", "4").set("New", "5");
    CHECK(
        m.headers ==
        std::vector<std::pair<std::string, std::string>>{{"a", "4"}, {"Via", "2"}, {"A", "3"}, {"New", "5"}});
    m.remove("a");
    CHECK(m.headers.size() == 2);
    m.remove("v");
    CHECK(m.headers.size() == 1);
}

TEST_CASE("malformed messages are refused with the place where they go wrong") {
    CHECK(error_of("").what == "the head has no end");
    CHECK(error_of("SIP/2.0 200 OK\r\n").what == "the head has no end");
    CHECK(error_of("SIP/2.0 20 OK\r\n\r\n").offset == 8);
    CHECK(error_of("SIP/2.0 2000 OK\r\n\r\n").offset == 8);
    CHECK(error_of("SIP/2.0 099 OK\r\n\r\n").offset == 8);
    CHECK(error_of("HTTP/1.1 200 OK\r\n\r\n").what == "the method is not a token");
    CHECK(error_of("GET / HTTP/1.1\r\n\r\n").offset == 6);
    CHECK(error_of("hello\r\n\r\n").what == "neither a request line nor a status line");
    CHECK(error_of("OPTIONS  SIP/2.0\r\n\r\n").what == "the request URI is empty or has a blank");
    CHECK(parse("SIP/2.0 200 OK\r\nnonsense\r\n: x\r\n\r\n")->odd_lines.size() == 2);
    CHECK(error_of("SIP/2.0 200 OK\r\n folded\r\n\r\n").offset == 16);
    CHECK(error_of(std::string("SIP/2.0 200 OK\r\nTo: a\0b\r\n\r\n", 27)).offset == 21);
}

TEST_CASE("a body must be as long as Content-Length says, and there must be one such length") {
    CHECK(error_of("SIP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nab").offset == 37);
    CHECK_FALSE(parse("SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n"));
    CHECK_FALSE(parse("SIP/2.0 200 OK\r\nContent-Length: -1\r\n\r\n"));
    CHECK_FALSE(parse("SIP/2.0 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n"));
    CHECK_FALSE(parse("SIP/2.0 200 OK\r\nContent-Length: 2\r\nl: 3\r\n\r\nabc"));
    CHECK(parse("SIP/2.0 200 OK\r\nContent-Length: 2\r\nl: 2\r\n\r\nab"));
}

TEST_CASE("a stream is cut into messages wherever its bytes are split") {
    const std::string two = "\r\n\r\n" + notify + "\r\n\r\n" + notify;
    for (std::size_t split = 0; split <= two.size(); ++split) {
        framer cutter;
        int count = 0;
        for (const auto& part : {two.substr(0, split), two.substr(split)}) {
            cutter.feed(part);
            for (auto next = cutter.next(); next && *next; next = cutter.next()) {
                CHECK((*next)->body == "hello");
                ++count;
            }
        }
        CHECK(count == 2);
        CHECK(cutter.keep_alives() == 2);
        CHECK(cutter.empty());
    }
}

TEST_CASE("a stream that comes byte by byte gives its message at the last byte") {
    framer cutter;
    for (std::size_t i = 0; i < notify.size(); ++i) {
        cutter.feed(notify.substr(i, 1));
        const auto next = cutter.next();
        REQUIRE(next);
        CHECK(next->has_value() == (i + 1 == notify.size()));
    }
}

TEST_CASE("a single line end between messages is skipped and no keep-alive") {
    framer cutter;
    cutter.feed("\r\n" + notify + "\r\n\r\n\r\n\r\n");
    CHECK(cutter.next()->has_value());
    CHECK_FALSE(cutter.next()->has_value());
    CHECK(cutter.keep_alives() == 2);
}

TEST_CASE("a message without Content-Length has no body, and must not announce one") {
    framer cutter;
    cutter.feed("SIP/2.0 200 OK\r\nTo: x\r\n\r\n" + notify);
    CHECK((*cutter.next())->status == 200);
    CHECK((*cutter.next())->method == "NOTIFY");
    framer lost;
    lost.feed("SIP/2.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<a/>");
    CHECK(lost.next().error().what == "a body without Content-Length");
}

TEST_CASE("errors of a stream count from its beginning") {
    framer cutter;
    cutter.feed(notify + "\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    CHECK(cutter.next()->has_value());
    const auto failed = cutter.next();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().offset == notify.size() + 4 + 6);
}

TEST_CASE("limits end a stream before it fills the memory") {
    framer headers;
    headers.feed("SIP/2.0 200 OK\r\nX: " + std::string(70000, 'x'));
    CHECK_FALSE(headers.next());
    framer whole;
    whole.feed("SIP/2.0 200 OK\r\nX: " + std::string(70000, 'x') + "\r\n\r\n");
    CHECK_FALSE(whole.next());
    framer body;
    body.feed("SIP/2.0 200 OK\r\nContent-Length: 4194305\r\n\r\n");
    CHECK_FALSE(body.next());
    framer allowed;
    allowed.feed("SIP/2.0 200 OK\r\nContent-Length: 4194304\r\nX: " + std::string(60000, 'x') + "\r\n\r\n");
    CHECK_FALSE(allowed.next()->has_value());
    allowed.feed(std::string(4194304, 'b'));
    CHECK((*allowed.next())->body.size() == 4194304);
}

TEST_CASE("a message may have 512 headers and no more") {
    std::string wire = "SIP/2.0 200 OK\r\n";
    for (int i = 0; i < 512; ++i) wire += "X: 1\r\n";
    CHECK(parse(wire + "\r\n")->headers.size() == 512);
    CHECK(parse(wire + "X: 1\r\n\r\n").error().what == "more than 512 headers");
    framer cutter;
    cutter.feed(wire + "X: 1\r\n\r\n");
    CHECK_FALSE(cutter.next());
}

TEST_CASE("a body that comes byte by byte costs no more than its bytes") {
    framer cutter;
    cutter.feed("SIP/2.0 200 OK\r\nContent-Length: 200000\r\nX: " + std::string(60000, 'x') + "\r\n\r\n");
    for (int i = 0; i < 199999; ++i) {
        CHECK_FALSE(cutter.next()->has_value());
        cutter.feed("b");
    }
    CHECK_FALSE(cutter.empty());
    cutter.feed("eSIP/2.0 180 Ringing\r\n\r\n");
    CHECK((*cutter.next())->body.back() == 'e');
    CHECK((*cutter.next())->status == 180);
    CHECK(cutter.empty());
}

TEST_CASE("a line that is no header is skipped with what is folded into it, and kept to be told") {
    const auto odd = parse(
        "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/TLS 192.0.2.44\r\nthis line has no colon\r\n and goes on\r\n"
        "b@d: name\r\nCSeq: 1 REGISTER\r\n\r\n");
    REQUIRE(odd);
    CHECK(odd->headers.size() == 2);
    CHECK(odd->header("CSeq") == "1 REGISTER");
    CHECK(odd->header("Via") == "SIP/2.0/TLS 192.0.2.44");
    CHECK(odd->odd_lines == std::vector<std::string>{"this line has no colon", "b@d: name"});
    std::string many = "SIP/2.0 200 OK\r\n";
    for (int i = 0; i < 100; ++i) many += std::string(200, 'x') + "\r\n";
    const auto bounded = parse(many + "\r\n");
    REQUIRE(bounded);
    CHECK(bounded->odd_lines.size() == 8);
    CHECK(bounded->odd_lines.front().size() == 80);
}
