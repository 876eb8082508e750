#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <optional>
#include <string>
#include <thread>

#include "net/resolver.hpp"
#include "run.hpp"

using namespace ucsignin::net;
using namespace ucsignin::net::test;

namespace {

dns::question const sip_a{"sip.contoso.com", dns::type::a};

// Sends answers with a wrong number without a pause, as soon as it is asked, until it goes.
class flood {
public:
    explicit flood(asio::io_context& io)
        : socket_(io, asio::ip::udp::endpoint(asio::ip::address_v4::loopback(), 0)),
          sender_([this](std::stop_token over) { run(over); }) {}
    ~flood() { sender_.request_stop(); }  // and joins
    flood(const flood&) = delete;
    flood& operator=(const flood&) = delete;

    [[nodiscard]] endpoint at() const { return {socket_.local_endpoint().address(), socket_.local_endpoint().port()}; }
    std::atomic<int> sent = 0;

private:
    void run(std::stop_token over) {
        std::array<unsigned char, 512> query{};
        asio::ip::udp::endpoint from;
        boost::system::error_code nothing;
        socket_.non_blocking(true);
        std::size_t size = 0;
        while (!over.stop_requested() && size == 0) size = socket_.receive_from(asio::buffer(query), from, 0, nothing);
        query[1] ^= 1U;
        query[2] |= 0x80U;
        while (!over.stop_requested()) {
            socket_.send_to(asio::buffer(query.data(), size), from, 0, nothing);
            if (!nothing) ++sent;
        }
    }

    asio::ip::udp::socket socket_;
    std::jthread sender_;
};

}  // namespace

TEST_CASE("answers to no question, without end, end neither the loop nor the deadline", "[net][resolver]") {
    bool flooded = false;
    // A busy machine gives the flood less time than its question: then it gets more.
    for (int given_ms = 300; !flooded && given_ms < 20000; given_ms *= 2) {
        asio::io_context io;
        flood const server(io);
        auto const began = clock::now();
        auto const answer = run(io, make_resolver(io.get_executor(), {server.at()})->ask(sip_a, in_ms(given_ms)));
        CHECK(answer.state != answer_state::records);
        CHECK(ms_since(began) < 60000);  // the flood itself has no end
        flooded = server.sent > 256;
    }
    CHECK(flooded);
}

namespace {

// The system's resolvers of a thread that sees this file as /etc/resolv.conf; nothing where no such view is allowed.
std::optional<std::vector<endpoint>> resolvers_by(const std::string& text) {
    auto const path = std::filesystem::temp_directory_path() / ("net_test_resolv_" + std::to_string(::getpid()));
    std::ofstream{path} << text;
    std::optional<std::vector<endpoint>> found;
    std::thread([&] {
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount(path.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0)
            return;
        asio::io_context io;
        found = make_resolver(io.get_executor(), {})->servers();
    }).join();
    std::filesystem::remove(path);
    return found;
}

}  // namespace

TEST_CASE("of thousands of resolvers and search domains of the system no more than a few count", "[net][resolver]") {
    std::string text = "search";
    for (int i = 0; i < 50000; ++i) text += " d" + std::to_string(i) + ".example";
    for (int i = 0; i < 5000; ++i)
        text += "\nnameserver 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    auto const started = clock::now();
    auto const found = resolvers_by(text + "\n");
    if (!found) {
        WARN("skipped: the system allows no view of another resolv.conf");
        return;
    }
    REQUIRE(found->size() == 16);
    CHECK(to_string(found->front()) == "10.0.0.0:53");
    CHECK(clock::now() - started < std::chrono::seconds(3));
}
