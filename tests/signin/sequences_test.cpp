// The sequences of the sign-in over scripted streams: to their end, and cancelled at every operation.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include "../net/failing_stream.hpp"
#include "context_fixture.hpp"
#include "signin/connection/connection.hpp"
#include "signin/registration/registration.hpp"
#include "signin/stay.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm;
using net::test::harm_kind;
using net::test::in_ms;

namespace {

constexpr const char *first_address = "192.0.2.1", *second_address = "192.0.2.2";

candidate candidate_at(const std::string& host) { return {{host, 5061}, origin::srv, "for the test"}; }

// Two servers that take a connection, and say nothing on it.
struct two_servers : context_fixture {
    explicit two_servers(double timeout_s = 5) : context_fixture(timeout_s) {
        names->addresses = {{"one.contoso.example", first_address}, {"two.contoso.example", second_address}};
        dialer->answer = [this](const net::endpoint&) -> net::result<net::stream_ptr> {
            auto [mine, other] = net::make_memory_pair(io.get_executor());
            far.push_back(std::move(other));
            return net::test::fail_at(std::move(mine), harmed, "server");
        };
    }
    std::vector<net::stream_ptr> far;
    std::shared_ptr<harm> harmed = std::make_shared<harm>();
    connection::probes started{c};
    connection::chooser choice{c, started, {candidate_at("one.contoso.example"), candidate_at("two.contoso.example")}};

    std::optional<std::string> chosen() {
        const auto on = net::test::run(io, choice.next());
        return on ? std::optional(on->server.server.host) : std::nullopt;
    }
    [[nodiscard]] int dialled(const std::string& address) const {
        return static_cast<int>(std::ranges::count(dialer->dialled, address + ":5061"));
    }
};

// A web server that answers every request alike, over as many connections as it is asked for.
struct web_server : context_fixture {
    web_server() {
        names->addresses = {{"web.contoso.example", first_address}};
        dialer->answer = [this](const net::endpoint&) -> net::result<net::stream_ptr> {
            auto [mine, other] = net::make_memory_pair(io.get_executor());
            net::test::start(io, serve(*this, std::move(other)));
            return net::test::fail_at(std::move(mine), harmed, "web");
        };
    }
    static net::awaitable<void> serve(web_server& self, net::stream_ptr stream) {
        char bytes[4096];
        std::string seen;
        for (int left = self.answers_each; left > 0;) {
            const auto got = co_await stream->read_some(bytes, in_ms(5000));
            if (!got) co_return;
            seen.append(bytes, *got);
            if (seen.find("\r\n\r\n") == std::string::npos) continue;
            seen.clear();
            --left;
            ++self.asked;
            const auto sent = co_await stream->write(self.answer, in_ms(2000));
            if (!sent) co_return;
        }
    }
    web_answer fetch(const std::string& url) {
        const auto where = net::http::parse_url(url).value();
        return net::test::run(io, c.web.fetch(c, where, net::http::request{}, in_ms(2000)));
    }
    std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    int answers_each = 100, asked = 0;
    std::shared_ptr<harm> harmed = std::make_shared<harm>();
};

// Ends `work` at the N-th operation of `by`; false when it did not end by itself within a second.
bool cancelled_at(
    net::asio::io_context& io, const std::shared_ptr<harm>& by, std::size_t nth, net::awaitable<void> work) {
    net::asio::cancellation_signal stop;
    bool ended = false;
    by->kind = harm_kind::call_out;
    by->nth = nth;
    by->called = [&] {
        net::asio::post(io, [&] {
            by->noting = true;
            stop.emit(net::asio::cancellation_type::all);
        });
    };
    net::asio::co_spawn(
        io, std::move(work), net::asio::bind_cancellation_slot(stop.slot(), [&](const std::exception_ptr& thrown) {
            ended = true;
            io.stop();
            net::rethrow_bug(thrown);
        }));
    io.restart();
    io.run_for(std::chrono::seconds(1));
    return ended;
}

net::awaitable<void> fetch_twice(context& c, net::http::url where) {
    for (int i = 0; i < 2; ++i) {
        net::http::request wanted;
        const auto answer = co_await c.web.fetch(c, where, std::move(wanted), in_ms(5000));
        if (!answer.response) co_return;
    }
}

}  // namespace

TEST_CASE("the first server in the order is taken when all answer", "[signin][sequence][chooser]") {
    two_servers f;
    CHECK(f.chosen() == "one.contoso.example");
    f.choice.decide("one.contoso.example:5061");
    CHECK(f.span("connection.candidate").branch == "first_choice");
    CHECK(f.span("connection.service").branch == "not_asked");
}

TEST_CASE("a server that refuses gives way to the next", "[signin][sequence][chooser]") {
    two_servers f;
    const auto accept = f.dialer->answer;
    f.dialer->answer = [accept](const net::endpoint& to) -> net::result<net::stream_ptr> {
        if (to.address.to_string() == first_address)
            return std::unexpected(net::error{net::fault::refused, "refused", 0});
        return accept(to);
    };
    CHECK(f.chosen() == "two.contoso.example");
    f.choice.decide("two.contoso.example:5061");
    CHECK(f.span("connection.candidate").branch == "fallback");
    CHECK(f.chosen() == std::nullopt);
}

TEST_CASE("a silent server is waited for as long as its grace", "[signin][sequence][chooser]") {
    two_servers f(3);
    f.dialer->silent = {std::string(first_address) + ":5061"};
    const auto began = net::clock::now();
    CHECK(f.chosen() == "two.contoso.example");
    CHECK(net::test::ms_since(began) >= 150);
    CHECK(net::test::ms_since(began) < 1500);
}

TEST_CASE("a stream that somebody took is made a second time", "[signin][sequence][chooser]") {
    two_servers f;
    CHECK(f.chosen() == "one.contoso.example");
    CHECK(f.dialled(first_address) == 1);
    const net::host_port again{"one.contoso.example", 5061};
    const auto p = net::test::run(f.io, f.started.reach(again, in_ms(2000)));
    REQUIRE(p);
    CHECK(p->stream.has_value());
    CHECK(f.dialled(first_address) == 2);
}

TEST_CASE("one connection carries one request after the other", "[signin][sequence][web]") {
    web_server f;
    for (int i = 0; i < 3; ++i) CHECK(f.fetch("https://web.contoso.example/").proven());
    CHECK(f.asked == 3);
    CHECK(f.dialer->dialled.size() == 1);
}

TEST_CASE("a connection that the server closed meanwhile is made anew", "[signin][sequence][web]") {
    web_server f;
    f.answers_each = 1;
    for (int i = 0; i < 3; ++i) CHECK(f.fetch("https://web.contoso.example/").response.has_value());
    CHECK(f.asked == 3);
    CHECK(f.dialer->dialled.size() == 3);
}

TEST_CASE("nothing goes to a server whose certificate failed", "[signin][sequence][web]") {
    web_server f;
    f.dialer->unproven = {"web.contoso.example"};
    const auto answer = f.fetch("https://web.contoso.example/");
    REQUIRE_FALSE(answer.response);
    CHECK(answer.response.error().kind == "certificate");
    CHECK(f.asked == 0);
}

TEST_CASE("two requests cancelled at any operation end there, and nothing is sent after", "[signin][sequence][web]") {
    std::size_t operations = 0;
    {
        web_server f;
        const auto where = net::http::parse_url("https://web.contoso.example/").value();
        net::test::run(f.io, fetch_twice(f.c, where));
        CHECK(f.asked == 2);
        operations = f.harmed->seen;
    }
    REQUIRE(operations >= 4);
    for (std::size_t nth = 1; nth <= operations; ++nth) {
        web_server f;
        const auto where = net::http::parse_url("https://web.contoso.example/").value();
        INFO("at " << nth << " of " << operations);
        CHECK(cancelled_at(f.io, f.harmed, nth, fetch_twice(f.c, where)));
        CHECK(std::ranges::count(f.harmed->noted, "write web") == 0);
    }
}

TEST_CASE("staying ends when the connection does, or when the time is over", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 0.05;
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(f.s->ended_by == "");

    f.wanted.stay_s = 20;
    f.server.stream->close(true);
    const auto began = net::clock::now();
    net::test::run(f.io, stay(f.c, f.s));
    CHECK(net::test::ms_since(began) < 2000);
    CHECK(f.s->ended_by == "connection_lost");
}

TEST_CASE("staying can be cancelled", "[signin][sequence][stay]") {
    context_fixture f;
    f.wanted.stay_s = 20;
    auto by = std::make_shared<harm>();
    net::asio::post(f.io, [by] { (void)by->falls_on("time passes", "nobody"); });
    CHECK(cancelled_at(f.io, by, 1, stay(f.c, f.s)));
}

TEST_CASE("who is not registered has nothing to sign out of", "[signin][sequence][sign_out]") {
    context_fixture f;
    net::test::run(f.io, registration::sign_out(f.c, nullptr, in_ms(500)));
    CHECK(f.span("provisioning.sign_out").branch == "not_needed");
}

TEST_CASE("signing out tells what the server made of it", "[signin][sequence][sign_out]") {
    struct row {
        int status;  // 0: no answer
        const char* branch;
    };
    const auto [status, branch] = GENERATE(row{200, "confirmed"}, row{500, "sent"}, row{0, "sent"});
    context_fixture f;
    f.s->registered = true;
    auto answer = [](context_fixture& on, int with) -> net::awaitable<void> {
        const auto asked = co_await on.server.next();
        CHECK(asked.method == "REGISTER");
        CHECK(asked.header("Expires") == "0");
        if (with == 0) co_return;
        auto reply = context_fixture::answer(asked, with);
        co_await on.server.send(std::move(reply));
    };
    net::test::start(f.io, answer(f, status));
    net::test::run(f.io, registration::sign_out(f.c, f.s, in_ms(300)));
    CHECK(f.span("provisioning.sign_out").branch == branch);
    CHECK_FALSE(f.s->registered);
}

TEST_CASE("a connection that is gone leaves the registration to run out", "[signin][sequence][sign_out]") {
    context_fixture f;
    f.s->registered = true;
    f.s->sip->close();
    net::test::run(f.io, registration::sign_out(f.c, f.s, in_ms(300)));
    CHECK(f.span("provisioning.sign_out").branch == "failed");
}
