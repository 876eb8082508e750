#include <catch2/catch.hpp>

#include "connection_fixture.hpp"

using namespace ucsignin;
using namespace ucsignin::sip;
using namespace ucsignin::sip::testing;

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

struct tapped {
    struct heard {
        std::string line, about;
        headers fields;
        std::string body;
    };
    tapped() {
        auto [mine, other] = net::make_memory_pair(io.get_executor(), {});
        far.stream = std::move(other);
        connection_events events;
        events.wire = [this](const net::wire_message& m) {
            const auto* way = m.direction == net::wire_direction::sent ? "> " : "< ";
            CHECK(m.protocol == "SIP");
            all.push_back(
                {way + std::string(m.start_line), std::string(m.about), headers(m.headers.begin(), m.headers.end()),
                 std::string(m.body)});
        };
        near = connection::start(std::move(mine), io.get_executor(), std::move(events));
    }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> out;
        for (const auto& m : all) out.push_back(m.line);
        return out;
    }
    std::vector<heard> all;
    net::asio::io_context io;
    peer far;
    std::shared_ptr<connection> near;
};

net::awaitable<void> ask_back_and_answer(peer& at) {
    const auto asked = co_await at.next();
    auto question = request_of("OPTIONS", 7, "theirs");
    co_await at.send(std::move(question));
    (void)co_await at.next();
    auto trying = answer_of(asked, 100);
    co_await at.send(std::move(trying));
    auto answer = answer_of(asked, 200, "good");
    answer.body = "<settings/>";
    co_await at.send(std::move(answer));
}

net::awaitable<void> ask_unsigned_and_answer(peer& at) {
    const auto asked = co_await at.next();
    auto question = request_of("OPTIONS", 7, "theirs");
    co_await at.send(std::move(question));
    auto answer = answer_of(asked, 200, "good");
    co_await at.send(std::move(answer));
}

}  // namespace

TEST_CASE("the tap hears requests and answers both ways, in the order of the wire, as they were signed") {
    tapped t;
    t.near->protect(std::make_shared<marker>());
    net::test::start(t.io, ask_unsigned_and_answer(t.far));
    const auto got = net::test::run(t.io, t.near->request(request_of("SUBSCRIBE", 1), in_ms(2000)));
    REQUIRE(got);
    // The OPTIONS has no valid signature: it is dropped, but it came.
    CHECK(
        t.lines() == std::vector<std::string>{
                         "> SUBSCRIBE sip:contoso.example SIP/2.0", "< OPTIONS sip:contoso.example SIP/2.0",
                         "< SIP/2.0 200 Reason"});
    CHECK(t.all.front().about == "call");
    CHECK(t.all.front().fields.back() == std::pair<std::string, std::string>("Authorization", "mark 1"));
}

TEST_CASE("our answers, provisional answers and bodies are heard as well") {
    tapped t;
    net::test::start(t.io, ask_back_and_answer(t.far));
    const auto got = net::test::run(t.io, t.near->request(request_of("SUBSCRIBE", 1), in_ms(2000)));
    REQUIRE(got);
    CHECK(
        t.lines() == std::vector<std::string>{
                         "> SUBSCRIBE sip:contoso.example SIP/2.0", "< OPTIONS sip:contoso.example SIP/2.0",
                         "> SIP/2.0 200 OK", "< SIP/2.0 100 Reason", "< SIP/2.0 200 Reason"});
    CHECK(t.all[2].about == "theirs");
    CHECK(t.all.back().body == "<settings/>");
}

TEST_CASE("a keep-alive is heard") {
    tapped t;
    REQUIRE(net::test::run(t.io, t.near->keep_alive(in_ms(1000))));
    CHECK(t.lines() == std::vector<std::string>{"> keep-alive"});
}
