#include <catch2/catch.hpp>

#include <algorithm>

#include "sip_test_pool.hpp"
#include "sip/identity.hpp"

using namespace ucsignin;
using namespace ucsignin::lab;
using namespace ucsignin::lab::test;

namespace {

using verdict = sip::protector::verdict;

int diagnostic_of(const sip::message& answer) {
    const auto all = sip::diagnostics_of(answer);
    return all.empty() ? 0 : all.front().id;
}

pool_settings with_rule(sip_rule rule) {
    pool_settings out = usual_settings();
    out.sip.push_back(std::move(rule));
    return out;
}

}  // namespace

TEST_CASE("the first REGISTER is challenged with every scheme, the server's own name and the provisioning service") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.ask(alice.registration());
    CHECK(answer.status == 401);
    CHECK(answer.header("Date"));
    CHECK(answer.headers.front() == std::pair<std::string, std::string>("ms-user-logon-data", "RemoteUser"));
    const auto schemes = answer.all("WWW-Authenticate");
    REQUIRE(schemes.size() == 2);
    CHECK(schemes[0] == R"(NTLM realm="SIP Communications Service", targetname="fe01.contoso.example", version=4)");
    CHECK(
        schemes[1] ==
        R"(TLS-DSK realm="SIP Communications Service", targetname="fe01.contoso.example", version=4, sts-uri="https://webext.contoso.example:443/CertProv/CertProvisioningService.svc")");
    CHECK(answer.header("Via")->find("ms-received-port=") != std::string::npos);
    CHECK(answer.header("Via")->find("ms-received-cid=") != std::string::npos);
    CHECK(sip::parse_name_addr(*answer.header("To")).parameter("tag").size() == 32);
}

TEST_CASE("a user with a published certificate signs in, and the answer is signed") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.sign_in(pool.certificate_of("alice@contoso.example"));
    CHECK(answer.status == 200);
    CHECK(alice.association->check(answer) == verdict::valid);
    CHECK(answer.header("Expires") == "7200");
    CHECK(answer.header("Allow-Events")->find(' ') == std::string::npos);
    const auto supported = answer.all("Supported");
    CHECK(std::count(supported.begin(), supported.end(), "msrtc-event-categories") == 1);
    CHECK(std::count(supported.begin(), supported.end(), "adhoclist") == 1);
    CHECK(answer.header("ms-keep-alive") == "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300");
    const auto contact = sip::parse_name_addr(*answer.header("Contact"));
    CHECK(contact.parameter("+sip.instance") == "<urn:uuid:34d859db-6585-5f91-a3b4-de853c15347d>");
    CHECK(contact.parameter("gruu") == "sip:alice@contoso.example;opaque=user:epid:21nYNIVlkV-jtN6FPBU0fQAA;gruu");
    CHECK(answer.header("presence-state")->starts_with(R"(register-action="added")"));
    CHECK(
        alice.ask_signed(alice.registration()).header("presence-state")->starts_with(R"(register-action="refreshed")"));
}

TEST_CASE("a wrong signature gets a fresh challenge and registers nobody") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    alice.shake_hands(pool.certificate_of("alice@contoso.example"));
    auto request = alice.registration();
    alice.association->sign(request);
    request.set("CSeq", "99 REGISTER");
    const auto answer = alice.ask(request);
    CHECK(answer.status == 401);
    CHECK(diagnostic_of(answer) == 1000);
    CHECK(answer.all("WWW-Authenticate").size() == 2);
    CHECK_FALSE(pool.pool->find_registration("alice@contoso.example", "c8ca638a15"));
}

TEST_CASE("a replayed request is refused although its signature is right") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    alice.shake_hands(pool.certificate_of("alice@contoso.example"));
    auto request = alice.registration();
    alice.association->sign(request);
    CHECK(alice.ask(request).status == 200);
    const auto again = alice.ask(request);
    CHECK(again.status == 401);
    CHECK(diagnostic_of(again) == 1000);
}

TEST_CASE("another user's certificate may not act as this user") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.sign_in(pool.certificate_of("bob@contoso.example"));
    CHECK(answer.status == 403);
    CHECK(diagnostic_of(answer) == 4004);
    CHECK(answer.header("ms-diagnostics-public"));
    CHECK(alice.association->check(answer) == verdict::valid);
}

TEST_CASE("a certificate that is not published is refused in the handshake") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.shake_hands(pool.certificate_of("alice@contoso.example", false));
    CHECK(answer.status == 401);
    CHECK(diagnostic_of(answer) == 1000);
    CHECK_FALSE(alice.association);
}

TEST_CASE("an association is good for its own endpoint only") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    alice.shake_hands(pool.certificate_of("alice@contoso.example"));
    auto request = alice.registration();
    request.set("From", "<sip:bob@contoso.example>;tag=1;epid=c8ca638a15");
    alice.association->sign(request);
    CHECK(alice.ask(request).status == 401);
}

TEST_CASE("a challenge of another server is not answered with a handshake") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    auto request = alice.registration();
    request.add(
        "Authorization",
        R"(TLS-DSK qop="auth", realm="SIP Communications Service", targetname="fe02.contoso.example", gssapi-data="AAAA", version=4)");
    const auto answer = alice.ask(request);
    CHECK(answer.status == 401);
    CHECK(diagnostic_of(answer) == 0);
}

TEST_CASE("NTLM's empty token is answered with a challenge, a wrong log-in and a scheme that is not offered with 401") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    const auto ask = [&](const std::string& scheme, const std::string& more) {
        auto request = alice.registration();
        request.add(
            "Authorization",
            scheme +
                R"( qop="auth", realm="SIP Communications Service", targetname="fe01.contoso.example", version=4, )" +
                more);
        return alice.ask(request);
    };
    const auto challenged = sip::parse_auth_header(
        ask("NTLM", R"(gssapi-data="")").header("WWW-Authenticate").value_or(""));
    CHECK(challenged.scheme == "NTLM");
    CHECK(challenged.parameter("gssapi-data").starts_with("TlRMTVNTUAACAAAA"));
    const auto wrong = ask(
        "NTLM", R"(opaque=")" + challenged.parameter("opaque") +
                    R"(", gssapi-data="TlRMTVNTUAADAAAA", crand="0a1b2c3d", cnum="1", response="00")");
    CHECK(wrong.status == 401);
    CHECK(wrong.all("WWW-Authenticate").size() == 2);
    CHECK(diagnostic_of(wrong) == 1000);
    const auto not_offered = ask("Kerberos", R"(gssapi-data="")");
    CHECK(not_offered.status == 401);
    CHECK(diagnostic_of(not_offered) == 0);
}

TEST_CASE("what is wrong with a registration is told by number") {
    test_pool pool;
    const auto credential = pool.certificate_of("alice@contoso.example");
    client alice(pool, "alice@contoso.example");
    alice.shake_hands(credential);

    auto event = alice.registration();
    event.set("Event", "presence");
    const auto bad_event = alice.ask_signed(event);
    CHECK(bad_event.status == 489);
    CHECK(diagnostic_of(bad_event) == 4055);

    auto gruu = alice.registration();
    gruu.set("Supported", "msrtc-event-categories");
    CHECK(diagnostic_of(alice.ask_signed(gruu)) == 2057);

    auto other = alice.registration();
    other.set("Contact", R"(<sip:192.0.2.10:1>;+sip.instance="<urn:uuid:00000000-6585-5f91-a3b4-de853c15347d>")");
    CHECK(alice.ask_signed(other).status == 400);

    client nameless(pool, "alice@contoso.example", "");
    const auto unnamed = nameless.sign_in(credential);
    CHECK(unnamed.status == 400);
    CHECK(diagnostic_of(unnamed) == 4010);
}

TEST_CASE("an endpoint deregisters with Expires 0 and with its connection") {
    test_pool pool;
    const auto credential = pool.certificate_of("alice@contoso.example");
    {
        client alice(pool, "alice@contoso.example");
        CHECK(alice.sign_in(credential).status == 200);
        auto bye = alice.registration();
        bye.add("Expires", "0");
        const auto answer = alice.ask_signed(bye);
        CHECK(answer.status == 200);
        CHECK(alice.association->check(answer) == verdict::valid);
        CHECK_FALSE(pool.pool->find_registration("alice@contoso.example", "c8ca638a15"));
        CHECK(alice.ask_signed(alice.registration()).status == 200);
    }
    pool.io.poll();
    CHECK_FALSE(pool.pool->find_registration("alice@contoso.example", "c8ca638a15"));
}

TEST_CASE("a user of another server is sent home") {
    pool_settings settings = usual_settings();
    settings.users.front().home = "fe02.contoso.example:5061";
    test_pool pool(settings);
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.sign_in(pool.certificate_of("alice@contoso.example"));
    CHECK(answer.status == 301);
    CHECK(answer.header("Contact") == "<sip:fe02.contoso.example:5061;transport=tls>");
    CHECK(alice.association->check(answer) == verdict::valid);
}

TEST_CASE("a user who isn't enabled for SIP is not found") {
    pool_settings settings = usual_settings();
    test_pool pool(settings);
    const auto credential = pool.certificate_of("alice@contoso.example");
    settings.users.front().sip_enabled = false;
    test_pool disabled(settings);
    disabled.pool->publish_certificate(credential.facts.sha256, "alice@contoso.example");
    client alice(disabled, "alice@contoso.example");
    const auto answer = alice.sign_in(credential);
    CHECK(answer.status == 404);
    CHECK(diagnostic_of(answer) == 4005);
}

TEST_CASE("compression is declined and the connection stays") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    CHECK(alice.ask(alice.request("NEGOTIATE")).status == 405);
    CHECK(alice.ask(alice.registration()).status == 401);
}

TEST_CASE("requests without a signature are forbidden, never challenged") {
    test_pool pool;
    client alice(pool, "alice@contoso.example");
    CHECK(alice.ask(alice.request("SUBSCRIBE")).status == 403);
    CHECK(alice.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
    CHECK(alice.ask(alice.request("SUBSCRIBE")).status == 403);
}

TEST_CASE("a rule may answer in the pool's place, once, signed as the pool signs") {
    sip_rule rule{"REGISTER", "signed"};
    rule.times = 1;
    rule.status = 503;
    rule.headers = {{"Retry-After", "30"}, {"Server", ""}};
    test_pool pool(with_rule(rule));
    client alice(pool, "alice@contoso.example");
    const auto answer = alice.sign_in(pool.certificate_of("alice@contoso.example"));
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "30");
    CHECK_FALSE(answer.header("Server"));
    CHECK(alice.association->check(answer) == verdict::valid);
    CHECK(alice.ask_signed(alice.registration()).status == 200);
}

TEST_CASE("a rule may spoil the signature of an answer") {
    for (const auto& [kind, expected] :
         {std::pair("wrong", verdict::invalid), std::pair("missing", verdict::missing)}) {
        sip_rule rule{"REGISTER", "signed"};
        rule.signature = kind;
        test_pool pool(with_rule(rule));
        client alice(pool, "alice@contoso.example");
        const auto answer = alice.sign_in(pool.certificate_of("alice@contoso.example"));
        CHECK(answer.status == 200);
        CHECK(alice.association->check(answer) == expected);
    }
}

TEST_CASE("a rule may have an answer repeat the number of the one before, under a right signature") {
    sip_rule rule{"REGISTER", "signed"};
    rule.nth = 2;
    rule.times = 1;
    rule.signature = "replay";
    test_pool pool(with_rule(rule));
    client alice(pool, "alice@contoso.example");
    const auto number_of = [](const sip::message& answer) {
        return sip::parse_auth_header(answer.header("Authentication-Info").value_or("")).parameter("snum");
    };
    CHECK(number_of(alice.sign_in(pool.certificate_of("alice@contoso.example"))) == "1");
    CHECK(number_of(alice.ask_signed(alice.registration())) == "1");
    CHECK(number_of(alice.ask_signed(alice.registration())) == "2");
}

TEST_CASE("a registration ends with its time") {
    pool_settings settings = usual_settings();
    settings.expires_s = 0;
    test_pool pool(settings);
    client alice(pool, "alice@contoso.example");
    CHECK(alice.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
    CHECK_FALSE(pool.pool->find_registration("alice@contoso.example", "c8ca638a15"));
}

TEST_CASE("a rule may leave a request without an answer, or end the connection") {
    sip_rule silent{"REGISTER", "first"}, ends{"REGISTER", "first"};
    silent.times = 1;
    silent.drop = true;
    ends.nth = 2;
    ends.close = true;
    pool_settings settings = with_rule(silent);
    settings.sip.push_back(ends);
    test_pool pool(settings);
    client alice(pool, "alice@contoso.example");
    alice.send(alice.registration());
    CHECK(alice.hears_nothing());
    alice.send(alice.registration());
    CHECK_FALSE(alice.receive());
}

TEST_CASE("a late answer holds up no other") {
    sip_rule rule{"SUBSCRIBE", "vnd-microsoft-roaming-contacts"};
    rule.delay_ms = 50;
    test_pool pool(with_rule(rule));
    client alice(pool, "alice@contoso.example");
    CHECK(alice.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
    auto slow = alice.request("SUBSCRIBE"), quick = alice.request("SUBSCRIBE");
    slow.add("Event", "vnd-microsoft-roaming-contacts").add("Supported", "ms-piggyback-first-notify");
    quick.add("Event", "vnd-microsoft-roaming-self").add("Supported", "ms-piggyback-first-notify");
    alice.association->sign(slow);
    alice.association->sign(quick);
    alice.send(slow);
    alice.send(quick);
    CHECK(alice.receive()->header("Event") == "vnd-microsoft-roaming-self");
    const auto late = alice.receive();
    CHECK(late->header("Event") == "vnd-microsoft-roaming-contacts");
    CHECK(alice.association->check(*late) == verdict::valid);
}

TEST_CASE("a rule may have the server end the registration") {
    sip_rule rule{"REGISTER", "signed"};
    rule.notify = "deregistered;event=rejected";
    rule.notify_diagnostics = R"(4141;reason="User disabled")";
    test_pool pool(with_rule(rule));
    client alice(pool, "alice@contoso.example");
    CHECK(alice.sign_in(pool.certificate_of("alice@contoso.example")).status == 200);
    const auto told = alice.receive();
    REQUIRE(told);
    CHECK(told->method == "NOTIFY");
    CHECK(told->header("Event") == "registration-notify");
    CHECK(told->body == "deregistered;event=rejected");
    CHECK(diagnostic_of(*told) == 4141);
    CHECK(alice.association->check(*told) == verdict::valid);
}

TEST_CASE("a certificate is out of date when the pool's clock says so") {
    pool_settings settings = usual_settings();
    test_pool today(settings);
    const auto credential = today.certificate_of("alice@contoso.example");
    settings.clock_offset_s = 400LL * 86400;
    test_pool later(settings);
    later.pool->publish_certificate(credential.facts.sha256, "alice@contoso.example");
    client alice(later, "alice@contoso.example");
    const auto answer = alice.shake_hands(credential);
    CHECK(answer.status == 401);
    CHECK(diagnostic_of(answer) == 1000);
}
