#include "signin/base/ticket_login.hpp"

#include <catch2/catch.hpp>

using namespace ucsignin;
using auth::use_end;
using signin::judge_answer;

namespace {

signin::web_answer answered(int status, std::string body = {}) {
    signin::web_answer a;
    a.response = net::http::response{status, {}, {}, std::move(body)};
    return a;
}

std::string fault(const std::string& code, int id) {
    return R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>)" + code +
           "</faultcode><faultstring>No.</faultstring><detail><OCSDiagnosticsFault "
           "xmlns=\"urn:component:Microsoft.Rtc.WebAuthentication.2010\">"
           "<Ms-Diagnostics-Fault><ErrorId>" +
           std::to_string(id) +
           "</ErrorId></Ms-Diagnostics-Fault></OCSDiagnosticsFault></detail></s:Fault></s:Body></s:Envelope>";
}

}  // namespace

TEST_CASE("what an answer to the password means for the ledger", "[signin][ledger]") {
    CHECK(judge_answer(answered(200)) == use_end::accepted);
    CHECK(judge_answer(answered(401)) == use_end::refused);
    CHECK(judge_answer(answered(500, fault("wsse:FailedAuthentication", 28020))) == use_end::refused);
    CHECK(judge_answer(answered(500, fault("wsse:InvalidSecurityToken", 0))) == use_end::refused);
    for (const int status : {301, 403, 404, 500, 502, 503}) {
        CAPTURE(status);
        CHECK(judge_answer(answered(status)) == use_end::unjudged);
    }
    CHECK(judge_answer(answered(500, fault("s:Receiver", 5000))) == use_end::unjudged);
    CHECK(
        judge_answer(signin::web_answer{std::unexpected(signin::web_error{"closed", "closed", 0}), std::nullopt}) ==
        use_end::unjudged);
}
