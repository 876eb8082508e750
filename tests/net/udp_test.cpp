#include "net/udp.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

using asio::ip::udp;

// Answers as the test says; counts what came.
struct peer {
    explicit peer(asio::io_context& io) : socket(io, udp::endpoint(asio::ip::address_v4::loopback(), 0)) {}
    udp::socket socket;
    std::vector<datagram> came;

    [[nodiscard]] endpoint at() const { return {socket.local_endpoint().address(), socket.local_endpoint().port()}; }
};

using script = std::function<std::vector<datagram>(const peer&)>;

awaitable<void> serve(peer& p, script answers) {
    datagram in(2048);
    for (;;) {
        udp::endpoint from;
        auto const size = co_await p.socket.async_receive_from(asio::buffer(in), from, asio::use_awaitable);
        p.came.emplace_back(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(size));
        for (const auto& one : answers(p)) p.socket.send_to(asio::buffer(one), from);
    }
}

datagram_question ask(std::vector<datagram> forms) {
    datagram_question out;
    out.forms = std::move(forms);
    out.is_answer = [](std::span<const unsigned char> came) { return !came.empty() && came[0] == 'y'; };
    out.pause = std::chrono::milliseconds(20);
    return out;
}

}  // namespace

TEST_CASE("a question in two forms ends with the first answer", "[net][udp]") {
    asio::io_context io;
    peer p(io);
    start(io, serve(p, [](const peer& by) {
              return by.came.back() == datagram{'2'} ? std::vector<datagram>{{'n'}, {'y', '2'}}
                                                     : std::vector<datagram>{};
          }));
    auto const got = run(io, exchange_datagrams(p.at(), ask({{'1'}, {'2'}}), in_ms(2000)));
    CHECK(got.answer == datagram{'y', '2'});
    CHECK_FALSE(got.failed);
    CHECK(got.sends == 1);
    CHECK(got.strays == 1);
    CHECK(p.came == std::vector<datagram>{{'1'}, {'2'}});
}

TEST_CASE("what is lost is sent again, so often and no more", "[net][udp]") {
    asio::io_context io;
    peer p(io);
    start(io, serve(p, [](const peer& by) {
              return by.came.size() == 3 ? std::vector<datagram>{{'y'}} : std::vector<datagram>{};
          }));
    auto const late = run(io, exchange_datagrams(p.at(), ask({{'1'}}), in_ms(2000)));
    CHECK(late.answer == datagram{'y'});
    CHECK(late.sends == 3);
    peer silent(io);
    auto const began = clock::now();
    auto const none = run(io, exchange_datagrams(silent.at(), ask({{'1'}}), in_ms(150)));
    CHECK(none.answer.empty());
    REQUIRE(none.failed);
    CHECK(none.failed->what == fault::timed_out);
    CHECK(none.sends == 3);
    CHECK(ms_since(began) < 1000);
}

TEST_CASE("a port that nobody has is refused at once", "[net][udp]") {
    asio::io_context io;
    auto const free = peer(io).at();
    auto const got = run(io, exchange_datagrams(free, ask({{'1'}}), in_ms(5000)));
    REQUIRE(got.failed);
    CHECK(got.failed->what == fault::refused);
}

TEST_CASE("another address is not heard, and a flood ends the wait", "[net][udp]") {
    asio::io_context io;
    peer p(io), other(io);
    start(io, serve(p, [&](const peer&) { return std::vector<datagram>(200, datagram{'n'}); }));
    auto const flooded = run(io, exchange_datagrams(p.at(), ask({{'1'}}), in_ms(5000)));
    REQUIRE(flooded.failed);
    CHECK(flooded.strays == 64);
    peer quiet(io);
    auto elsewhere = [&](peer& asked, peer& answering) -> awaitable<void> {
        datagram in(64);
        udp::endpoint from;
        co_await asked.socket.async_receive_from(asio::buffer(in), from, asio::use_awaitable);
        answering.socket.send_to(asio::buffer(datagram{'y'}), from);
    };
    start(io, elsewhere(quiet, other));
    auto const got = run(io, exchange_datagrams(quiet.at(), ask({{'1'}}), in_ms(150)));
    CHECK(got.answer.empty());
    CHECK(got.strays == 0);
}

TEST_CASE("an answer may lead to another question, from the same port", "[net][udp]") {
    asio::io_context io;
    peer p(io);
    std::vector<unsigned short> ports;
    auto answer_and_note = [&]() -> awaitable<void> {
        datagram in(64);
        for (;;) {
            udp::endpoint from;
            auto const size = co_await p.socket.async_receive_from(asio::buffer(in), from, asio::use_awaitable);
            p.came.emplace_back(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(size));
            ports.push_back(from.port());
            p.socket.send_to(asio::buffer(datagram{'y', in[0]}), from);
        }
    };
    start(io, answer_and_note());
    auto asked = ask({{'1'}});
    asked.next = [](std::span<const unsigned char> came) {
        return came[1] == '1' ? datagram_step{{{'2'}}} : datagram_step{};
    };
    auto const got = run(io, exchange_datagrams(p.at(), asked, in_ms(2000)));
    CHECK(got.answer == datagram{'y', '2'});
    CHECK_FALSE(got.failed);
    CHECK(got.sends == 2);
    CHECK(p.came == std::vector<datagram>{{'1'}, {'2'}});
    REQUIRE(ports.size() == 2);
    CHECK(ports[0] == ports[1]);
}

TEST_CASE("who falls silent costs the patience with that question, and gets a farewell", "[net][udp]") {
    asio::io_context io;
    peer p(io);
    start(io, serve(p, [](const peer& by) {
              return by.came.size() == 1 ? std::vector<datagram>{{'y'}} : std::vector<datagram>{};
          }));
    auto asked = ask({{'1'}});
    asked.patience = std::chrono::milliseconds(100);
    asked.next = [](std::span<const unsigned char>) { return datagram_step{{{'2'}}, {{'b', 'y', 'e'}}}; };
    auto const began = clock::now();
    auto const got = run(io, exchange_datagrams(p.at(), asked, in_ms(5000)));
    CHECK(ms_since(began) < 2000);
    REQUIRE(got.failed);
    CHECK(got.failed->what == fault::timed_out);
    CHECK(got.answer == datagram{'y'});
    io.restart();
    io.run_for(std::chrono::milliseconds(50));
    CHECK(p.came == std::vector<datagram>{{'1'}, {'2'}, {'2'}, {'2'}, {'b', 'y', 'e'}});
}

TEST_CASE("who is cancelled in the middle says farewell as well", "[net][udp]") {
    asio::io_context io;
    peer p(io);
    asio::cancellation_signal stop;
    start(io, serve(p, [&](const peer& by) {
              if (by.came.size() == 2) asio::post(io, [&] { stop.emit(asio::cancellation_type::terminal); });
              return by.came.size() == 1 ? std::vector<datagram>{{'y'}} : std::vector<datagram>{};
          }));
    auto asked = ask({{'1'}});
    asked.next = [](std::span<const unsigned char>) { return datagram_step{{{'2'}}, {{'b', 'y', 'e'}}}; };
    asked.pause = std::chrono::milliseconds(2000);
    bool ended = false;
    auto const end = [&](const std::exception_ptr&, const datagram_outcome&) { ended = true; };
    asio::co_spawn(io, exchange_datagrams(p.at(), asked, in_ms(5000)), asio::bind_cancellation_slot(stop.slot(), end));
    io.run_for(std::chrono::milliseconds(500));
    CHECK(ended);
    CHECK(p.came == std::vector<datagram>{{'1'}, {'2'}, {'b', 'y', 'e'}});
}
