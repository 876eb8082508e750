#include "sip/connection.hpp"

#include <catch2/catch.hpp>

#include "connection_fixture.hpp"

using namespace ucsignin;
using namespace ucsignin::sip;
using namespace ucsignin::sip::testing;

TEST_CASE("requests that are sent at once are signed in the order of writing and never interleave") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    auto ask = [](std::shared_ptr<connection> on, message what) -> net::awaitable<void> {
        (void)co_await on->request(std::move(what), in_ms(2000));
    };
    for (int i = 1; i <= 5; ++i) {
        auto big = request_of("SERVICE", i);
        big.body = std::string(20000, static_cast<char>('0' + i));
        net::test::start(f.io, ask(f.near, std::move(big)));
    }
    auto server = [](peer& at) -> net::awaitable<void> {
        for (int i = 1; i <= 5; ++i) {
            const auto got = co_await at.next();
            CHECK(got.header("Authorization") == "mark " + std::to_string(i));
            CHECK(got.header("CSeq") == std::to_string(i) + " SERVICE");
            CHECK(got.body == std::string(20000, static_cast<char>('0' + i)));
        }
    };
    net::test::run(f.io, server(f.far));
}

TEST_CASE("under an association a signed answer is delivered as valid") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    f.serve({{200, "good"}});
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE(got);
    CHECK(got->signature == verdict::valid);
    CHECK(got->protected_at_send);
}

TEST_CASE("an unsigned or wrongly signed answer is dropped and the request goes on waiting") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    f.serve({{200, ""}, {202, "bad"}, {488, "good"}});
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE(got);
    CHECK(got->answer.status == 488);
    CHECK(f.near->discarded() == 2);
    CHECK(f.reasons == std::vector<std::string>{"an answer with no signature", "an answer with a wrong signature"});
}

TEST_CASE("a request whose only answer was dropped ends at its deadline") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    f.serve({{200, "bad"}});
    const auto got = f.ask(request_of("SUBSCRIBE", 1), 50);
    REQUIRE_FALSE(got);
    CHECK(got.error().what == net::fault::timed_out);
    CHECK(got.error().discarded == 1);
    CHECK(f.near->is_open());
}

TEST_CASE("an answer to REGISTER is delivered with its verdict even when the signature is wrong") {
    for (const auto& [info, expected] :
         {std::pair{"bad", verdict::invalid}, {"", verdict::missing}, {"good", verdict::valid}}) {
        fixture f;
        f.near->protect(std::make_shared<marker>());
        f.serve({{200, info}});
        const auto got = f.ask(request_of("REGISTER", 1));
        REQUIRE(got);
        CHECK(got->signature == expected);
    }
}

TEST_CASE("an unsigned challenge is delivered, a wrongly signed one is not") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    f.serve({{401, "bad"}, {401, ""}});
    const auto got = f.ask(request_of("SUBSCRIBE", 1));
    REQUIRE(got);
    CHECK(got->answer.status == 401);
    CHECK(got->signature == verdict::missing);
    CHECK(f.near->discarded() == 1);
}

TEST_CASE("provisional answers may be unsigned but not wrongly signed") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    f.serve({{100, ""}, {183, "bad"}, {200, "good"}});
    const auto got = f.ask(request_of("INVITE", 1));
    REQUIRE(got);
    CHECK(got->provisional == 1);
    CHECK(f.near->discarded() == 1);
}

TEST_CASE("taking the association away goes back to unsigned requests") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    f.near->protect(nullptr);
    f.serve({{200, ""}});
    const auto got = f.ask(request_of("REGISTER", 1));
    REQUIRE(got);
    CHECK_FALSE(got->protected_at_send);
}

TEST_CASE("answers to the server are signed in one sequence with our requests") {
    fixture f;
    f.near->protect(std::make_shared<marker>());
    auto server = [](peer& at) -> net::awaitable<void> {
        auto asked = request_of("NOTIFY", 7);
        asked.add("Authentication-Info", "good");
        co_await at.send(std::move(asked));
        const auto first = co_await at.next();
        CHECK(first.header("Authorization") == "mark 1");
        auto unsigned_one = request_of("NOTIFY", 8);
        co_await at.send(std::move(unsigned_one));
        auto last = request_of("OPTIONS", 9);
        last.add("Authentication-Info", "good");
        co_await at.send(std::move(last));
        const auto answer = co_await at.next();
        CHECK(answer.header("CSeq") == "9 OPTIONS");
        CHECK(answer.header("Authorization") == "mark 2");
    };
    net::test::run(f.io, server(f.far));
    CHECK(f.requests == std::vector<std::string>{"NOTIFY", "OPTIONS"});
    CHECK(f.reasons == std::vector<std::string>{"a request with no signature"});
}
