#include "sip/connection.hpp"

#include <catch2/catch.hpp>

#include "connection_fixture.hpp"
#include "sip/server_requests.hpp"

using namespace ucsignin;
using namespace ucsignin::sip;
using namespace ucsignin::sip::testing;

TEST_CASE("a request gets its final answer and the provisional ones before it") {
    fixture f;
    f.serve({{100, ""}, {180, ""}, {200, ""}});
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE(got);
    CHECK(got->answer.status == 200);
    CHECK(got->provisional == 2);
    CHECK(got->signature == verdict::missing);
    CHECK_FALSE(got->protected_at_send);
}

TEST_CASE("answers are matched by Call-ID, number and method, in whatever order they come") {
    fixture f;
    auto server = [](peer& at) -> net::awaitable<void> {
        std::vector<message> asked;
        for (int i = 0; i < 4; ++i) asked.push_back(co_await at.next());
        for (int i = 3; i >= 0; --i) {
            auto answer = answer_of(asked[static_cast<std::size_t>(i)], 200 + i);
            co_await at.send(std::move(answer));
        }
    };
    net::test::start(f.io, server(f.far));
    std::vector<int> statuses;
    auto ask = [](std::shared_ptr<connection> on, message what, std::vector<int>& into) -> net::awaitable<void> {
        const auto got = co_await on->request(std::move(what), in_ms(2000));
        REQUIRE(got);
        into.push_back(got->answer.status);
    };
    net::test::start(f.io, ask(f.near, request_of("SUBSCRIBE", 1, "a"), statuses));
    net::test::start(f.io, ask(f.near, request_of("SUBSCRIBE", 2, "a"), statuses));
    net::test::start(f.io, ask(f.near, request_of("SERVICE", 1, "a"), statuses));
    const auto last = f.ask(request_of("SUBSCRIBE", 1, "b"));
    CHECK(last->answer.status == 203);
    auto rest = [](std::vector<int>& of) -> net::awaitable<void> {
        while (of.size() < 3)
            co_await net::asio::post(co_await net::asio::this_coro::executor, net::asio::use_awaitable);
    };
    net::test::run(f.io, rest(statuses));
    CHECK(statuses == std::vector<int>{202, 201, 200});
    CHECK(f.near->discarded() == 0);
}

TEST_CASE("an answer that names no request is unreadable where only one can be meant, and not silence") {
    const auto answered = [](auto spoil) {
        fixture f;
        auto server = [](peer& at, auto change) -> net::awaitable<void> {
            auto answer = answer_of(co_await at.next(), 401);
            change(answer);
            co_await at.send(std::move(answer));
        };
        net::test::start(f.io, server(f.far, spoil));
        return f.ask(request_of("REGISTER", 1));
    };
    const auto without_id = answered(
        [](message& m) { std::erase_if(m.headers, [](auto& h) { return h.first == "Call-ID"; }); });
    REQUIRE_FALSE(without_id);
    CHECK(without_id.error().what == net::fault::protocol);
    CHECK(without_id.error().code == came_sip);
    const auto other_letters = answered([](message& m) {
        for (auto& h : m.headers)
            if (h.first == "CSeq") h.second = "1 register";
    });
    REQUIRE_FALSE(other_letters);
    CHECK(other_letters.error().code == came_sip);
}

TEST_CASE("an answer that no request waits for is counted and dropped") {
    fixture f;
    auto server = [](peer& at) -> net::awaitable<void> {
        const auto asked = co_await at.next();
        for (const auto& other :
             {request_of("SUBSCRIBE", 2), request_of("SERVICE", 1), request_of("SUBSCRIBE", 1, "other"),
              request_of("SUBSCRIBE", 1)}) {
            auto answer = answer_of(other, 200);
            co_await at.send(std::move(answer));
        }
        auto again = answer_of(asked, 200);
        co_await at.send(std::move(again));
        auto bare = message{};
        bare.status = 200;
        co_await at.send(std::move(bare));
    };
    net::test::start(f.io, server(f.far));
    REQUIRE(f.ask(request_of("SUBSCRIBE", 1)));
    f.serve({{200, ""}});
    REQUIRE(f.ask(request_of("SUBSCRIBE", 9)));
    CHECK(f.near->discarded() == 5);
    CHECK(f.reasons.back() == "no request waits for this answer");
}

TEST_CASE("requests of the server are answered by method and reported") {
    fixture f;
    auto server = [](peer& at) -> net::awaitable<std::vector<int>> {
        for (const char* method : {"NOTIFY", "BENOTIFY", "OPTIONS", "ACK", "MESSAGE", "INVITE", "BYE", "REFER"}) {
            auto asked = request_of(method, 7);
            co_await at.send(std::move(asked));
        }
        std::vector<int> out;
        for (int i = 0; i < 6; ++i) {
            const auto answer = co_await at.next();
            CHECK_FALSE(parse_name_addr(*answer.header("To")).parameter("tag").empty());
            CHECK(parse_cseq(*answer.header("CSeq"))->number == 7);
            out.push_back(answer.status);
        }
        co_return out;
    };
    CHECK(net::test::run(f.io, server(f.far)) == std::vector<int>{200, 200, 200, 480, 481, 501});
    CHECK(
        f.requests ==
        std::vector<std::string>{"NOTIFY", "BENOTIFY", "OPTIONS", "ACK", "MESSAGE", "INVITE", "BYE", "REFER"});
}

TEST_CASE("an answer to the server keeps every Via and an existing tag") {
    auto asked = request_of("NOTIFY", 1);
    asked.add("Via", "SIP/2.0/TLS a")
        .add("v", "SIP/2.0/TLS b")
        .set("To", "<sip:alice@contoso.example>;tag=mine;epid=1");
    const auto answer = answer_to(asked);
    REQUIRE(answer);
    CHECK(answer->all("Via") == std::vector<std::string>{"SIP/2.0/TLS a", "SIP/2.0/TLS b"});
    CHECK(answer->header("To") == "<sip:alice@contoso.example>;tag=mine;epid=1");
    CHECK(answer->body.empty());
}

TEST_CASE("a keep-alive is two line ends") {
    fixture f;
    REQUIRE(net::test::run(f.io, f.near->keep_alive(in_ms(2000))));
    f.serve({{200, ""}});
    REQUIRE(f.ask(request_of("REGISTER", 1)));
    CHECK(f.far.incoming.keep_alives() == 1);
}

TEST_CASE("close ends what is under way, once, and what comes after it") {
    fixture f;
    auto closer = [](std::shared_ptr<connection> on, peer& at) -> net::awaitable<void> {
        (void)co_await at.next();
        on->close();
        on->close();
    };
    net::test::start(f.io, closer(f.near, f.far));
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE_FALSE(got);
    CHECK(got.error().what == net::fault::cancelled);
    CHECK_FALSE(f.near->is_open());
    CHECK_FALSE(f.ask(request_of("SUBSCRIBE", 2)));
    CHECK_FALSE(net::test::run(f.io, f.near->keep_alive(in_ms(100))));
    CHECK(f.ended == std::vector<net::fault>{net::fault::cancelled});
}

TEST_CASE("the end of the stream ends every request with its reason") {
    fixture f;
    auto closer = [](peer& at) -> net::awaitable<void> {
        (void)co_await at.next();
        at.stream->close();
    };
    net::test::start(f.io, closer(f.far));
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE_FALSE(got);
    CHECK(got.error().what == net::fault::closed);
    CHECK(f.ended == std::vector<net::fault>{net::fault::closed});
}

TEST_CASE("bytes that are no SIP end the connection and say where and what they were") {
    fixture f;
    auto server = [](peer& at) -> net::awaitable<void> {
        (void)co_await at.next();
        const std::string page = "\r\n\r\n<html>502</html>\r\n\r\n";
        (void)co_await at.stream->write(page, in_ms(1000));
    };
    net::test::start(f.io, server(f.far));
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE_FALSE(got);
    CHECK(got.error().what == net::fault::protocol);
    CHECK(
        got.error().detail ==
        "neither a request line nor a status line (byte 4 of the stream, in \"<html>502</html>\")");
}

TEST_CASE("whichever operation of the stream fails, requests end with an error and in time") {
    for (std::size_t at = 1; at <= 6; ++at) {
        for (const auto how : {net::fault::reset, net::fault::closed, net::fault::timed_out}) {
            fixture f({at, how, 0});
            net::test::start(f.io, answer_first(f.far));
            const auto first = f.ask(request_of("REGISTER", 1), 60);
            const auto second = f.ask(request_of("REGISTER", 2), 60);
            INFO(at << " " << net::to_string(how));
            CHECK_FALSE(second);  // nobody answers it
            if (!first) CHECK(first.error().what == how);
        }
    }
}

TEST_CASE("a request whose deadline is over is not written any more") {
    fixture f;
    const auto late = f.ask(request_of("REGISTER", 1), -5);
    REQUIRE_FALSE(late);
    CHECK(late.error().what == net::fault::timed_out);
    f.serve({{200, ""}});
    CHECK(f.ask(request_of("REGISTER", 2)));
}

TEST_CASE("the last handle that goes closes the connection and tells nobody") {
    fixture f;
    f.near.reset();
    auto reads = [](peer& at) -> net::awaitable<net::fault> {
        char byte[1];
        const auto got = co_await at.stream->read_some(byte, in_ms(2000));
        co_return got ? net::fault::other : got.error().what;
    };
    CHECK(net::test::run(f.io, reads(f.far)) == net::fault::closed);
    CHECK(f.ended.empty());
}

TEST_CASE("closing from inside an event is safe") {
    net::asio::io_context io;
    auto [mine, other] = net::make_memory_pair(io.get_executor());
    std::shared_ptr<connection> near;
    int closed = 0;
    connection_events events;
    events.request = [&near](const message&, verdict) { near->close(); };
    events.closed = [&closed](const net::error&) { ++closed; };
    near = connection::start(std::move(mine), io.get_executor(), std::move(events));
    peer far{std::move(other), {}};
    auto server = [](peer& at) -> net::awaitable<net::fault> {
        auto asked = request_of("BENOTIFY", 1);
        co_await at.send(std::move(asked));
        char byte[1];
        const auto got = co_await at.stream->read_some(byte, in_ms(2000));
        co_return got ? net::fault::other : got.error().what;
    };
    CHECK(net::test::run(io, server(far)) == net::fault::closed);
    CHECK(closed == 1);
}

TEST_CASE("a request without Call-ID or CSeq is a bug of the caller") {
    fixture f;
    message bare;
    bare.method = "REGISTER";
    CHECK_THROWS_AS(f.ask(bare), std::invalid_argument);
}

TEST_CASE("provisional answers without end are ended by their number") {
    fixture f;
    f.serve(std::vector<std::pair<int, std::string>>(1000, {100, ""}));
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE_FALSE(got);
    CHECK(got.error().what == net::fault::protocol);
    CHECK(got.error().detail == "one provisional answer after another, and no final one");
    CHECK(got.error().sent == departure::whole);
    CHECK(f.near->is_open());
}

TEST_CASE("a server that asks and does not take the answers is left") {
    const auto [mine, other] = std::pair(new unread_stream, std::string());
    net::asio::io_context io;
    std::vector<std::string> ended;
    connection_events events;
    events.closed = [&](const net::error& e) { ended.push_back(e.detail); };
    const auto near = connection::start(net::stream_ptr(mine), io.get_executor(), std::move(events));
    auto wait = [](std::vector<std::string>& of) -> net::awaitable<void> {
        while (of.empty()) co_await net::asio::post(co_await net::asio::this_coro::executor, net::asio::use_awaitable);
    };
    net::test::run(io, wait(ended));
    CHECK(ended == std::vector<std::string>{"the server asks one thing after another, but does not take the answers"});
    CHECK(mine->asked < 3000);
}

TEST_CASE("a request that fails tells how much of it had left") {
    fixture silent;
    const auto unanswered = silent.ask(request_of("REGISTER", 1), 20);
    CHECK(unanswered.error().what == net::fault::timed_out);
    CHECK(unanswered.error().sent == departure::whole);

    fixture full;
    auto* stream = new unread_stream;
    stream->asks = false;
    full.near = connection::start(net::stream_ptr(stream), full.io.get_executor(), {});
    auto first = [](std::shared_ptr<connection> on, std::vector<departure>& into) -> net::awaitable<void> {
        auto wanted = request_of("REGISTER", 1);
        const auto got = co_await on->request(std::move(wanted), in_ms(60));
        into.push_back(got.error().sent);
    };
    std::vector<departure> seen;
    net::test::start(full.io, first(full.near, seen));
    const auto behind = full.ask(request_of("REGISTER", 2), 20);
    CHECK(behind.error().what == net::fault::timed_out);
    CHECK(behind.error().detail == "not sent: the server reads nothing");
    CHECK(behind.error().sent == departure::never);
    full.near->close();
    const auto late = full.ask(request_of("REGISTER", 3));
    CHECK(late.error().sent == departure::never);
    CHECK(seen == std::vector<departure>{departure::begun});

    fixture unsigned_one;
    const auto association = std::make_shared<marker>();
    association->out_of_signatures = true;
    unsigned_one.near->protect(association);
    CHECK(unsigned_one.ask(request_of("REGISTER", 1)).error().sent == departure::never);
}
