#include <catch2/catch.hpp>

#include "options.hpp"
#include "reached.hpp"
#include "signin/registration/challenge.hpp"
#include "sip/connection.hpp"

using namespace ucsignin;
using namespace ucsignin::signin::registration;
using signin::auth_choice;

static sip::message answer(int status, std::vector<std::pair<std::string, std::string>> headers) {
    sip::message m;
    m.status = status;
    m.reason = "Some Reason";
    m.headers = std::move(headers);
    return m;
}

static const std::string dsk =
    R"(TLS-DSK realm="SIP Communications Service", targetname="FE01.contoso.example", version=4, sts-uri="https://webext.contoso.example:443/CertProv/CertProvisioningService.svc")";
static const std::string ntlm =
    R"(NTLM realm="SIP Communications Service", targetname="FE01.contoso.example", version=4)";
static const std::string kerberos =
    R"(Kerberos realm="SIP Communications Service", targetname="sip/FE01.contoso.example", version=4)";
static const std::string digest = R"(Digest realm="contoso.example", nonce="abc")";

TEST_CASE("the schemes of a challenge are read with their parameters, in order") {
    const auto offered = schemes_of(answer(401, {{"WWW-Authenticate", ntlm}, {"WWW-Authenticate", dsk}}));
    REQUIRE(offered.size() == 2);
    CHECK(offered[0].scheme == "NTLM");
    CHECK(offered[1].targetname == "FE01.contoso.example");
    CHECK(offered[1].version == 4);
    CHECK(offered[1].sts_uri == "https://webext.contoso.example:443/CertProv/CertProvisioningService.svc");
}

static void check_challenge(std::vector<std::string> headers, std::string_view branch) {
    auto m = answer(401, {});
    for (auto& h : headers) m.add("WWW-Authenticate", std::move(h));
    CHECK(challenge_branch(schemes_of(m)).name() == branch);
    tests::reached("registration.challenge", branch);
}

TEST_CASE("the challenge is named after the best scheme in it") {
    check_challenge({ntlm, kerberos, dsk}, "tls_dsk");
    check_challenge({ntlm, kerberos}, "kerberos");
    check_challenge({ntlm}, "ntlm");
    check_challenge({digest}, "others_only");
    check_challenge({}, "others_only");
}

static void check_choice(
    std::vector<std::string> headers, auth_choice wanted, bool has_password, std::string_view branch,
    const std::vector<failed_scheme>& failed = {}) {
    auto m = answer(401, {});
    for (auto& h : headers) m.add("WWW-Authenticate", std::move(h));
    const auto choice = choose_scheme(schemes_of(m), wanted, has_password, failed);
    CHECK(scheme_branch(choice.taken).name() == branch);
    REQUIRE(choice.decision.considered.size() == headers.size());
    for (const auto& option : choice.decision.considered) CHECK_FALSE(option.why.empty());
    tests::reached("registration.scheme", branch);
}

TEST_CASE("schemes are taken in the client's order, and each has its reason") {
    check_choice({ntlm, kerberos, dsk}, auth_choice::automatic, true, "tls_dsk");
    check_choice({ntlm, kerberos}, auth_choice::automatic, true, "kerberos");
    check_choice({ntlm}, auth_choice::automatic, true, "ntlm");
    check_choice({ntlm, dsk}, auth_choice::ntlm, true, "ntlm");
    check_choice({ntlm, kerberos, dsk}, auth_choice::kerberos, true, "kerberos");
    check_choice({digest}, auth_choice::automatic, true, "none");
    check_choice({ntlm}, auth_choice::tls_dsk, true, "none");
}

TEST_CASE("without a password only a ticket is left; without a ticket the next scheme has its turn") {
    check_choice({ntlm, dsk}, auth_choice::automatic, false, "none");
    check_choice({ntlm, kerberos, dsk}, auth_choice::automatic, false, "kerberos");
    check_choice({ntlm, kerberos}, auth_choice::automatic, true, "ntlm", {{"Kerberos", "no ticket"}});
    check_choice({kerberos}, auth_choice::automatic, true, "none", {{"Kerberos", "no ticket"}});
}

static void check_service(const sip::message& m, std::string_view branch) {
    CHECK(judge_service(m).branch.name() == branch);
    tests::reached("connection.service", branch);
}

TEST_CASE("a registrar of Skype for Business is known by its schemes or its name") {
    check_service(answer(401, {{"WWW-Authenticate", ntlm}}), "yes");
    check_service(answer(503, {{"Server", "RTC/6.0"}}), "yes");
    check_service(answer(403, {{"ms-diagnostics", "4003;reason=\"x\""}, {"Server", "Proxy"}}), "yes");
    check_service(answer(504, {}), "yes");
}

TEST_CASE("another SIP server is told by name and by what it offers") {
    const auto kamailio = answer(401, {{"Server", "kamailio (5.6.3 (x86_64/linux))"}, {"WWW-Authenticate", digest}});
    check_service(kamailio, "other_sip");
    CHECK(judge_service(kamailio).why.find("Digest") != std::string::npos);
    CHECK(judge_service(kamailio).why.find("kamailio") != std::string::npos);
    check_service(answer(404, {{"Server", "Asterisk PBX"}}), "other_sip");
}

TEST_CASE("what is no SIP is told from silence") {
    CHECK(judge_service(net::error{net::fault::protocol, "unreadable", sip::came_http})->branch.name() == "http");
    CHECK(
        judge_service(net::error{net::fault::protocol, "unreadable", sip::came_other})->branch.name() ==
        "something_else");
    CHECK(judge_service(net::error{net::fault::protocol, "unreadable", sip::came_sip})->branch.name() == "yes");
    CHECK_FALSE(judge_service(net::error{net::fault::timed_out, "no answer"}));
    tests::reached("connection.service", "http");
    tests::reached("connection.service", "something_else");
}

TEST_CASE("a Via may come back with more parameters, not with another sender or branch") {
    constexpr auto sent = "SIP/2.0/TLS 192.0.2.2:50000;branch=z9hG4bKabc";
    CHECK_FALSE(via_is_changed(sent, sent));
    CHECK_FALSE(via_is_changed(
        sent, "SIP/2.0/TLS 192.0.2.2:50000;branch=z9hG4bKabc;received=198.51.100.7;ms-received-port=1024"));
    CHECK_FALSE(via_is_changed(sent, "SIP/2.0/TLS 192.0.2.2:50000;received=198.51.100.7;branch=z9hG4bKabc"));
    CHECK_FALSE(via_is_changed(sent, ""));
    CHECK(via_is_changed(sent, "SIP/2.0/TLS 198.51.100.7:1024;branch=z9hG4bKabc"));
    CHECK(via_is_changed(sent, "SIP/2.0/TLS 192.0.2.2:50000;branch=z9hG4bKother"));
    CHECK(via_is_changed(sent, "SIP/2.0/TLS 192.0.2.2:50000"));
}

TEST_CASE("a scheme that can't be taken leaves its place to the next, and says why") {
    const auto offered = schemes_of(answer(401, {{"WWW-Authenticate", ntlm}, {"WWW-Authenticate", dsk}}));
    const auto both = choose_scheme(offered, auth_choice::automatic, true).decision;
    CHECK(both.chosen == "TLS-DSK");
    CHECK(tests::why(both, "NTLM") == "after TLS-DSK in the client's order");
    const auto by_hand = choose_scheme(offered, auth_choice::ntlm, true).decision;
    CHECK(by_hand.chosen == "NTLM");
    CHECK(tests::why(by_hand, "TLS-DSK") == "--auth asks for another");
    const auto none = withhold(choose_scheme(offered, auth_choice::automatic, true), "nobody named it");
    CHECK_FALSE(none.taken);
    CHECK(none.decision.chosen == "");
    CHECK(tests::why(none.decision, "TLS-DSK") == "no credentials go there: nobody named it");
}
