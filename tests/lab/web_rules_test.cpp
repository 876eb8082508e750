// HTTP rules over real connections: raw answers, conditions, headers that are there twice, the legs of NTLM; and the
// record.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>

#include "auth/http_auth.hpp"
#include "auth/web_ticket.hpp"
#include "lab/authority.hpp"
#include "lab_client.hpp"
#include "sip/encoding.hpp"

using namespace ucsignin;
using namespace ucsignin::lab::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* web = "webext.contoso.example";
constexpr const char* ticket_target = "/WebTicket/WebTicketService.svc/NtlmAuth";
using answers = std::vector<net::result<net::http::response>>;

net::http::request asking(std::string target, net::http::fields headers = {}) {
    return {"GET", std::move(target), std::move(headers), ""};
}

// One after the other, over one connection for as long as it can be used.
answers exchange(const lab::pool& pool, const std::vector<net::http::request>& requests) {
    answers out;
    talk_http(pool, web, true, [&](net::http::connection& connection) -> net::awaitable<void> {
        for (const auto& request : requests) out.push_back(co_await connection.exchange(request, within(3000ms)));
    });
    return out;
}

net::http::request ticket_request(std::string credentials) {
    const auth::ticket_request order{
        "https://webext.contoso.example/CertProv/x",
        "sip:alice@contoso.example",
        "c",
        auth::secret(std::string(32, 'e')),
        "",
        {}};
    return {
        "POST", ticket_target, {{"Authorization", std::move(credentials)}}, auth::ticket_request_xml(order).reveal()};
}

// The exchange as a client does it; the statuses that came, 0 for a connection that broke.
std::vector<int> log_in(const lab::pool& pool, const std::string& scheme = "NTLM") {
    const auto client = auth::make_http_authenticator(scheme, web, {"CONTOSO\\alice", auth::secret("Correct-horse-7")});
    std::vector<int> statuses;
    talk_http(pool, web, true, [&](net::http::connection& connection) -> net::awaitable<void> {
        std::string challenge;
        for (int leg = 0; leg < 3; ++leg) {
            const auto token = co_await client->step(challenge, within(10s));
            if (!token) co_return;
            auto request = ticket_request(scheme + " " + token->reveal());
            const auto answer = co_await connection.exchange(std::move(request), within(3000ms));
            statuses.push_back(answer ? answer->status : 0);
            if (!answer || answer->status != 401) co_return;
            challenge.clear();
            for (const auto& line : answer->all("WWW-Authenticate"))
                if (line.starts_with(scheme + " "))
                    challenge = line.substr(scheme.size() + 1, line.find(',') - scheme.size() - 1);
            if (challenge.empty()) co_return;
        }
    });
    return statuses;
}

std::string http_rule(const std::string& rule) { return R"("http": [{)" + rule + "}]"; }

std::vector<std::string> received_by(const lab::pool& pool) {
    std::vector<std::string> out;
    for (const auto& one : pool.credentials())
        out.push_back(
            one.host + ":" + std::to_string(one.port) + " " + one.protocol + " " + one.kind + " " +
            std::to_string(one.count));
    return out;
}

bool is_near(const std::string& date, std::int64_t offset_s) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    REQUIRE(strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts) != nullptr);
    return std::abs(timegm(&parts) - now - offset_s) < 60;
}

}  // namespace

TEST_CASE("a header with several values has as many lines, in order") {
    const auto pool = start(http_rule(
        R"("status": 401, "headers": {"WWW-Authenticate": ["Negotiate", "NTLM", "Basic realm=\"x\""], "Server": ""})"));
    const auto answer = get(*pool, web, "/", true);
    REQUIRE(answer);
    CHECK(answer->all("WWW-Authenticate") == std::vector<std::string>{"Negotiate", "NTLM", "Basic realm=\"x\""});
}

TEST_CASE("raw bytes are the answer, after which the connection stays open or is closed") {
    const auto pool = start(
        R"("http": [
        {"path": "/open", "raw": "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\nX-Twice: a\r\nX-Twice: b\r\nDate: {date-7200}\r\n\r\nok"},
        {"path": "/shut", "raw_base64": ")" +
        sip::base64("HTTP/1.1 200 OK\r\n\r\n{date") + R"(", "close": true},
        {"path": "/half", "raw": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "close": true}])");
    const auto seen = exchange(*pool, {asking("/open"), asking("/open"), asking("/half"), asking("/open")});
    REQUIRE(seen.size() == 4);
    REQUIRE(seen[1]);
    CHECK(seen[1]->status == 299);
    CHECK(seen[1]->body == "ok");
    CHECK(seen[1]->all("X-Twice") == std::vector<std::string>{"a", "b"});
    CHECK(is_near(seen[1]->header("Date"), -7200));
    CHECK_FALSE(seen[2]);
    CHECK_FALSE(seen[3]);
    CHECK(exchange(*pool, {asking("/shut")}).at(0)->body == "{date");
}

TEST_CASE("a rule may close the connection after its answer without a word") {
    const auto pool = start(http_rule(R"("path": "/", "close": true)"));
    const auto seen = exchange(
        *pool, {asking("/", {{"Accept", "application/vnd.microsoft.rtc.autodiscover+xml;v=1"}}), asking("/")});
    REQUIRE(seen.at(0));
    CHECK(seen[0]->status == 200);
    CHECK(seen[0]->header("Connection").empty());
    REQUIRE_FALSE(seen.at(1));
    // The server's FIN and its RST (for a request that it no longer reads) race each other: both are "closed without a
    // word".
    CAPTURE(seen[1].error().what);
    CHECK((seen[1].error().what == net::fault::closed || seen[1].error().what == net::fault::reset));
}

TEST_CASE("times in headers and bodies are those of the moment, by the real clock") {
    const auto pool = start(
        R"("pool": {"clock_offset_s": 864000}, )" +
        http_rule(
            R"("status": 200, "headers": {"Date": "{date+3600}", "Expires": ["{date}"]}, "body": "{iso} {other}")"));
    const auto answer = get(*pool, web, "/", true);
    REQUIRE(answer);
    CHECK(is_near(answer->header("Date"), 3600));
    CHECK(is_near(answer->header("Expires"), 0));
    CHECK(answer->body.starts_with("20"));
    CHECK(answer->body.ends_with("Z {other}"));
}

TEST_CASE("a rule whose condition doesn't hold counts no occasion") {
    const auto pool = start(http_rule(
        R"("if": [{"cookie": "door", "equals": "open"}, {"header": "X-Who", "contains": "me"}], "nth": 2, "times": 1, "status": 403)"));
    const auto with = [](const char* cookie) { return asking("/", {{"Cookie", cookie}, {"X-Who", "it is me"}}); };
    std::vector<int> statuses;
    for (const auto& answer :
         exchange(*pool, {with("door=open"), with("door=shut"), asking("/"), with("door=open"), with("door=open")}))
        statuses.push_back(answer ? answer->status : 0);
    CHECK(statuses == std::vector<int>{200, 200, 200, 403, 200});
}

TEST_CASE("each leg of NTLM can be answered, refused or broken by itself") {
    CHECK(log_in(*start("")) == std::vector<int>{401, 200});
    CHECK(log_in(*start(http_rule(R"("if": {"token": "ntlm_negotiate"}, "status": 403)"))) == std::vector<int>{403});
    CHECK(log_in(*start(http_rule(R"("if": {"token": "ntlm_negotiate"}, "reset": true)"))) == std::vector<int>{0});
    CHECK(
        log_in(*start(http_rule(R"("if": {"token": "ntlm_authenticate"}, "status": 503)"))) ==
        std::vector<int>{401, 503});
    CHECK(
        log_in(*start(http_rule(R"("if": {"token": "ntlm_authenticate"}, "drop": true)"))) == std::vector<int>{401, 0});
    CHECK(log_in(*start(http_rule(R"("if": {"token": "ntlm_negotiate"}, "close": true)"))) == std::vector<int>{401, 0});
    CHECK(log_in(*start(http_rule(R"("if": {"token": "spnego"}, "status": 403)"))) == std::vector<int>{401, 200});
}

TEST_CASE("a challenge in a rule's header is the lab's own: the exchange goes on to its end") {
    const std::string beside =
        R"("if": {"token": "ntlm_negotiate"}, "status": 401, "ntlm_challenge": true, "headers": {"WWW-Authenticate": )";
    CHECK(
        log_in(*start(http_rule(beside + R"("NTLM {ntlm_challenge}, Basic realm=\"x\""})"))) ==
        std::vector<int>{401, 200});
    CHECK(
        log_in(*start(http_rule(beside + R"(["Basic realm=\"x\"", "NTLM {ntlm_challenge}"]})"))) ==
        std::vector<int>{401, 200});
    CHECK(
        log_in(*start(http_rule(beside + R"("Negotiate {ntlm_challenge}"})")), "Negotiate") ==
        std::vector<int>{401, 200});
    CHECK(
        log_in(*start(http_rule(
            R"("if": {"token": "ntlm_negotiate"}, "ntlm_challenge": true, "raw": "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM {ntlm_challenge}\r\nContent-Length: 0\r\n\r\n")"))) ==
        std::vector<int>{401, 200});
    // One that answers nothing that was asked is as good.
    CHECK(
        log_in(*start(http_rule(
            R"("nth": 1, "times": 1, "status": 401, "ntlm_challenge": true, "headers": {"WWW-Authenticate": "NTLM {ntlm_challenge}"})"))) ==
        std::vector<int>{401, 200});
}

TEST_CASE("a challenge is good for its own connection only") {
    const auto pool = start("");
    const auto client = auth::make_http_authenticator("NTLM", web, {"CONTOSO\\alice", auth::secret("Correct-horse-7")});
    net::http::response last;
    std::string challenge;
    for (int leg = 0; leg < 2; ++leg) {
        talk_http(*pool, web, true, [&](net::http::connection& connection) -> net::awaitable<void> {
            const auto token = co_await client->step(challenge, within(10s));
            auto request = ticket_request("NTLM " + token->reveal());
            last = (co_await connection.exchange(std::move(request), within(3000ms))).value();
        });
        challenge =
            last.header("WWW-Authenticate").substr(std::min<std::size_t>(5, last.header("WWW-Authenticate").size()));
    }
    CHECK(last.status == 401);
}

TEST_CASE("every credential is recorded by the name that was asked, whatever became of the request") {
    const auto pool = start(
        R"("http": [{"path": "/raw", "raw": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}, {"path": "/reset", "reset": true}, {"path": "/drop", "drop": true}])");
    const net::http::fields basic = {{"Authorization", "Basic YTpi"}};
    CHECK(
        exchange(
            *pool,
            {asking("/raw", basic), asking("/raw", {{"Proxy-Authorization", "Bearer x"}}), asking("/reset", basic)})
            .size() == 3);
    CHECK_FALSE(get(*pool, "lyncdiscover.contoso.example", "/drop", false, {{"X-MS-WebTicket", "opaque=QQ=="}}));
    CHECK(log_in(*pool) == std::vector<int>{401, 200});
    CHECK(exchange(*pool, {{"GET", "/raw", {{"Host", "Elsewhere.Example:8443"}, {"Authorization", "Bearer x"}}, ""}})
              .at(0));
    CHECK(
        received_by(*pool) ==
        std::vector<std::string>{
            "elsewhere.example:443 https bearer 1", "lyncdiscover.contoso.example:80 http web_ticket 1",
            "webext.contoso.example:443 https basic 2", "webext.contoso.example:443 https bearer 1",
            "webext.contoso.example:443 https ntlm 1", "webext.contoso.example:443 https ntlm_negotiate 1"});
}

TEST_CASE("without a Host header the name of TLS counts") {
    const auto pool = start("");
    const auto at = led_to(*pool, web, 443, "192.0.2.20");
    const auto options = trusting(*pool, "lyncdiscover.contoso.example");
    const auto say = [&]() -> net::awaitable<bool> {
        auto shaken = co_await shake_hands(at, options, within(3000ms));
        if (!shaken.stream) co_return false;
        const auto over = std::move(*shaken.stream).release();
        const auto written = co_await over->write(
            "GET / HTTP/1.0\r\nAuthorization: Basic YTpi\r\n\r\n", within(3000ms));
        std::array<char, 64> bytes{};
        const auto got = co_await over->read_some(bytes, within(3000ms));
        co_return written&& got;
    };
    REQUIRE(run<bool>(say));
    CHECK(received_by(*pool) == std::vector<std::string>{"lyncdiscover.contoso.example:443 https basic 1"});
}

TEST_CASE("what a client left on its connection is recorded before the lab stops") {
    const auto pool = start(R"("tcp": [{"delay_ms": 100}])");
    for (int i = 0; i < 5; ++i)
        talk_http(*pool, web, false, [&](net::http::connection& connection) -> net::awaitable<void> {
            const auto written = co_await connection.raw().write(
                "GET / HTTP/1.1\r\nHost: webext.contoso.example\r\nAuthorization: Basic YTpi\r\n\r\n", within(3000ms));
            CHECK(written);
        });
    pool->stop();
    CHECK(received_by(*pool) == std::vector<std::string>{"webext.contoso.example:80 http basic 5"});
    pool->stop();
}

TEST_CASE("the record is JSON with credentials and log, whatever bytes a client sent") {
    const auto pool = start("");
    CHECK(exchange(*pool, {asking("/\xff", {{"Authorization", "Basic YTpi"}})}).size() == 1);
    const auto record = nlohmann::json::parse(lab::record_of(*pool));
    CHECK(record.at("format") == "ucsignin-lab-record/1");
    CHECK(
        record.at("credentials").at(0) ==
        nlohmann::json{{"host", web}, {"port", 443}, {"protocol", "https"}, {"kind", "basic"}, {"count", 1}});
    CHECK(record.at("log").size() >= 2);
}

namespace {

struct ssl_client {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> session{nullptr, SSL_free};
};

// A handshake with or without a certificate, by OpenSSL itself: the product's client never shows one.
bool shake_with_certificate(const net::endpoint& at, const char* name, bool with, int version) {
    ssl_client client;
    client.socket.connect({at.address, at.port});
    if (with) {
        const lab::authority from(std::time(nullptr));
        const auto shown = from.issue({.profile = "wrong_usage", .names = {"alice.example"}});
        REQUIRE(SSL_CTX_use_certificate(client.context.get(), shown.chain.front().get()) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey(client.context.get(), shown.key.get()) == 1);
    }
    SSL_CTX_set_max_proto_version(client.context.get(), version);
    client.session.reset(SSL_new(client.context.get()));
    SSL_set_fd(client.session.get(), client.socket.native_handle());
    if (name) SSL_set_tlsext_host_name(client.session.get(), name);
    return SSL_connect(client.session.get()) == 1;
}

}  // namespace

TEST_CASE("a client certificate of TLS is recorded, an empty list is none") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto pool = start(R"("tls": [{"at": "edge", "request_client_certificate": true}])");
        const auto at = led_to(*pool, "sip.contoso.example", 443, "192.0.2.10");
        CHECK(shake_with_certificate(at, "sip.contoso.example", false, version));
        CHECK(shake_with_certificate(at, "sipexternal.contoso.example", true, version));
        CHECK(shake_with_certificate(at, nullptr, true, version));
        pool->stop();
        CHECK(
            received_by(*pool) ==
            std::vector<std::string>{
                "sip.contoso.example:443 sip certificate 1", "sipexternal.contoso.example:443 sip certificate 1"});
    }
}
