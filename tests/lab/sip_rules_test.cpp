// SIP rules: places, schemes and legs, raw answers, headers that are there twice; and what is recorded of requests.

#include <catch2/catch.hpp>

#include <algorithm>

#include "lab/scenario.hpp"
#include "lab_client.hpp"
#include "sip/encoding.hpp"
#include "sip_test_pool.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace ucsignin::lab::test;

namespace {

// Rules as a scenario has them, on the pool of the other SIP tests.
pool_settings with_rules(const std::string& rules) {
    const auto read = parse_scenario(R"({"format": "ucsignin-scenario/1", "sip": [)" + rules + "]}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    pool_settings out = usual_settings();
    out.sip = (*read)->pool.sip;
    return out;
}

sip::message ntlm_leg(client& from, const std::string& more) {
    auto request = from.registration();
    request.add(
        "Authorization",
        R"(NTLM qop="auth", realm="SIP Communications Service", targetname="fe01.contoso.example", version=4, )" +
            more);
    return request;
}

std::string register_text(const std::string& host) {
    return "REGISTER sip:contoso.example SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.99:5061;branch=z9\r\nFrom: "
           "<sip:alice@contoso.example>;tag=1;epid=2\r\n"
           "To: <sip:alice@contoso.example>\r\nCall-ID: of-" +
           host + "\r\nCSeq: 7 REGISTER\r\nContent-Length: 0\r\n\r\n";
}

const std::string last_token = sip::base64(std::string("NTLMSSP\0\3", 9) + std::string(60, '\0'));

}  // namespace

TEST_CASE("a header with several values has as many lines in a SIP answer, in order") {
    test_pool pool(with_rules(
        R"({"method": "REGISTER", "step": "first", "headers": {"WWW-Authenticate": ["NTLM realm=\"x\"", "Kerberos realm=\"x\""], "Server": ["", "Lab"]}})"));
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.ask(alice.registration());
    CHECK(answer.status == 401);
    CHECK(answer.all("WWW-Authenticate") == std::vector<std::string>{R"(NTLM realm="x")", R"(Kerberos realm="x")"});
    CHECK(answer.all("Server") == std::vector<std::string>{"Lab"});
}

TEST_CASE("times in the headers and the body of a SIP answer are filled in") {
    test_pool pool(with_rules(
        R"({"method": "REGISTER", "status": 503, "headers": {"Date": "{date}", "Retry-After": "{via}"}, "body": "{iso+60}"})"));
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.ask(alice.registration());
    CHECK(answer.header("Date")->ends_with(" GMT"));
    CHECK(answer.header("Retry-After") == "{via}");
    CHECK(answer.body.size() == 20);
}

TEST_CASE("raw text stands in for a SIP answer and repeats what the client wrote; the connection goes on") {
    test_pool pool(with_rules(R"({"method": "REGISTER", "step": "first", "times": 1,
        "raw": "SIP/2.0 401 No\r\nVia: {via}\r\nFrom: {from}\r\nTo: {to};tag=9\r\nCall-ID: {call_id}\r\nCSeq: {cseq}\r\nDate: {date}\r\nX: {other}\r\nContent-Length: 0\r\n\r\n"})"));
    client alice(pool, "alice@contoso.example");
    const auto asked = alice.registration();
    const auto answer = alice.ask(asked);
    CHECK(answer.status == 401);
    for (const char* name : {"Via", "From", "Call-ID", "CSeq"}) CHECK(answer.header(name) == asked.header(name));
    CHECK(answer.header("To") == *asked.header("To") + ";tag=9");
    CHECK(answer.header("Date")->ends_with(" GMT"));
    CHECK(answer.header("X") == "{other}");
    CHECK_FALSE(answer.header("WWW-Authenticate"));
    CHECK(alice.ask(alice.registration()).header("WWW-Authenticate"));
}

TEST_CASE("raw bytes may end the connection, at once or late, and may be none") {
    for (const char* more : {"", R"(, "delay_ms": 30)"}) {
        test_pool pool(with_rules(
            R"({"method": "REGISTER", "raw_base64": ")" +
            sip::base64("SIP/2.0 400 {via}\r\nContent-Length: 0\r\n\r\n") + R"(", "close": true)" + more + "}"));
        client alice(pool, "alice@contoso.example");
        CHECK(alice.ask(alice.registration()).reason == "{via}");
        CHECK_FALSE(alice.receive());
    }
    test_pool silent(with_rules(R"({"method": "REGISTER", "raw": "", "close": true})"));
    client bob(silent, "bob@contoso.example");
    bob.send(bob.registration());
    CHECK_FALSE(bob.receive());
}

TEST_CASE("NTLM's legs are told apart from each other and from those of TLS-DSK") {
    test_pool pool(with_rules(R"({"method": "REGISTER", "step": "hello", "scheme": "NTLM", "times": 1, "status": 480},
        {"method": "REGISTER", "step": "signed", "if": {"token": "ntlm_authenticate"}, "times": 1, "status": 481},
        {"method": "REGISTER", "if": {"header": "Authorization", "contains": "Kerberos"}, "status": 482}, {"method": "REGISTER", "scheme": "Kerberos", "status": 483})"));
    client alice(pool, "alice@contoso.example");
    CHECK(alice.ask(alice.registration()).status == 401);
    CHECK(alice.ask(ntlm_leg(alice, R"(gssapi-data="")")).status == 480);
    CHECK(alice.ask(ntlm_leg(alice, R"(gssapi-data="")")).status == 401);
    const std::string signature = R"(, opaque="A", crand="0a1b2c3d", cnum="1", response="00")";
    CHECK(alice.ask(ntlm_leg(alice, "gssapi-data=\"" + last_token + "\"" + signature)).status == 481);
    CHECK(alice.ask(ntlm_leg(alice, "gssapi-data=\"" + last_token + "\"" + signature)).status == 401);
    auto kerberos = alice.registration();
    kerberos.add("Authorization", R"(Kerberos qop="auth", gssapi-data="QQ==", response="00")");
    CHECK(alice.ask(kerberos).status == 482);
    // TLS-DSK's legs are nobody's business here.
    client other(pool, "alice@contoso.example");
    CHECK(other.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
}

TEST_CASE("a rule whose place, scheme or condition doesn't fit counts no occasion") {
    pool_settings settings = with_rules(
        R"({"method": "REGISTER", "at": "fe02", "nth": 2, "status": 480}, {"method": "REGISTER", "scheme": "NTLM", "nth": 2, "status": 481})");
    test_pool pool(settings);
    const auto place = [](const char* name) {
        sip_place out;
        out.server_name = "fe01.contoso.example";
        out.is_meant = [name](std::string_view at) { return at.empty() || at == name; };
        return out;
    };
    client first(pool, "alice@contoso.example", "1", place("fe01")),
        second(pool, "alice@contoso.example", "2", place("fe02"));
    for (int i = 0; i < 3; ++i) CHECK(first.ask(first.registration()).status == 401);
    CHECK(second.ask(second.registration()).status == 401);
    CHECK(second.ask(second.registration()).status == 480);
    CHECK(first.ask(ntlm_leg(first, R"(gssapi-data="")")).status == 401);
    CHECK(first.ask(first.registration()).status == 401);
    CHECK(first.ask(ntlm_leg(first, R"(gssapi-data="")")).status == 481);
}

TEST_CASE("two names that share an address may have registrars that differ") {
    const auto pool = start(
        R"("sip": [{"method": "REGISTER", "at": "sipexternal.contoso.example", "status": 480}, {"method": "REGISTER", "at": "fe01", "status": 481},
        {"method": "REGISTER", "at": "edge", "nth": 2, "status": 482}, {"method": "REGISTER", "at": "sip.contoso.example:5061", "status": 483}])");
    const auto status = [&](const std::string& name) {
        return say_to_edge(*pool, name, register_text(name)).substr(0, 11);
    };
    CHECK(status("sip.contoso.example") == "SIP/2.0 401");
    CHECK(status("sipexternal.contoso.example") == "SIP/2.0 480");
    CHECK(status("sip.contoso.example") == "SIP/2.0 482");
}

TEST_CASE("what requests carry is recorded under the name of TLS, and when the scenario breaks them off") {
    const auto pool = start(
        R"("sip": [{"method": "REGISTER", "if": {"token": "none"}, "reset": true}, {"method": "REGISTER", "if": {"token": "basic"}, "drop": true},
        {"method": "REGISTER", "raw": "SIP/2.0 400 No\r\nContent-Length: 0\r\n\r\n", "close": true}])");
    const auto with = [](const std::string& line) {
        std::string text = register_text("x");
        return text.insert(text.find("Content-Length"), line + "\r\n");
    };
    CHECK(say_to_edge(*pool, "sip.contoso.example", register_text("x")) == "<reset>");
    CHECK(say_to_edge(
              *pool, "sip.contoso.example", with("Proxy-Authorization: Basic YTpi"), std::chrono::milliseconds(200))
              .empty());
    CHECK(say_to_edge(
              *pool, "sipexternal.contoso.example",
              with(R"(Authorization: NTLM gssapi-data=")" + last_token + R"(", response="00")"))
              .starts_with("SIP/2.0 400"));
    std::vector<std::string> seen;
    for (const auto& one : pool->credentials()) seen.push_back(one.host + " " + one.protocol + " " + one.kind);
    CHECK(
        seen == std::vector<std::string>{
                    "sip.contoso.example sip basic", "sipexternal.contoso.example sip ntlm",
                    "sipexternal.contoso.example sip signature"});
}

TEST_CASE("a whole sign-in by certificate shows the certificate once, then signatures") {
    test_pool pool;
    std::vector<credential> seen;
    sip_place place;
    place.server_name = "fe01.contoso.example";
    place.received = [&](const std::vector<credential>& kinds) { seen.insert(seen.end(), kinds.begin(), kinds.end()); };
    client alice(pool, "alice@contoso.example", "c8ca638a15", place);
    CHECK(alice.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
    CHECK(seen == std::vector<credential>{credential::opening, credential::certificate, credential::signature});
}
