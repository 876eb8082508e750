#include <catch2/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "host/pac.hpp"
#include "probe_run.hpp"

using namespace ucsignin::host;
using namespace std::chrono_literals;
using kind = pac_way::kind;

namespace {

using answers = std::expected<std::vector<std::string>, std::string>;

answers run(const std::string& script, std::vector<pac_question> questions, std::chrono::milliseconds time = 30000ms) {
    boost::asio::io_context io;
    std::optional<answers> result;
    boost::asio::co_spawn(
        io, evaluate_pac(HOST_PROBE, script, "192.0.2.10", std::move(questions), ucsignin::host::clock::now() + time),
        [&](std::exception_ptr problem, answers a) {
            if (problem) std::rethrow_exception(problem);
            result = std::move(a);
        });
    io.run();
    return *result;
}

const pac_question sip{"https://sip.contoso.example/", "sip.contoso.example"};
const pac_question login{"https://login.contoso.example/", "login.contoso.example"};

bool skip_without_engine() {
    if (!can_evaluate_pac()) WARN("skipped: built without pacparser");
    return !can_evaluate_pac();
}

}  // namespace

TEST_CASE("a script's answer is a list of ways in order") {
    const auto ways = parse_pac_result("PROXY Proxy.Contoso.example.:8080; HTTPS safe:443;SOCKS5 old:1080 ; DIRECT");
    REQUIRE(ways.size() == 4);
    CHECK(ways[0].how == kind::proxy);
    CHECK(ways[0].host == "proxy.contoso.example");
    CHECK(ways[0].port == 8080);
    CHECK(ways[0].text == "PROXY Proxy.Contoso.example.:8080");
    CHECK(ways[1].how == kind::unsupported);
    CHECK(ways[2].how == kind::unsupported);
    CHECK(ways[3].how == kind::direct);
}

TEST_CASE("what can't be read in a script's answer is left out, and nothing left means direct") {
    for (const char* text :
         {"", ";", "PROXY", "PROXY nowhere", "PROXY host:0", "PROXY host:99999", "PROXY :80", "PROXY a:8b", "DIRECT x",
          "GOPHER a:70", "PROXY a:1 b:2", "PROXY http://a:80", "PROXY \x01\xff"}) {
        INFO(text);
        const auto ways = parse_pac_result(text);
        REQUIRE(ways.size() == 1);
        CHECK(ways[0].how == kind::direct);
    }
    const auto v6 = parse_pac_result("proxy [2001:DB8::1]:3128");
    REQUIRE(v6.size() == 1);
    CHECK(v6[0].host == "2001:db8::1");
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "PROXY a:1;";
    CHECK(parse_pac_result(many).size() == 16);
}

TEST_CASE("a script is evaluated for each host") {
    if (skip_without_engine()) return;
    const auto found = run(
        "function FindProxyForURL(url, host) { if (dnsDomainIs(host, 'login.contoso.example')) return 'PROXY b:3128';"
        " return isInNet(myIpAddress(), '192.0.2.0', '255.255.255.0') ? 'PROXY a:8080; DIRECT' : 'DIRECT'; }",
        {sip, login});
    REQUIRE(found);
    CHECK(*found == std::vector<std::string>{"PROXY a:8080; DIRECT", "PROXY b:3128"});
}

TEST_CASE("a script may tell its author something") {
    if (skip_without_engine()) return;
    const auto found = run("function FindProxyForURL(url, host) { alert('for ' + host); return 'PROXY p:1'; }", {sip});
    INFO((found ? std::string{} : found.error()));
    REQUIRE(found);
    CHECK(found->front() == "PROXY p:1");
}

TEST_CASE("a script that is none, throws or never ends is an error and nothing worse") {
    if (skip_without_engine()) return;
    CHECK_FALSE(run("<html>not found</html>", {sip}));
    CHECK_FALSE(run("", {sip}));
    CHECK_FALSE(run("function FindProxyForURL(url, host) { return undefined_thing.x; }", {sip}));
    const auto endless = run("function FindProxyForURL(url, host) { for (;;); }", {sip}, 300ms);
    REQUIRE_FALSE(endless);
    CHECK(endless.error() == "the proxy script did not end in time");
    CHECK(test::no_child_left());
}
