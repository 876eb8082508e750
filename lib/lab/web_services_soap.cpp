#include "lab/web_services_soap.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/placeholders.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

constexpr std::string_view utility =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

std::string envelope(std::string_view body) {
    return fmt::format(
        R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsu="{}"><s:Body>{}</s:Body></s:Envelope>)",
        utility, body);
}

std::string_view reason_of_status(int status) {
    switch (status) {
        case 200: return "OK";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Answer";
    }
}

}  // namespace

std::string header_of(const net::http::fields& headers, std::string_view name) {
    const auto found = std::ranges::find_if(headers, [&](const auto& one) { return sip::same_word(one.first, name); });
    return found == headers.end() ? std::string() : found->second;
}

net::http::response plain_answer(int status, std::string type, std::string body) {
    net::http::response out;
    out.status = status;
    out.reason = reason_of_status(status);
    if (!type.empty()) out.headers.emplace_back("Content-Type", std::move(type));
    out.body = std::move(body);
    return out;
}

net::http::response soap_answer(std::string_view body) {
    return plain_answer(200, "text/xml; charset=utf-8", envelope(body));
}

net::http::response soap_fault_answer(const pool_state& pool, const soap_refusal& refusal) {
    const std::string reason = refusal.reason.empty() ? refusal.text : refusal.reason;
    const std::string detail =
        refusal.error_id == 0
            ? std::string()
            : fmt::format(
                  R"(<detail><OCSDiagnosticsFault xmlns="urn:component:Microsoft.Rtc.WebAuthentication.2010"><Ms-Diagnostics-Fault><ErrorId>{}</ErrorId><Reason>{}</Reason></Ms-Diagnostics-Fault><NameValuePairs/></OCSDiagnosticsFault></detail>)",
                  refusal.error_id, sip::xml::escape(reason));
    auto out = plain_answer(
        refusal.status, "text/xml; charset=utf-8",
        envelope(fmt::format(
            R"(<s:Fault><faultcode xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512">{}</faultcode><faultstring xml:lang="en">{}</faultstring>{}</s:Fault>)",
            sip::xml::escape(refusal.code), sip::xml::escape(refusal.text), detail)));
    if (refusal.error_id != 0)
        out.headers.emplace_back(
            "X-MS-diagnostics",
            fmt::format(R"({};source="{}";reason="{}")", refusal.error_id, pool.settings().pool, reason));
    return out;
}

std::optional<net::http::response> refused_by(const pool_state& pool, const soap_rule* rule) {
    if (!rule) return std::nullopt;
    if (!rule->fault_code.empty() || !rule->fault_text.empty() || rule->error_id != 0) {
        const std::int64_t now = pool.real_now();
        soap_refusal refusal{
            rule->fault_code, fill_in(rule->fault_text, now), rule->error_id, fill_in(rule->reason, now),
            rule->status ? rule->status : 500};
        if (refusal.code.empty()) refusal.code = "wsse:FailedAuthentication";
        return soap_fault_answer(pool, refusal);
    }
    if (rule->status == 0 || rule->status == 200) return std::nullopt;
    return plain_answer(rule->status);
}

std::string web_host(const pool_settings& settings) {
    return settings.edge ? settings.web_external : settings.web_internal;
}

}  // namespace ucsignin::lab
