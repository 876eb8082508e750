#pragma once
// Answers of the web services: SOAP 1.1 envelopes and faults with OCSDiagnosticsFault (MS-OCAUTHWS, part 01
// section 7.10).

#include <string>
#include <string_view>

#include "lab/pool_state.hpp"
#include "net/http.hpp"

namespace ucsignin::lab {

struct soap_refusal {
    std::string code = "wsse:FailedAuthentication";  // faultcode; the prefix is declared when it is wsse or wst
    std::string text;                                // faultstring
    int error_id = 28020;
    std::string reason;  // "" for the text
    int status = 500;
};
// The fault as body and as X-MS-diagnostics header, which ends after the reason as real ones do (part 01 section 7.10).
[[nodiscard]] net::http::response soap_fault_answer(const pool_state&, const soap_refusal&);
// 200 with `body` in an envelope that declares wsu (and nothing below it has to).
[[nodiscard]] net::http::response soap_answer(std::string_view body);
// The first of that name, "" when absent.
[[nodiscard]] std::string header_of(const net::http::fields& headers, std::string_view name);
[[nodiscard]] net::http::response plain_answer(int status, std::string type = {}, std::string body = {});

// What a rule asks for, when it asks for a refusal at all.
[[nodiscard]] std::optional<net::http::response> refused_by(const pool_state&, const soap_rule* rule);
[[nodiscard]] std::string web_host(const pool_settings&);  // of the side on which this pool's users are

}  // namespace ucsignin::lab
