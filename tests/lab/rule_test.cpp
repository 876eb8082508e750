#include <catch2/catch.hpp>

#include "lab/rule.hpp"
#include "lab/scenario.hpp"
#include "net/http.hpp"
#include "sip/encoding.hpp"
#include "sip/message.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;

namespace {

// `condition`: what stands behind "if".
std::vector<rule_condition> read(const std::string& condition) {
    const auto read = parse_scenario(
        R"({"format": "ucsignin-scenario/1", "http": [{"if": )" + condition + "}]}", "test.json");
    if (!read) FAIL(read.error().where << ": " << read.error().what);
    return (*read)->http.at(0).conditions;
}

net::http::request with(net::http::fields headers, std::string body = {}) {
    return {"POST", "/", std::move(headers), std::move(body)};
}

std::string ntlm(char type) { return sip::base64(std::string("NTLMSSP\0", 8) + type + std::string(3, '\0')); }

}  // namespace

TEST_CASE("a header is there, is this, or has this in it; any of its lines counts, its name in any case") {
    const auto asked = with({{"X-Trace", "one"}, {"x-trace", "two words"}});
    CHECK(hold(read(R"({"header": "x-TRACE", "present": true})"), asked));
    CHECK_FALSE(hold(read(R"({"header": "X-Trace", "present": false})"), asked));
    CHECK(hold(read(R"({"header": "X-Other", "present": false})"), asked));
    CHECK(hold(read(R"({"header": "X-Trace", "equals": "two words"})"), asked));
    CHECK_FALSE(hold(read(R"({"header": "X-Trace", "equals": "two"})"), asked));
    CHECK(hold(read(R"({"header": "X-Trace", "contains": "words"})"), asked));
    CHECK_FALSE(hold(read(R"({"header": "X-Other", "contains": ""})"), asked));
}

TEST_CASE("a cookie is found among others") {
    const auto asked = with({{"Cookie", "first=1; door=open; flag"}, {"Cookie", "late=2=3"}});
    CHECK(hold(read(R"({"cookie": "door", "equals": "open"})"), asked));
    CHECK(hold(read(R"({"cookie": "late", "equals": "2=3"})"), asked));
    CHECK(hold(read(R"({"cookie": "flag", "present": true})"), asked));
    CHECK_FALSE(hold(read(R"({"cookie": "doo", "present": true})"), asked));
    CHECK(hold(read(R"({"cookie": "door", "present": false})"), with({})));
}

TEST_CASE("a body has this text in it, and all conditions of a list have to hold") {
    const auto asked = with({{"A", "1"}}, "<wst:RequestSecurityToken/>");
    CHECK(hold(read(R"({"body_contains": "RequestSecurityToken"})"), asked));
    CHECK_FALSE(hold(read(R"({"body_contains": "UsernameToken"})"), asked));
    CHECK(hold(read(R"([{"body_contains": "wst:"}, {"header": "A", "equals": "1"}])"), asked));
    CHECK_FALSE(hold(read(R"([{"body_contains": "wst:"}, {"header": "A", "equals": "2"}])"), asked));
    CHECK(hold({}, asked));
}

TEST_CASE("each credential has its word, and only that one") {
    const std::string wrapped = sip::base64("\xa1\x10" + *sip::from_base64(ntlm('\3')));
    // clang-format off
    const std::vector<std::pair<net::http::request, std::vector<std::string>>> requests = {
        {with({}), {"none"}},
        {with({{"Authorization", "NTLM " + ntlm('\1')}}), {"ntlm_negotiate"}},
        {with({{"Authorization", "NTLM " + ntlm('\3')}}), {"ntlm_authenticate"}},
        {with({{"Proxy-Authorization", "Negotiate " + wrapped}}), {"spnego", "ntlm_authenticate"}},
        {with({{"Authorization", "Basic YTpi"}}), {"basic"}},
        {with({{"Authorization", "Bearer abc"}}), {"bearer"}},
        {with({{"X-MS-WebTicket", "opaque=QQ=="}}), {"web_ticket"}},
        {with({}, "<a><UsernameToken><Username>x</Username></UsernameToken></a>"), {"username_token"}},
        {with({}, "<a><UsernameToken><Username>YWxpY2U=</Username><Password>c2VjcmV0</Password></UsernameToken></a>"), {"username_token"}},
        {with({{"Authorization", "Digest username=x"}}), {"other"}},
        {with({{"Authorization", "Bearer"}}), {"other"}},
        {with({{"Authorization", "Basic YTpi"}, {"X-MS-WebTicket", "cwt=AA"}}), {"basic", "web_ticket"}}};
    // clang-format on
    for (const auto& [request, expected] : requests) {
        for (const std::string word :
             {"none", "ntlm_negotiate", "ntlm_authenticate", "spnego", "kerberos", "basic", "bearer", "username_token",
              "web_ticket", "other"}) {
            CAPTURE(request.headers, request.body, word);
            CHECK(
                hold(read(R"({"token": ")" + word + "\"}"), request) ==
                (std::find(expected.begin(), expected.end(), word) != expected.end()));
        }
    }
}

TEST_CASE("SIP requests are looked at in the same way, compact header names included") {
    sip::message asked;
    asked.method = "REGISTER";
    asked.add("f", "<sip:alice@contoso.example>").add("Authorization", R"(NTLM qop="auth", gssapi-data="")");
    CHECK(hold(read(R"({"header": "From", "contains": "alice"})"), asked));
    CHECK(hold(read(R"({"token": "ntlm_negotiate"})"), asked));
    CHECK(hold(read(R"({"header": "Authorization", "contains": "NTLM"})"), asked));
    CHECK_FALSE(hold(read(R"({"token": "none"})"), asked));
}
