// SOAP faults: 1.1 and 1.2, with OCSDiagnosticsFault (MS-OCAUTHWS 2.2.3) or the inner error of an outside STS.

#include "auth/web_ticket.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"

namespace ucsignin::auth {
namespace {

using sip::xml::element;

std::string local_name(const std::string& qualified) { return qualified.substr(qualified.find(':') + 1); }

// SOAP 1.2 nests the code that says something: Code/Subcode/Subcode/Value.
std::string innermost_code(element code) {
    while (code.child("Subcode")) code = code.child("Subcode");
    return code.child("Value").text();
}

}  // namespace

std::optional<soap_fault> parse_fault(std::string_view text) {
    const auto document = sip::xml::document::read(text, sip::xml::limits::fault);
    if (!document) return std::nullopt;
    const auto root = document->root();
    const auto fault = root.name() == "Fault" ? root : root.child("Body").child("Fault");
    if (!fault) return std::nullopt;
    soap_fault out;
    const auto code = fault.child("faultcode");
    out.code = local_name(code ? code.text() : innermost_code(fault.child("Code")));
    const auto words = fault.child("faultstring");
    out.text = words ? words.text() : fault.child("Reason").child("Text").text();
    const auto detail = fault.child("detail") ? fault.child("detail") : fault.child("Detail");
    out.error_id = sip::to_number<int>(detail.descendant("ErrorId").text()).value_or(0);
    const auto reason = detail.descendant("Reason");
    out.reason = reason ? reason.text() : detail.descendant("internalerror").child("text").text();
    return out;
}

}  // namespace ucsignin::auth
