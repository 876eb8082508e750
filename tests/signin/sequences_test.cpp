// The sequences of the sign-in over scripted streams: to their end, and cancelled at every operation.

#include <algorithm>
#include <catch2/catch.hpp>

#include "cancelled_at.hpp"
#include "context_fixture.hpp"
#include "signin/connection/connection.hpp"

using namespace ucsignin;
using namespace ucsignin::signin;
using namespace ucsignin::signin::testing;
using net::test::harm;
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

TEST_CASE("a silent server is waited for as long as its grace, not longer", "[signin][sequence][chooser]") {
    two_servers f(6);
    f.dialer->silent = {std::string(first_address) + ":5061"};
    const auto began = net::clock::now();
    CHECK(f.chosen() == "two.contoso.example");
    CHECK(net::test::ms_since(began) >= 350);
    for (const auto& span : f.trace.so_far().spans)
        if (span.node == "connection.tcp" && span.subject == "one.contoso.example:5061") CHECK(span.branch == "");
}

TEST_CASE(
    "a server that is slower than its grace has its turn when no other can be used", "[signin][sequence][chooser]") {
    two_servers f(3);
    f.dialer->slow = {std::string(first_address) + ":5061"};
    const auto accept = f.dialer->answer;
    f.dialer->answer = [accept](const net::endpoint& to) -> net::result<net::stream_ptr> {
        if (to.address.to_string() == second_address)
            return std::unexpected(net::error{net::fault::refused, "refused", 0});
        return accept(to);
    };
    CHECK(f.chosen() == "one.contoso.example");
}

TEST_CASE("a connection that was taken and can't be made again is passed over", "[signin][sequence][chooser]") {
    two_servers f;
    const net::host_port one{"one.contoso.example", 5061};
    auto p = net::test::run(f.io, f.started.reach(one, in_ms(2000)));
    REQUIRE(p);
    const auto gone = connection::take(candidate_at("one.contoso.example"), 1, p);
    f.dialer->answer = [accept = f.dialer->answer](const net::endpoint& to) -> net::result<net::stream_ptr> {
        if (to.address.to_string() == first_address)
            return std::unexpected(net::error{net::fault::refused, "refused", 0});
        return accept(to);
    };
    CHECK(f.chosen() == "two.contoso.example");
    f.choice.decide("two.contoso.example:5061");
    CHECK(f.span("connection.candidate").branch == "fallback");
}

TEST_CASE("each address of a server is told, also those that lost", "[signin][sequence][chooser]") {
    two_servers f;
    for (const auto* address : {first_address, second_address, "192.0.2.3"})
        f.pc.hosts.entries.push_back({net::asio::ip::make_address(address), {"three.contoso.example"}});
    const auto accept = f.dialer->answer;
    f.dialer->answer = [accept](const net::endpoint& to) -> net::result<net::stream_ptr> {
        if (to.address.to_string() != "192.0.2.3") return accept(to);
        return std::unexpected(net::error{net::fault::refused, "refused", 0});
    };
    const auto p = net::test::run(f.io, f.started.reach({"three.contoso.example", 5061}, in_ms(2000)));
    REQUIRE(p);
    CHECK(p->reached->meant.address.to_string() == first_address);
    CHECK(net::test::run(f.io, f.beside.join(in_ms(2000))));
    const auto* lost = f.trace.so_far().latest("connection.tls", "192.0.2.2:5061");
    REQUIRE(lost);
    CHECK(lost->branch == "agreed");
    CHECK(f.trace.so_far().latest("connection.certificate", "192.0.2.2:5061"));
    const auto* refused = f.trace.so_far().latest("connection.tcp", "192.0.2.3:5061");
    REQUIRE(refused);
    CHECK(refused->branch == "refused");
    CHECK(refused->outcome == trace::outcome::warning);
}

TEST_CASE("waiting for a server can be cancelled", "[signin][sequence][chooser]") {
    two_servers f;
    f.dialer->silent = {std::string(first_address) + ":5061", std::string(second_address) + ":5061"};
    auto choose = [](two_servers& from) -> net::awaitable<void> {
        const auto on = co_await from.choice.next();
        CHECK_FALSE(on.has_value());
    };
    net::asio::post(f.io, [by = f.harmed] { (void)by->falls_on("time passes", "nobody"); });
    CHECK(cancelled_at(f.io, f.harmed, 1, choose(f)));
}

TEST_CASE("a server that nobody names is chosen by nobody", "[signin][sequence][chooser]") {
    context_fixture f;
    connection::probes started{f.c};
    connection::chooser choice{f.c, started, {}};
    CHECK_FALSE(net::test::run(f.io, choice.next()).has_value());
    choice.decide(std::nullopt);
    CHECK(f.span("connection.candidate").branch == "none");
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
    CHECK(answer.response.error().kind.word() == "certificate");
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
