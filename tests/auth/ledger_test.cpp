#include "auth/ledger.hpp"

#include <boost/asio/io_context.hpp>

#include "../net/run.hpp"
#include "net/deadline.hpp"

using namespace ucsignin;
using auth::ledger, auth::password_use, auth::use_end;
using way = auth::password_way;
using net::test::in_ms;

namespace {

using reserved = std::expected<password_use, std::string>;

// Reserves, sends and ends a use; false when there was none.
net::awaitable<bool> spend(ledger& book, way how, use_end end) {
    auto use = co_await book.reserve(how, in_ms(200));
    if (!use) co_return false;
    use->sent();
    use->end(end);
    co_return true;
}

bool spend_now(net::asio::io_context& io, ledger& book, way how, use_end end) {
    return net::test::run(io, spend(book, how, end));
}

net::awaitable<void> end_later(password_use use, use_end how, std::chrono::milliseconds after) {
    (void)co_await net::pass_time(net::clock::now() + after);
    use.end(how);
}

}  // namespace

TEST_CASE("nothing is counted and everything allowed at first", "[auth][ledger]") {
    net::asio::io_context io;
    const ledger fresh(io.get_executor());
    CHECK(fresh.uses() == 0);
    CHECK(fresh.refused() == 0);
    CHECK(fresh.objection(way::web_ntlm).empty());
}

TEST_CASE("accepted uses never run out", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor());
    for (int i = 0; i < 20; ++i) REQUIRE(spend_now(io, book, way::web_ntlm, use_end::accepted));
    CHECK(book.uses() == 20);
    CHECK(spend_now(io, book, way::sip_ntlm, use_end::accepted));
}

TEST_CASE("after one that was not accepted there is one more, in another way, and then none", "[auth][ledger]") {
    const auto first = GENERATE(use_end::refused, use_end::unjudged);
    const auto second = GENERATE(use_end::refused, use_end::unjudged);
    net::asio::io_context io;
    ledger book(io.get_executor());
    REQUIRE(spend_now(io, book, way::web_ntlm, first));
    CHECK_FALSE(book.objection(way::web_ntlm).empty());
    CHECK_FALSE(spend_now(io, book, way::web_ntlm, use_end::accepted));
    CHECK(spend_now(io, book, way::web_username_base64, second));
    for (const auto closed : {way::web_ntlm, way::web_username_clear, way::sip_ntlm, way::kerberos})
        CHECK_FALSE(spend_now(io, book, closed, use_end::accepted));
    CHECK(book.uses() == 2);
    CHECK(book.refused() + book.unjudged() == 2);
}

TEST_CASE("the last use in a way is what was accepted, or was not", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor());
    CHECK(book.last_was_accepted(way::sip_ntlm));
    REQUIRE(spend_now(io, book, way::sip_ntlm, use_end::accepted));
    REQUIRE(spend_now(io, book, way::exchange_ntlm, use_end::unjudged));
    CHECK(book.last_was_accepted(way::sip_ntlm));
    CHECK_FALSE(book.last_was_accepted(way::exchange_ntlm));
    REQUIRE(spend_now(io, book, way::sip_ntlm, use_end::unjudged));
    CHECK_FALSE(book.last_was_accepted(way::sip_ntlm));
}

TEST_CASE("an accepted one between them gives no further tries", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor());
    REQUIRE(spend_now(io, book, way::web_ntlm, use_end::unjudged));
    REQUIRE(spend_now(io, book, way::sip_ntlm, use_end::accepted));
    REQUIRE(spend_now(io, book, way::sip_ntlm, use_end::refused));
    CHECK_FALSE(spend_now(io, book, way::kerberos, use_end::accepted));
    CHECK(book.uses() == 3);
}

TEST_CASE("what never left is given back; what left and was forgotten is unjudged", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor());
    net::test::run(io, [](ledger& b) -> net::awaitable<void> {
        { auto unsent = co_await b.reserve(way::web_ntlm, in_ms(100)); }
        CHECK(b.uses() == 0);
        CHECK(b.objection(way::web_ntlm).empty());
        {
            auto lost = co_await b.reserve(way::web_ntlm, in_ms(100));
            lost->sent();
        }
        CHECK(b.unjudged() == 1);
    }(book));
}

TEST_CASE("the second try knows that it is the last", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor());
    net::test::run(io, [](ledger& b) -> net::awaitable<void> {
        auto one = co_await b.reserve(way::web_ntlm, in_ms(100));
        CHECK_FALSE(one->is_last_try());
        one->sent();
        one->end(use_end::refused);
        auto two = co_await b.reserve(way::sip_ntlm, in_ms(100));
        CHECK(two->is_last_try());
    }(book));
}

TEST_CASE("while one is under way others wait for what comes of it", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor());
    net::test::run(io, [](ledger& b, net::asio::io_context& loop) -> net::awaitable<void> {
        auto one = co_await b.reserve(way::web_ntlm, in_ms(100));
        one->sent();
        net::test::start(loop, end_later(std::move(*one), use_end::refused, std::chrono::milliseconds(30)));
        auto same = co_await b.reserve(way::web_ntlm, in_ms(2000));
        CHECK_FALSE(same.has_value());
        auto other = co_await b.reserve(way::sip_ntlm, in_ms(2000));
        CHECK(other.has_value());
        auto third = co_await b.reserve(way::kerberos, in_ms(30));
        CHECK_FALSE(third.has_value());
    }(book, io));
}

TEST_CASE("a proxy that took the password is logged in to side by side", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor(), ledger::of::proxy);
    REQUIRE(spend_now(io, book, way::proxy_ntlm, use_end::accepted));
    net::test::run(io, [](ledger& b) -> net::awaitable<void> {
        auto one = co_await b.reserve(way::proxy_ntlm, in_ms(100));
        auto two = co_await b.reserve(way::proxy_ntlm, in_ms(20));
        CHECK(one.has_value());
        CHECK(two.has_value());
    }(book));
}

TEST_CASE("a log-in at a proxy that broke leaves one more try, in whichever way", "[auth][ledger]") {
    net::asio::io_context io;
    ledger book(io.get_executor(), ledger::of::proxy);
    REQUIRE(spend_now(io, book, way::proxy_basic, use_end::unjudged));
    REQUIRE(spend_now(io, book, way::proxy_basic, use_end::unjudged));
    CHECK_FALSE(spend_now(io, book, way::proxy_basic, use_end::accepted));
    ledger refused(io.get_executor(), ledger::of::proxy);
    REQUIRE(spend_now(io, refused, way::proxy_basic, use_end::refused));
    CHECK_FALSE(spend_now(io, refused, way::proxy_basic, use_end::accepted));
}
