// One conversation, cut up in every way that TCP, TLS and what lies between may choose: the connection hears the same.

#include "connection_fixture.hpp"

#include <fmt/format.h>
#include <map>

using namespace ucsignin;
using namespace ucsignin::sip;
using namespace ucsignin::sip::testing;

namespace {

// What the server says once both requests are there, written as a front end writes it: keep-alives before and between,
// a provisional answer, the second request answered first, bodies with empty lines, a folded and a compact header, and
// an answer without a body.
const std::string transcript =
    "\r\n\r\n"
    "SIP/2.0 100 Trying\r\nCall-ID: one\r\nCSeq: 1 SUBSCRIBE\r\nContent-Length: 0\r\n\r\n"
    "SIP/2.0 200 OK\r\nCall-ID: two\r\nCSeq: 2 SERVICE\r\n\r\n"
    "\r\n"
    "BENOTIFY sip:alice@contoso.example SIP/2.0\r\nCall-ID: news\r\nCSeq: 2 BENOTIFY\r\nFrom: <sip:a@x>;tag=1\r\n"
    "To: <sip:a@x>\r\nEvent:\r\n vnd-microsoft-roaming-self\r\nContent-Type: application/xml\r\nl: 18\r\n\r\n"
    "<a>\r\n\r\nSIP/2.0</a>"
    "SIP/2.0 200 OK\r\nCall-ID: one\r\nCSeq: 1 SUBSCRIBE\r\nContent-Type: application/xml\r\nContent-Length: 15\r\n\r\n"
    "\r\n\r\n<list/>\r\n\r\n"
    "\r\n\r\n\r\n\r\n"
    "NOTIFY sip:alice@contoso.example SIP/2.0\r\nCall-ID: more\r\nCSeq: 3 NOTIFY\r\nFrom: <sip:a@x>;tag=1\r\n"
    "To: <sip:a@x>\r\nContent-Length: 0\r\n\r\n";

const std::map<std::string, std::string> wanted{
    {"one", "200, 1 before it, \r\n\r\n<list/>\r\n\r\n"},
    {"two", "200, 0 before it, "},
    {"news", "BENOTIFY vnd-microsoft-roaming-self <a>\r\n\r\nSIP/2.0</a>"},
    {"more", "NOTIFY  "}};

struct listener {
    explicit listener(net::memory_script near_end) {
        auto [mine, other] = net::make_memory_pair(io.get_executor(), near_end);
        far.stream = std::move(other);
        connection_events events;
        events.request = [this](const message& m, verdict) {
            heard[*m.header("Call-ID")] = fmt::format("{} {} {}", m.method, m.header("Event").value_or(""), m.body);
        };
        events.discarded = [this](const message&, std::string why) { heard["discarded"] = std::move(why); };
        events.closed = [this](const net::error& e) { heard["closed"] = e.detail; };
        near = connection::start(std::move(mine), io.get_executor(), std::move(events));
    }

    net::asio::io_context io;
    peer far;
    std::shared_ptr<connection> near;
    std::map<std::string, std::string> heard;
};

net::awaitable<void> ask(listener& by, message what) {
    const auto id = *what.header("Call-ID");
    const auto got = co_await by.near->request(std::move(what), in_ms(5000));
    by.heard[id] = got ? fmt::format("{}, {} before it, {}", got->answer.status, got->provisional, got->answer.body)
                       : "nothing";
}

// Each part is read before the next is written.
net::awaitable<void> serve(listener& to, std::vector<std::string> parts) {
    for (int i = 0; i < 2; ++i) {
        const auto asked = co_await to.far.next();
        (void)asked;
    }
    for (const auto& part : parts) {
        const auto written = co_await to.far.stream->write(part, in_ms(5000));
        REQUIRE(written);
        for (int i = 0; i < 3; ++i) co_await net::pass_time(net::clock::now());
    }
}

net::awaitable<void> until_all_is_heard(listener& by) {
    const auto end = in_ms(5000);
    while (by.heard.size() < wanted.size() && net::clock::now() < end) co_await net::pass_time(net::clock::now());
}

std::map<std::string, std::string> heard_of(std::vector<std::string> parts, std::size_t longest_read = 0) {
    net::memory_script script;
    script.longest_read = longest_read;
    listener by(script);
    net::test::start(by.io, serve(by, std::move(parts)));
    net::test::start(by.io, ask(by, request_of("SUBSCRIBE", 1, "one")));
    net::test::start(by.io, ask(by, request_of("SERVICE", 2, "two")));
    net::test::run(by.io, until_all_is_heard(by));
    return std::move(by.heard);
}

std::vector<std::string> pieces_of(std::size_t size) {
    std::vector<std::string> all;
    for (std::size_t at = 0; at < transcript.size(); at += size) all.push_back(transcript.substr(at, size));
    return all;
}

}  // namespace

TEST_CASE("several messages and keep-alives in one read are each heard") { CHECK(heard_of({transcript}) == wanted); }

TEST_CASE("one byte at a time, as it is written or as it is read") {
    CHECK(heard_of(pieces_of(1)) == wanted);
    CHECK(heard_of({transcript}, 1) == wanted);
}

TEST_CASE("pieces of any size, so that cuts fall into lines, heads, bodies and keep-alives") {
    for (const std::size_t size : {2, 3, 5, 7, 16, 61, 127, 250}) {
        INFO(size);
        CHECK(heard_of(pieces_of(size)) == wanted);
        CHECK(heard_of({transcript}, size) == wanted);
    }
}

TEST_CASE("one cut anywhere") {
    for (std::size_t at = 1; at < transcript.size(); ++at) {
        INFO(at);
        CHECK(heard_of({transcript.substr(0, at), transcript.substr(at)}) == wanted);
    }
}

TEST_CASE("heads and bodies apart, each message by itself") {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from < transcript.size();) {
        const auto end = transcript.find("\r\n\r\n", from);
        const auto next = end == std::string::npos ? transcript.size() : end + 4;
        parts.push_back(transcript.substr(from, next - from));
        from = next;
    }
    CHECK(heard_of(parts) == wanted);
}
