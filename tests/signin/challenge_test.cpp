#include <catch2/catch.hpp>

#include "reached.hpp"
#include "signin/registration/challenge.hpp"

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

static const std::string dsk = R"(TLS-DSK realm="SIP Communications Service", targetname="FE01.contoso.example", version=4, sts-uri="https://webext.contoso.example:443/CertProv/CertProvisioningService.svc")";
static const std::string ntlm = R"(NTLM realm="SIP Communications Service", targetname="FE01.contoso.example", version=4)";
static const std::string kerberos = R"(Kerberos realm="SIP Communications Service", targetname="sip/FE01.contoso.example", version=4)";
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
    CHECK(challenge_branch(schemes_of(m)) == branch);
    tests::reached("registration.challenge", branch);
}

TEST_CASE("the challenge is named after the best scheme in it") {
    check_challenge({ntlm, kerberos, dsk}, "tls_dsk");
    check_challenge({ntlm, kerberos}, "kerberos");
    check_challenge({ntlm}, "ntlm");
    check_challenge({digest}, "others_only");
    check_challenge({}, "others_only");
}

TEST_CASE("TLS-DSK is taken when it can be used, and every other scheme has a reason") {
    const auto offered = schemes_of(answer(401, {{"WWW-Authenticate", ntlm}, {"WWW-Authenticate", dsk}}));
    const auto choice = choose_scheme(offered, auth_choice::automatic, true);
    REQUIRE(choice.taken);
    CHECK(choice.taken->scheme == "TLS-DSK");
    REQUIRE(choice.decision.considered.size() == 2);
    for (const auto& option : choice.decision.considered) CHECK_FALSE(option.why.empty());
    tests::reached("registration.scheme", "tls_dsk");
    CHECK_FALSE(choose_scheme(offered, auth_choice::automatic, false).taken);
    CHECK_FALSE(choose_scheme(offered, auth_choice::ntlm, true).taken);
    tests::reached("registration.scheme", "none");
}

static void check_service(const sip::message& m, std::string_view branch) {
    CHECK(judge_service(m).branch == branch);
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
    CHECK(judge_service(net::error{net::fault::protocol, "HTTP/1.1 400 Bad Request"})->branch == "http");
    CHECK(judge_service(net::error{net::fault::protocol, "220 mail"})->branch == "something_else");
    CHECK_FALSE(judge_service(net::error{net::fault::timed_out, "no answer"}));
    tests::reached("connection.service", "http");
    tests::reached("connection.service", "something_else");
}
