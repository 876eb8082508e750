// RequestSecurityToken and its response (WS-Trust 1.3 with SAML 1.1, MS-OCAUTHWS 3.2).

#include "auth/web_ticket.hpp"

#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

#include "auth/xml_ranges.hpp"
#include "sip/encoding.hpp"
#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::auth {
namespace {

using sip::xml::element;
using sip::xml::escape;

std::unexpected<parse_error> fail(std::string what) { return std::unexpected(parse_error{0, std::move(what)}); }

std::string hmac_sha1(const std::string& key, const std::string& text) {
    std::string mac(20, '\0');
    unsigned int size = 20;
    if (HMAC(
            EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
            text.size(), reinterpret_cast<unsigned char*>(mac.data()), &size) == nullptr)
        throw std::runtime_error("OpenSSL refuses an HMAC");
    return mac;
}

constexpr std::string_view request_start = R"(<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wst="http://docs.oasis-open.org/ws-sx/ws-trust/200512" xmlns:auth="http://schemas.xmlsoap.org/ws/2006/12/authorization" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">)";

std::string security_header(const ticket_request& from) {
    if (from.username.empty()) return {};
    return "<soap:Header><wsse:Security soap:mustUnderstand=\"1\"><wsse:UsernameToken><wsse:Username>" +
           escape(from.username) +
           "</wsse:Username><wsse:Password Type=\"http://docs.oasis-open.org/wss/2004/01/"
           "oasis-200401-wss-username-token-profile-1.0#PasswordText\">" +
           escape(from.password.reveal()) + "</wsse:Password></wsse:UsernameToken></wsse:Security></soap:Header>";
}

// The server's entropy; RequestedProofToken may bring the whole key instead.
void read_keys(const element& response, const secret& client_entropy, web_ticket& into) {
    const auto server = sip::from_base64(response.child("Entropy").child("BinarySecret").text()).value_or("");
    const auto whole =
        sip::from_base64(response.child("RequestedProofToken").child("BinarySecret").text()).value_or("");
    into.server_entropy = secret(server);
    if (!whole.empty()) into.proof_key = secret(whole);
    else if (!server.empty())
        into.proof_key = p_sha1(client_entropy, into.server_entropy, client_entropy.reveal().size());
}

}  // namespace

secret ticket_request_xml(const ticket_request& from) {
    return secret(
        std::string(request_start) + security_header(from) + "<soap:Body><wst:RequestSecurityToken Context=\"" +
        escape(from.context) +
        "\"><wst:TokenType>http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1</wst:TokenType>"
        "<wst:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</wst:RequestType>"
        "<wsp:AppliesTo><wsa:EndpointReference><wsa:Address>" +
        escape(from.applies_to) +
        "</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>"
        "<wst:Claims Dialect=\"urn:component:Microsoft.Rtc.WebAuthentication.2010:authclaims\">"
        "<auth:ClaimType Uri=\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri\" "
        "Optional=\"false\"><auth:Value>" +
        escape(from.sip_uri) + "</auth:Value></auth:ClaimType></wst:Claims><wst:Entropy><wst:BinarySecret>" +
        sip::base64(from.entropy.reveal()) +
        "</wst:BinarySecret></wst:Entropy>"
        "<wst:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/SymmetricKey</wst:KeyType>"
        "</wst:RequestSecurityToken></soap:Body></soap:Envelope>");
}

secret web_ticket::header_value() const { return secret("opaque=" + sip::base64(assertion.reveal())); }

std::expected<web_ticket, parse_error> parse_ticket_response(std::string_view text, const secret& client_entropy) {
    const auto document = sip::xml::document::read(text, sip::xml::limits::ticket);
    if (!document) return std::unexpected(document.error());
    const auto response = document->root().name() == "RequestSecurityTokenResponse"
                              ? document->root()
                              : document->root().descendant("RequestSecurityTokenResponse");
    if (!response) return fail("no RequestSecurityTokenResponse");
    const auto token = find_element(text, "RequestedSecurityToken");
    const auto assertion = find_element(token ? token->inner : std::string_view{}, "Assertion");
    if (!assertion) return fail("no Assertion in RequestedSecurityToken");
    // Beside the token: an assertion may hold anything.
    const auto after = text.substr(static_cast<std::size_t>(token->outer.data() - text.data()) + token->outer.size());
    const auto before = text.substr(0, static_cast<std::size_t>(token->outer.data() - text.data()));
    auto lifetime = find_element(after, "Lifetime");
    if (!lifetime) lifetime = find_element(before, "Lifetime");
    const auto times = response.child("Lifetime");
    const auto created = trace::parse_iso_time(times.child("Created").text()),
               expires = trace::parse_iso_time(times.child("Expires").text());
    if (!lifetime || !expires) return fail("no Lifetime with a time in Expires");
    web_ticket out;
    out.assertion = secret(std::string(assertion->outer));
    const auto node = response.child("RequestedSecurityToken").child("Assertion");
    out.assertion_id = node.attribute("AssertionID").empty() ? node.attribute("ID") : node.attribute("AssertionID");
    out.lifetime_inner = std::string(lifetime->inner);
    out.created = created.value_or(0);
    out.expires = *expires;
    read_keys(response, client_entropy, out);
    return out;
}

// RFC 5246 5 with SHA-1 and without a label.
secret p_sha1(const secret& key, const secret& seed, std::size_t length) {
    std::string out, a = seed.reveal();
    while (out.size() < length) {
        a = hmac_sha1(key.reveal(), a);
        out += hmac_sha1(key.reveal(), a + seed.reveal());
    }
    out.resize(length);
    return secret(std::move(out));
}

secret random_secret(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw std::runtime_error("no random numbers");
    return secret(std::move(bytes));
}

}  // namespace ucsignin::auth
