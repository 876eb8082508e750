#include <catch2/catch.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>

#include "lab/dead_ports.hpp"

using namespace ucsignin;
namespace asio = boost::asio;

namespace {

net::endpoint loopback() { return {asio::ip::address_v4::loopback(), 0}; }

// What a client sees within the time given: an error, or nothing.
std::optional<boost::system::error_code> connect_within(const net::endpoint& at, std::chrono::milliseconds limit) {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    std::optional<boost::system::error_code> out;
    socket.async_connect({at.address, at.port}, [&](auto failure) {
        if (failure != asio::error::operation_aborted) out = failure;
    });
    context.run_for(limit);
    return out;
}

}  // namespace

TEST_CASE("a closed port refuses connections") {
    asio::io_context context;
    const auto port = lab::closed_port::open(context, loopback());
    REQUIRE(port);
    const auto seen = connect_within(port->local(), std::chrono::seconds(5));
    REQUIRE(seen);
    CHECK(*seen == asio::error::connection_refused);
}

TEST_CASE("a filtered port never answers") {
    asio::io_context context;
    const auto port = lab::filtered_port::open(context, loopback());
    REQUIRE(port);
    for (int i = 0; i < 4; ++i) CHECK_FALSE(connect_within(port->local(), std::chrono::milliseconds(60)));
}

TEST_CASE("a port that is taken is an error, not an exception") {
    asio::io_context context;
    const auto first = lab::closed_port::open(context, loopback());
    REQUIRE(first);
    CHECK_FALSE(lab::closed_port::open(context, first->local()));
    CHECK_FALSE(lab::filtered_port::open(context, first->local()));
}
