#include <catch2/catch.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lab_client.hpp"
#include "net/resolver.hpp"
#include "net/tcp.hpp"

using namespace ucsignin;
using namespace ucsignin::lab::test;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

net::awaitable<net::dns_answer> ask(std::string server, net::dns::question question, std::chrono::milliseconds limit) {
    const auto executor = co_await asio::this_coro::executor;
    std::vector<net::endpoint> servers = {net::parse_endpoint(server, 53).value()};
    const auto resolver = net::make_resolver(executor, servers);
    co_return co_await resolver->ask(std::move(question), within(limit));
}

net::dns_answer resolve(
    const lab::pool& pool, const std::string& name, net::dns::type type, std::chrono::milliseconds limit = 2000ms) {
    const net::dns::question question{name, type};
    return run<net::dns_answer>([&] { return ask(pool.environment().resolvers.at(0), question, limit); });
}

// The stream itself ends with its context.
struct handshake {
    std::optional<net::fault> fault;
    net::tls_facts facts;
};

net::awaitable<handshake> shake_and_leave(net::endpoint to, net::tls_options options, net::deadline until) {
    auto outcome = co_await shake_hands(std::move(to), std::move(options), until);
    handshake seen{std::nullopt, std::move(outcome.facts)};
    if (!outcome.stream) seen.fault = outcome.stream.error().what;
    co_return seen;
}

handshake tls(
    const lab::pool& pool, const std::string& name, const std::string& address,
    std::chrono::milliseconds limit = 3000ms) {
    const auto to = led_to(pool, name, 443, address);
    const auto options = trusting(pool, name);
    return run<handshake>([&] { return shake_and_leave(to, options, within(limit)); });
}

net::awaitable<net::error> first_error(net::endpoint to, std::chrono::milliseconds limit) {
    auto stream = co_await net::connect(to, within(limit));
    if (!stream) co_return stream.error();
    std::array<char, 16> bytes{};
    const auto got = co_await (*stream)->read_some(bytes, within(limit));
    if (!got) co_return got.error();
    co_return net::error{};
}

net::fault tcp_fault(const lab::pool& pool, std::chrono::milliseconds limit = 2000ms) {
    const auto to = led_to(pool, "sip.contoso.example", 443, "192.0.2.10");
    return run<net::error>([&] { return first_error(to, limit); }).what;
}

}  // namespace

TEST_CASE("the pool starts, and leaves nothing behind when it stops and takes its files with it") {
    std::string ca_file, password_file;
    {
        const auto pool = start("");
        ca_file = pool->environment().ca_file;
        password_file = pool->environment().password_file;
        CHECK(std::filesystem::exists(ca_file));
        CHECK(
            (std::filesystem::status(password_file).permissions() & std::filesystem::perms::mask) ==
            (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
    CHECK_FALSE(std::filesystem::exists(ca_file));
    CHECK_FALSE(std::filesystem::exists(password_file));
}

TEST_CASE("a pool that stops in the middle of its connections leaves nothing behind") {
    const auto pool = start(R"("tls": [{"do": "stall"}])");
    const auto to = led_to(*pool, "sip.contoso.example", 443, "192.0.2.10");
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({to.address, to.port});
    CHECK(resolve(*pool, "sip.contoso.example", net::dns::type::a).state == net::answer_state::records);
}

TEST_CASE("DNS answers over UDP, and over TCP when the answer was cut") {
    const auto pool = start(R"("dns": {"faults": [{"name": "sip", "truncate": true}]})");
    const auto plain = resolve(*pool, "_sip._tls.contoso.example", net::dns::type::srv);
    REQUIRE(plain.services().size() == 1);
    CHECK(plain.services()[0].target == "sip.contoso.example");
    const auto cut = resolve(*pool, "sip.contoso.example", net::dns::type::a);
    CHECK(cut.over_tcp);
    CHECK(cut.addresses().size() == 1);
    CHECK(resolve(*pool, "lyncdiscoverinternal.contoso.example", net::dns::type::a).zone_exists);
}

TEST_CASE("DNS faults show on the wire") {
    CHECK(
        resolve(*start(R"("dns": {"faults": [{"rcode": "SERVFAIL"}]})"), "sip.contoso.example", net::dns::type::a)
            .state == net::answer_state::servfail);
    CHECK(
        resolve(*start(R"("dns": {"faults": [{"drop": true}]})"), "sip.contoso.example", net::dns::type::a, 200ms)
            .state == net::answer_state::timed_out);
    CHECK(
        resolve(*start(R"("dns": {"resolvers": [{"kind": "refusing"}]})"), "sip.contoso.example", net::dns::type::a)
            .state == net::answer_state::refused);
    CHECK(
        resolve(*start(R"("dns": {"resolvers": [{"kind": "closed"}]})"), "sip.contoso.example", net::dns::type::a)
            .state == net::answer_state::unreachable);
}

TEST_CASE("the healthy Edge and reverse proxy are trusted, by their own names") {
    const auto pool = start("");
    for (const auto& [name, address] :
         {std::pair("sip.contoso.example", "192.0.2.10"), std::pair("lyncdiscover.contoso.example", "192.0.2.20"),
          std::pair("webext.contoso.example", "192.0.2.20")}) {
        CAPTURE(name);
        const auto seen = tls(*pool, name, address);
        REQUIRE_FALSE(seen.fault);
        CHECK(seen.facts.errors.empty());
        CHECK(seen.facts.name_matches);
    }
}

TEST_CASE("a certificate fault of one name spares the other names of the server") {
    const auto pool = start(R"("tls": [{"at": "lyncdiscover.contoso.example", "certificate": "expired"}])");
    CHECK_FALSE(tls(*pool, "lyncdiscover.contoso.example", "192.0.2.20").facts.errors.empty());
    CHECK(tls(*pool, "webext.contoso.example", "192.0.2.20").facts.errors.empty());
}

TEST_CASE("TLS faults show on the wire") {
    const auto seen = [](const char* rule) {
        return tls(
            *start(std::string(R"("tls": [{"at": "edge", )") + rule + "}]"), "sip.contoso.example", "192.0.2.10",
            700ms);
    };
    CHECK(seen(R"("do": "alert", "alert": 70)").facts.alert == 70);
    CHECK(seen(R"("do": "reset")").fault == net::fault::reset);
    CHECK(seen(R"("do": "close")").fault == net::fault::closed);
    CHECK(seen(R"("do": "stall")").fault == net::fault::timed_out);
    CHECK(seen(R"("do": "plain_http")").facts.first_bytes.starts_with("HTTP/1.1 400"));
    CHECK(seen(R"("do": "garbage", "text": "SSH-2.0-lab\r\n")").facts.first_bytes.starts_with("SSH-2.0-lab"));
    CHECK(seen(R"("max_version": "1.0")").fault);
    CHECK(seen(R"("max_version": "1.2")").facts.version == "TLSv1.2");
    CHECK(seen(R"("require_client_certificate": true, "max_version": "1.2")").facts.client_certificate_wanted);
}

TEST_CASE("TCP faults show on the wire") {
    CHECK(tcp_fault(*start(R"("tcp": [{"at": "edge", "do": "refuse"}])")) == net::fault::refused);
    CHECK(
        tcp_fault(*start(R"("tcp": [{"at": "sip.contoso.example:443", "do": "drop"}])"), 150ms) ==
        net::fault::timed_out);
    CHECK(tcp_fault(*start(R"("tcp": [{"at": "192.0.2.10:443", "do": "reset"}])")) == net::fault::reset);
    CHECK(tcp_fault(*start(R"("tcp": [{"at": "sip", "do": "close"}])")) == net::fault::closed);
    CHECK(tcp_fault(*start(R"("tcp": [{"at": "edge", "do": "stall"}])"), 150ms) == net::fault::timed_out);
}

TEST_CASE("a connection that is reset in mid-handshake lets the first bytes through") {
    const auto pool = start(R"("tcp": [{"at": "edge", "reset_after_sent": 300}])");
    const auto seen = tls(*pool, "sip.contoso.example", "192.0.2.10");
    CHECK(seen.fault == net::fault::reset);
}

TEST_CASE("autodiscover answers over HTTP and HTTPS, with the lab's time") {
    const auto pool = start(R"("pool": {"clock_offset_s": 86400})");
    const auto plain = get(*pool, "lyncdiscover.contoso.example", "/?sipuri=alice@contoso.example", false);
    REQUIRE(plain);
    CHECK(plain->status == 200);
    CHECK_FALSE(plain->header("Date").empty());
    const auto secure = get(*pool, "lyncdiscover.contoso.example", "/?sipuri=alice@contoso.example", true);
    REQUIRE(secure);
    CHECK(secure->body.find("AutodiscoverResponse") != std::string::npos);
}

TEST_CASE("HTTP faults change, replace or withhold the answer") {
    const auto root = [](const std::string& rule) {
        return get(*start(R"("http": [{)" + rule + "}]"), "lyncdiscover.contoso.example", "/?sipuri=x", true);
    };
    const auto replaced = root(R"("status": 302, "headers": {"Location": "/login", "Date": ""})");
    REQUIRE(replaced);
    CHECK(replaced->status == 302);
    CHECK(replaced->header("Location") == "/login");
    CHECK(replaced->header("Date").empty());
    const auto changed = root(R"("headers": {"Content-Type": "text/html"}, "body": "<html>")");
    REQUIRE(changed);
    CHECK(changed->status == 200);
    CHECK(changed->body == "<html>");
    CHECK(root(R"("drop": true)").error().what == net::fault::closed);
    CHECK(root(R"("reset": true)").error().what == net::fault::reset);
}

TEST_CASE("a web server on the SIP port answers SIP with an HTTP refusal") {
    const auto pool = start(R"("pool": {"services": [{"at": "192.0.2.10:443", "speaks": "https"}]})");
    const auto answer = say_to_edge(
        *pool, "sip.contoso.example", "REGISTER sip:contoso.example SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 400"));
}

TEST_CASE("nothing that the zone names leads out of the loopback") {
    const auto pool = start(
        R"("pool": {"address_families": ["ipv4", "ipv6"]}, "dns": {"add": [{"name": "ghost", "data": "198.51.100.1"}]})");
    for (const auto& line : pool->environment().connect_to) {
        CAPTURE(line);
        CHECK(net::parse_connect_to(line).value().instead.address.is_loopback());
    }
    for (const auto port : {80, 443, 5061})
        CHECK(led_to(*pool, "ghost.contoso.example", static_cast<std::uint16_t>(port), "198.51.100.1")
                  .address.is_loopback());
}

TEST_CASE("the client is told what the scenario wants it to be told") {
    const auto pool = start(R"("user": {"typed_password": "wrong"}, "client": {"options": ["--until", "discovery"]})");
    const auto& told = pool->environment();
    CHECK(told.user == "alice@contoso.example");
    CHECK(told.login == "CONTOSO\\alice");
    CHECK(told.password == "wrong");
    CHECK(told.diagnose_options == std::vector<std::string>{"--until", "discovery"});
    std::ifstream file(told.password_file);
    CHECK(std::string(std::istreambuf_iterator<char>(file), {}) == "wrong\n");
    CHECK(start(R"("client": {"password": null})")->environment().password_file.empty());
}

TEST_CASE("the log says what was asked and never the password") {
    const auto pool = start("");
    std::ignore = resolve(*pool, "sip.contoso.example", net::dns::type::a);
    const auto lines = pool->log();
    CHECK(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
        return line == "DNS UDP A sip.contoso.example: NOERROR, 1 records";
    }));
    for (const auto& line : lines) CHECK(line.find(pool->environment().password) == std::string::npos);
}

TEST_CASE("standard ports need an address to listen on") {
    CHECK_FALSE(lab::start({.standard_ports = true}));
    CHECK_FALSE(lab::start({.listen = "not an address", .standard_ports = true}));
}
