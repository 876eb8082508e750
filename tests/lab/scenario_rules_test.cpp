// What the reader takes and refuses of rules about answers, and of the credentials that a scenario expects.

#include <catch2/catch.hpp>

#include "lab/scenario.hpp"

using namespace ucsignin::lab;

namespace {

std::shared_ptr<const scenario> read(const std::string& members) {
    auto read = parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    return *read;
}

load_error failure(const std::string& members) {
    const auto read = parse_scenario(R"({"format": "ucsignin-scenario/1", )" + members + "}", "test.json");
    REQUIRE_FALSE(read);
    return read.error();
}

std::string where_in_http(const std::string& rule) { return failure(R"("http": [{}, {)" + rule + "}]").where; }
std::string where_in_sip(const std::string& rule) {
    return failure(R"("sip": [{"method": "REGISTER", )" + rule + "}]").where;
}

}  // namespace

TEST_CASE("a condition speaks of one thing and says one thing about it") {
    CHECK(where_in_http(R"("if": {})") == "/http/1/if");
    CHECK(where_in_http(R"("if": [])") == "/http/1/if");
    CHECK(where_in_http(R"("if": "none")") == "/http/1/if");
    CHECK(
        where_in_http(R"("if": [{"token": "none"}, {"header": "A", "cookie": "B", "present": true}])") ==
        "/http/1/if/1");
    CHECK(where_in_http(R"("if": {"header": "A"})") == "/http/1/if");
    CHECK(where_in_http(R"("if": {"header": "A", "present": true, "equals": "x"})") == "/http/1/if");
    CHECK(where_in_http(R"("if": {"header": "A", "present": "yes"})") == "/http/1/if/present");
    CHECK(where_in_http(R"("if": {"header": "", "present": true})") == "/http/1/if/header");
    CHECK(where_in_http(R"("if": {"cookie": "A", "contains": "x"})") == "/http/1/if");
    CHECK(where_in_http(R"("if": {"body_contains": 7})") == "/http/1/if/body_contains");
    CHECK(where_in_http(R"("if": {"token": "ntlm"})") == "/http/1/if/token");
    CHECK(where_in_http(R"("if": {"token": "none", "present": true})") == "/http/1/if/present");
    CHECK(where_in_sip(R"("if": {"tokn": "none"})") == "/sip/0/if");
    CHECK(
        read(R"("sip": [{"method": "REGISTER", "if": [{"token": "kerberos"}, {"header": "A", "equals": "x"}]}])")
            ->pool.sip.at(0)
            .conditions.size() == 2);
}

TEST_CASE("a place and a scheme of a SIP rule are words that exist") {
    CHECK(where_in_sip(R"("at": "egde")") == "/sip/0/at");
    CHECK(where_in_sip(R"("scheme": "ntlm")") == "/sip/0/scheme");
    const auto rule = read(R"("sip": [{"method": "REGISTER", "at": "FE02", "scheme": "Kerberos"}])")->pool.sip.at(0);
    CHECK(rule.at == "fe02");
    CHECK(rule.scheme == "Kerberos");
    CHECK(
        read(R"("sip": [{"method": "REGISTER", "at": "sip.contoso.example:443"}])")->pool.sip.at(0).at ==
        "sip.contoso.example:443");
}

TEST_CASE("raw bytes come in one of three ways") {
    CHECK(where_in_http(R"("raw": "a", "raw_base64": "YQ==")") == "/http/1/raw");
    CHECK(where_in_http(R"("raw_base64": "a-b")") == "/http/1/raw_base64");
    CHECK(where_in_http(R"("raw_base64": "YQ==", "status": 200)") == "/http/1/raw");
    CHECK(where_in_sip(R"("raw": "x", "headers": {"A": "b"})") == "/sip/0/raw");
    CHECK(where_in_http(R"("raw_file": "no-such-file.bin")") == "/http/1/raw_file");
    CHECK(where_in_sip(R"("raw": 1)") == "/sip/0/raw");
    CHECK(where_in_http(R"("close": 1)") == "/http/1/close");
    const auto made = read(R"("http": [{"raw_base64": "AP8="}, {"raw": "{via}", "close": true}, {"raw": ""}])");
    CHECK(made->http.at(0).raw->bytes == std::string("\0\xff", 2));
    CHECK_FALSE(made->http[0].raw->is_text);
    CHECK(made->http[1].raw->is_text);
    CHECK(made->http[1].close);
    CHECK(made->http[2].raw->bytes.empty());
}

TEST_CASE("a time that is written wrong is an error where it stands") {
    CHECK(where_in_http(R"("headers": {"Date": "{date+1h}"})") == "/http/1/headers/Date");
    CHECK(where_in_http(R"("headers": {"A/B": ["{date}", "{iso-}"]})") == "/http/1/headers/A~1B");
    CHECK(where_in_http(R"("body": "<a>{iso 1}</a>")") == "/http/1/body");
    CHECK(where_in_http(R"("raw": "{date")") == "/http/1/raw");
    CHECK(where_in_sip(R"("headers": {"Date": "{date:}"})") == "/sip/0/headers/Date");
    CHECK(where_in_sip(R"("body": "{iso+x}")") == "/sip/0/body");
    CHECK(failure(R"("soap": [{"service": "user", "fault": {"text": "{iso.}"}}])").where == "/soap/0/fault/text");
    CHECK(failure(R"("soap": [{"service": "user", "fault": {"reason": "{iso.}"}}])").where == "/soap/0/fault/reason");
    CHECK(failure(R"("http": [{"body": "{date+1h}"}])").what.starts_with("{date+1h} is not a time"));
}

TEST_CASE("an NTLM challenge that nothing would show is a mistake") {
    CHECK(
        where_in_http(R"("ntlm_challenge": true, "headers": {"WWW-Authenticate": "NTLM"})") ==
        "/http/1/ntlm_challenge");
    CHECK(where_in_http(R"("ntlm_challenge": "yes")") == "/http/1/ntlm_challenge");
    CHECK(
        read(
            R"("http": [{"ntlm_challenge": true, "headers": {"WWW-Authenticate": ["Basic", "NTLM {ntlm_challenge}"]}}])")
            ->http.at(0)
            .ntlm_challenge);
    CHECK(
        read(
            R"("http": [{"ntlm_challenge": true, "raw": "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM {ntlm_challenge}\r\n\r\n"}])")
            ->http.at(0)
            .ntlm_challenge);
}

TEST_CASE("what the ticket service takes is said in words that exist") {
    CHECK(failure(R"("pool": {"username_token": "plain"})").where == "/pool/username_token");
    CHECK(failure(R"("pool": {"ticket_ways": ["Auth", "Pin"]})").where == "/pool/ticket_ways");
    CHECK(failure(R"("pool": {"ticket_ways": "Auth"})").where == "/pool/ticket_ways");
    const auto made = read(R"("pool": {"username_token": "base64", "ticket_ways": []})");
    CHECK(made->pool.username_token == username_form::base64);
    CHECK(made->pool.ticket_ways.empty());
    CHECK(healthy_scenario()->pool.username_token == username_form::both);
    CHECK(healthy_scenario()->pool.ticket_ways == std::vector<std::string>{"WinNegotiate", "WinNtlm", "Auth", "Anon"});
}

TEST_CASE("expected credentials name servers and kinds") {
    CHECK(failure(R"("expect": {"credentials": []})").where == "/expect/credentials");
    CHECK(
        failure(R"("expect": {"credentials": {"sip.contoso.example": "ntlm"}})").where ==
        "/expect/credentials/sip.contoso.example");
    CHECK(failure(R"("expect": {"credentials": {"a.example": [1]}})").where == "/expect/credentials/a.example/0");
    const auto unknown = failure(R"("expect": {"credentials": {"a.example": ["ntlm", "password"]}})");
    CHECK(unknown.where == "/expect/credentials/a.example");
    CHECK(unknown.what == "'password' is not a kind of credential");
    CHECK(failure(R"("expect": {"credentials": {"a.example": ["spnego"]}})").where == "/expect/credentials/a.example");
    CHECK(failure(R"("expect": {"credentials": {"a:b:c": []}})").where == "/expect/credentials/a:b:c");
    CHECK(failure(R"("expect": {"password_uses": "one"})").where == "/expect/password_uses");
    const auto made = read(
        R"("expect": {"credentials": {"a.example:443": ["ntlm", "web_ticket"], "*": []}, "password_uses": 1})");
    CHECK(made->expect.credentials.at("a.example:443") == std::vector<std::string>{"ntlm", "web_ticket"});
    CHECK(made->expect.credentials.at("*").empty());
    CHECK(made->expect.password_uses == 1);
}
