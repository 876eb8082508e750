// GetAndPublishCert (MS-OCAUTHWS 3.4): the request, signed with the ticket's proof key, and its answer.

#include "auth/signature.hpp"
#include "auth/web_ticket.hpp"
#include "sip/encoding.hpp"
#include "sip/xml.hpp"

namespace ucsignin::auth {
namespace {

using sip::xml::escape;

constexpr std::string_view envelope_start = R"(<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">)";
constexpr std::string_view timestamp_start =
    R"(<wsu:Timestamp xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" wsu:Id="timestamp">)";
constexpr std::string_view timestamp_end = "</wsu:Timestamp>";

// Canonical already: no blanks between elements, end tags everywhere, the namespace on the element itself.
constexpr std::string_view signed_info_start =
    R"(<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></CanonicalizationMethod><SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"></SignatureMethod><Reference URI="#timestamp"><Transforms><Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"></DigestMethod><DigestValue>)";
constexpr std::string_view signed_info_end = "</DigestValue></Reference></SignedInfo>";

struct timestamp {
    std::string text;       // as it goes into the document
    std::string canonical;  // what the digest is made of
};

std::optional<timestamp> canonical_timestamp(std::string_view inner) {
    timestamp out{std::string(timestamp_start).append(inner).append(timestamp_end), {}};
    const auto document = sip::xml::document::read(out.text, sip::xml::limits::ticket);
    if (!document || !document->root().child("Expires")) return std::nullopt;  // its prefix was declared further out
    out.canonical = sip::xml::canonical(document->root());
    return out;
}

// The server's own Lifetime, byte for byte; with other words only where its prefixes mean nothing outside its document.
timestamp timestamp_of(const web_ticket& ticket) {
    if (auto verbatim = canonical_timestamp(ticket.lifetime_inner)) return std::move(*verbatim);
    const auto value = [&](std::string_view name) {
        const auto start = ticket.lifetime_inner.find('>', ticket.lifetime_inner.find(name));
        const auto end = ticket.lifetime_inner.find('<', start == std::string::npos ? 0 : start);
        return start == std::string::npos || end == std::string::npos
                   ? std::string{}
                   : ticket.lifetime_inner.substr(start + 1, end - start - 1);
    };
    auto rewritten = canonical_timestamp(
        "<wsu:Created>" + value("Created") + "</wsu:Created><wsu:Expires>" + value("Expires") + "</wsu:Expires>");
    return rewritten ? std::move(*rewritten) : timestamp{};
}

std::string signature_xml(const timestamp& over, const web_ticket& ticket) {
    const auto info = std::string(signed_info_start) + sip::base64(sip::sha1(over.canonical)) +
                      std::string(signed_info_end);
    const auto mac = sip::from_hex(hmac_hex(hash::sha1, ticket.proof_key, info)).value_or("");
    return "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">" + info + "<SignatureValue>" + sip::base64(mac) +
           "</SignatureValue><KeyInfo><wsse:SecurityTokenReference "
           "wsse:TokenType=\"http://docs.oasis-open.org/wss/"
           "oasis-wss-saml-token-profile-1.1#SAMLV1.1\"><wsse:KeyIdentifier "
           "ValueType=\"http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID\">" +
           escape(ticket.assertion_id) + "</wsse:KeyIdentifier></wsse:SecurityTokenReference></KeyInfo></Signature>";
}

std::string header_xml(const certificate_order& order, const web_ticket& ticket) {
    const auto time = timestamp_of(ticket);
    return "<soap:Header><wsa:To>" + escape(order.url) +
           "</wsa:To><wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></"
           "wsa:ReplyTo>"
           "<wsa:MessageID>uuid:" +
           escape(order.request_id) +
           "</wsa:MessageID><wsa:Action>http://schemas.microsoft.com/OCS/AuthWebServices/GetAndPublishCert</wsa:Action>"
           "<wsse:Security>" +
           time.text + ticket.assertion.reveal() + (order.sign ? signature_xml(time, ticket) : "") +
           "</wsse:Security></soap:Header>";
}

std::string body_xml(const certificate_order& order) {
    return "<soap:Body><GetAndPublishCert xmlns=\"http://schemas.microsoft.com/OCS/AuthWebServices/\" "
           "xmlns:wst=\"http://docs.oasis-open.org/ws-sx/ws-trust/200512/\" "
           "xmlns:wstep=\"http://schemas.microsoft.com/windows/pki/2009/01/enrollment\" DeviceId=\"{" +
           escape(order.instance) + "}\" Entity=\"" + escape(order.user) +
           "\"><wst:RequestSecurityToken><wst:TokenType>http://docs.oasis-open.org/wss/2004/01/"
           "oasis-200401-wss-x509-token-profile-1.0#X509v3</wst:TokenType>"
           "<wst:RequestType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</wst:RequestType>"
           "<wsse:BinarySecurityToken ValueType=\"http://schemas.microsoft.com/OCS/AuthWebServices.xsd#PKCS10\" "
           "EncodingType=\"http://docs.oasis-open.org/wss/2004/01/"
           "oasis-200401-wss-wssecurity-secext-1.0.xsd#Base64Binary\">" +
           sip::base64(order.csr_der) + "</wsse:BinarySecurityToken><wstep:RequestID>" + escape(order.request_id) +
           "</wstep:RequestID></wst:RequestSecurityToken></GetAndPublishCert></soap:Body>";
}

}  // namespace

secret certificate_order_xml(const certificate_order& order, const web_ticket& ticket) {
    return secret(std::string(envelope_start) + header_xml(order, ticket) + body_xml(order) + "</soap:Envelope>");
}

std::expected<std::string, parse_error> parse_certificate_response(std::string_view text) {
    const auto document = sip::xml::document::read(text, sip::xml::limits::ticket);
    if (!document) return std::unexpected(document.error());
    const auto token = document->root()
                           .descendant("GetAndPublishCertResponse")
                           .descendant("RequestedSecurityToken")
                           .child("BinarySecurityToken");
    if (!token) return std::unexpected(parse_error{0, "no BinarySecurityToken"});
    auto der = sip::from_base64(token.text());
    if (!der || der->empty()) return std::unexpected(parse_error{0, "BinarySecurityToken is not Base64"});
    return std::move(*der);
}

}  // namespace ucsignin::auth
