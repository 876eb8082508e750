#include "trace/redaction.hpp"

#include <catch2/catch.hpp>

using ucsignin::trace::redaction;

static std::string hidden(const std::string& secret, const std::string& text) {
    redaction r;
    r.hide(secret);
    return r.apply(text);
}

TEST_CASE("a secret is replaced wherever it stands, as it is and as others write it", "[trace][redaction]") {
    const std::string secret = "Correct-horse-7";
    const std::string spellings[] = {
        secret,
        "436f72726563742d686f7273652d37",  // hexadecimal
        "436F72726563742D686F7273652D37",
        std::string(
            "C\0o\0r\0r\0e\0c\0t\0-\0h\0o\0r\0s\0e\0-\0"
            "7\0",
            30),                                     // UTF-16LE
        "Q29ycmVjdC1ob3JzZS03",                      // Base64
        "YWxpY2U6Q29ycmVjdC1ob3JzZS03",              // Base64 of "alice:" and it
        "Ym9iOkNvcnJlY3QtaG9yc2UtNw==",              // of "bob:" and it
        "QwBvAHIAcgBlAGMAdAAtAGgAbwByAHMAZQAtADcA",  // of its UTF-16LE
    };
    for (const auto& spelling : spellings) {
        const auto out = hidden(secret, "you sent <" + spelling + "> to us");
        CAPTURE(spelling, out);
        CHECK(out.find(spelling.substr(4, 12)) == std::string::npos);
        CHECK(out.starts_with("you sent <"));
        CHECK(out.ends_with("> to us"));
        CHECK(out.find("[withheld]") != std::string::npos);
    }
}

TEST_CASE("escapes of markup and of URLs hide nothing", "[trace][redaction]") {
    const std::string secret = "a&b<c>\"d/e f";
    CHECK(hidden(secret, "a&amp;b&lt;c&gt;&quot;d/e f") == "[withheld]");
    CHECK(hidden(secret, R"(a&b<c>\"d\/e f)") == "[withheld]");
    CHECK(hidden(secret, "x=a%26b%3Cc%3E%22d%2Fe%20f&y") == "x=[withheld]&y");
    CHECK(hidden(secret, "x=a%26b%3cc%3e%22d%2fe%20f&y") == "x=[withheld]&y");
}

TEST_CASE("a short secret counts only where it stands by itself", "[trace][redaction]") {
    CHECK(hidden("red", "refused: red, not hundred") == "refused: [withheld], not hundred");
    CHECK(hidden("a", "a fault") == "[withheld] fault");
    CHECK(hidden("", "nothing to hide") == "nothing to hide");
}

TEST_CASE("every occurrence goes, and what is left stays as it was", "[trace][redaction]") {
    CHECK(hidden("secret-1", "secret-1secret-1 and secret-2") == "[withheld][withheld] and secret-2");
}

TEST_CASE("of something long, a part is too much", "[trace][redaction]") {
    redaction r;
    std::string ticket;
    for (int i = 0; i < 40; ++i) ticket += std::to_string(1000 + i * 7);
    r.hide_parts(ticket);
    CHECK(r.apply("body: " + ticket.substr(30, 60) + "...") == "body: [withheld]...");
    CHECK(r.apply("body: " + ticket.substr(30, 20)) == "body: " + ticket.substr(30, 20));
    CHECK(r.apply(ticket) == "[withheld]");
    CHECK(r.apply(ticket.substr(0, 30) + "|" + ticket.substr(0, 30)) == "[withheld]|[withheld]");
}

TEST_CASE("names and addresses in a ticket are no secret", "[trace][redaction]") {
    redaction r;
    r.hide_parts(
        R"(<Assertion Issuer="https://pool01.corp.fabrikam.example/" ID="SamlSecurityToken-0f1e2d3c4b5a69788796a5b4c3d2e1f0"><Audience>)"
        R"(https://webext.contoso.example/CertProv/CertProvisioningService.svc/WebTicket_Proof_SHA1</Audience></Assertion>)");
    for (const auto* text :
         {"pool01.corp.fabrikam.example:5061",
          "https://webext.contoso.example/CertProv/CertProvisioningService.svc/WebTicket_Proof_SHA1"})
        CHECK(r.apply(text) == text);
    CHECK(r.apply("SamlSecurityToken-0f1e2d3c4b5a69788796a5b4c3d2e1f0") == "SamlSecurityToken-[withheld]");
}
