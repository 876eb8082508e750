#include "lab_client.hpp"

#include <catch2/catch.hpp>

#include <array>

#include "lab/scenario.hpp"
#include "net/tcp.hpp"

namespace ucsignin::lab::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

net::awaitable<net::result<net::stream_ptr>> reach(net::endpoint to, bool secure, net::tls_options options) {
    const auto until = within(3000ms);
    auto stream = co_await net::connect(to, until);
    if (!stream || !secure) co_return stream;
    auto shaken = co_await net::tls_connect(std::move(*stream), std::move(options), until);
    if (!shaken.stream) co_return std::unexpected(shaken.stream.error());
    co_return std::move(*shaken.stream).release();
}

net::awaitable<bool> talk(
    net::endpoint to, std::string host, bool secure, net::tls_options options, const http_work& work) {
    auto stream = co_await reach(to, secure, std::move(options));
    if (!stream) co_return false;
    net::http::connection connection(std::move(*stream), host);
    co_await work(connection);
    co_return true;
}

net::awaitable<std::string> say(
    net::endpoint to, net::tls_options options, std::string text, std::chrono::milliseconds patience) {
    auto stream = co_await reach(to, true, std::move(options));
    if (!stream) co_return stream.error().detail;
    const auto written = co_await (*stream)->write(text, within(2000ms));
    if (!written) co_return written.error().detail;
    std::array<char, 4096> bytes{};
    const auto got = co_await (*stream)->read_some(bytes, within(patience));
    if (got) co_return std::string(bytes.data(), *got);
    co_return got.error().what == net::fault::closed ? "<closed>"
    : got.error().what == net::fault::reset          ? "<reset>"
                                                     : "";
}

}  // namespace

net::deadline within(std::chrono::milliseconds limit) { return net::clock::now() + limit; }

std::unique_ptr<pool> start(const std::string& members) {
    auto read = parse_scenario(
        R"({"format": "ucsignin-scenario/1")" + (members.empty() ? "" : ", " + members) + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    auto made = lab::start({.what = *read});
    if (!made) FAIL(made.error());
    return std::move(*made);
}

net::endpoint led_to(const pool& from, const std::string& host, std::uint16_t port, const std::string& address) {
    std::vector<net::connect_to> bends;
    for (const auto& one : from.environment().connect_to) bends.push_back(net::parse_connect_to(one).value());
    const auto targets = net::dial_targets({host, port}, {asio::ip::make_address(address)}, bends);
    REQUIRE(targets.size() == 1);
    REQUIRE(targets.front().moved);
    return targets.front().actual;
}

net::tls_options trusting(const pool& from, const std::string& server_name) {
    return {.server_name = server_name, .trust = net::trust_store::load(false, {from.environment().ca_file}).value()};
}

net::awaitable<net::tls_outcome> shake_hands(net::endpoint to, net::tls_options options, net::deadline until) {
    auto stream = co_await net::connect(to, until);
    if (!stream) co_return net::tls_outcome{std::unexpected(stream.error()), {}};
    co_return co_await net::tls_connect(std::move(*stream), std::move(options), until);
}

void talk_http(const pool& to, const std::string& host, bool secure, const http_work& work) {
    const auto at = led_to(to, host, secure ? 443 : 80, "192.0.2.20");
    const auto options = trusting(to, host);
    REQUIRE(run<bool>([&] { return talk(at, host, secure, options, work); }));
}

net::result<net::http::response> get(
    const pool& from, const std::string& host, const std::string& target, bool secure, net::http::fields more) {
    net::result<net::http::response> out;
    net::http::request wanted{"GET", target, {{"Accept", "application/vnd.microsoft.rtc.autodiscover+xml;v=1"}}, ""};
    wanted.headers.insert(wanted.headers.end(), more.begin(), more.end());
    talk_http(from, host, secure, [&](net::http::connection& connection) -> net::awaitable<void> {
        out = co_await connection.exchange(wanted, within(3000ms));
    });
    return out;
}

std::string say_to_edge(
    const pool& to, const std::string& name, const std::string& text, std::chrono::milliseconds patience) {
    const auto at = led_to(to, "sip.contoso.example", 443, "192.0.2.10");
    const auto options = trusting(to, name);
    return run<std::string>([&] { return say(at, options, text, patience); });
}

}  // namespace ucsignin::lab::test
