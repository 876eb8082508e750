#include "lab/web_services_ticket.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lab/web_services_soap.hpp"
#include "net/http.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/xml.hpp"
#include "trace/dates.hpp"

namespace ucsignin::lab {
namespace {

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(digest)), '\0');
    unsigned length = 0;
    HMAC(
        digest, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
        text.size(), reinterpret_cast<unsigned char*>(out.data()), &length);
    return out;
}

std::string seal(const pool_state& pool, sip::xml::element assertion) {
    const auto signature = assertion.child("Signature");
    return sip::base64(hmac(EVP_sha256(), pool.ticket_key().reveal(), sip::xml::canonical(assertion, signature)));
}

std::string assertion_text(const ticket& record, const std::string& issuer, const std::string& sealed) {
    const std::string signature = fmt::format(
        R"(<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/><SignatureValue>{}</SignatureValue></Signature>)",
        sealed);
    return fmt::format(
        R"(<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion" MajorVersion="1" MinorVersion="1" AssertionID="{0}" Issuer="https://{1}/" IssueInstant="{2}">)"
        R"(<saml:Conditions NotBefore="{2}" NotOnOrAfter="{3}"><saml:AudienceRestrictionCondition><saml:Audience>{4}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>)"
        R"(<saml:AuthenticationStatement AuthenticationMethod="urn:federation:authentication:windows" AuthenticationInstant="{2}"><saml:Subject>)"
        R"(<saml:NameIdentifier Format="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/uri">sip:{5}</saml:NameIdentifier>)"
        R"(<saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:holder-of-key</saml:ConfirmationMethod></saml:SubjectConfirmation>)"
        R"(</saml:Subject></saml:AuthenticationStatement>{6}</saml:Assertion>)",
        record.id, issuer, trace::iso_time(record.created), trace::iso_time(record.expires),
        sip::xml::escape(record.audience), sip::xml::escape(record.user), signature);
}

// Host and path of two URLs; port and scheme are written differently by different clients.
bool same_place(std::string_view a, std::string_view b, ticket_scope scope) {
    const auto first = net::http::parse_url(a), second = net::http::parse_url(b);
    const auto path = [](const std::string& target) {
        return sip::lower(std::string_view(target).substr(0, target.find('?')));
    };
    return first && second && first->host == second->host &&
           (scope == ticket_scope::host || path(first->target) == path(second->target));
}

}  // namespace

std::string hmac_sha1(std::string_view key, std::string_view text) { return hmac(EVP_sha1(), key, text); }

std::string proof_key(const std::string& client_entropy, const std::string& server_entropy) {
    std::string out, a = server_entropy;
    while (out.size() < client_entropy.size()) {
        a = hmac_sha1(client_entropy, a);
        out += hmac_sha1(client_entropy, a + server_entropy);
    }
    return out.substr(0, client_entropy.size());
}

issued_ticket issue_ticket(
    pool_state& pool, const std::string& user, const std::string& audience, const std::string& client_entropy,
    std::int64_t created, std::int64_t expires) {
    issued_ticket out;
    out.server_entropy = *sip::from_hex(sip::random_hex(32));
    out.record = {
        "SamlSecurityToken-" + sip::random_hex(16),
        user,
        audience,
        created,
        expires,
        auth::secret(proof_key(client_entropy, out.server_entropy))};
    const std::string& issuer = pool.settings().pool;
    const auto draft = sip::xml::document::read(assertion_text(out.record, issuer, ""), sip::xml::limits::request);
    out.assertion = assertion_text(out.record, issuer, seal(pool, draft->root()));
    pool.keep(out.record);
    return out;
}

std::expected<ticket, ticket_fault> check_ticket(
    pool_state& pool, sip::xml::element assertion, std::string_view url, ticket_scope scope) {
    if (assertion.name() != "Assertion") return std::unexpected(ticket_fault::invalid);
    const ticket* known = pool.find_ticket(assertion.attribute("AssertionID"));
    const std::string said = assertion.child("Signature").child("SignatureValue").text();
    if (!known || said != seal(pool, assertion)) return std::unexpected(ticket_fault::invalid);
    if (pool.now() >= known->expires || pool.now() + 300 < known->created)
        return std::unexpected(ticket_fault::expired);
    if (!same_place(known->audience, url, scope)) return std::unexpected(ticket_fault::wrong_audience);
    return *known;
}

std::expected<ticket, ticket_fault> ticket_in_header(
    pool_state& pool, const net::http::request& request, std::string_view url, ticket_scope scope) {
    constexpr std::string_view mark = "opaque=";
    const std::string header = header_of(request.headers, "X-MS-WebTicket");
    const auto at = header.find(mark);
    if (at == std::string::npos) return std::unexpected(ticket_fault::missing);
    const auto text = sip::from_base64(std::string_view(header).substr(at + mark.size()));
    const auto document = sip::xml::document::read(text.value_or(""), sip::xml::limits::request);
    if (!document) return std::unexpected(ticket_fault::invalid);
    return check_ticket(pool, document->root(), url, scope);
}

net::http::response ask_for_ticket(const pool_state& pool, ticket_fault why) {
    net::http::response out = plain_answer(401);
    out.headers.emplace_back(
        "X-MS-WebTicketURL", fmt::format("https://{}/WebTicket/WebTicketService.svc", web_host(pool.settings())));
    out.headers.emplace_back("X-MS-WebTicketSupported", "cwt,saml");
    out.headers.emplace_back("X-MS-Server-Fqdn", pool.settings().pool);
    if (why != ticket_fault::missing)
        out.headers.emplace_back(
            "X-MS-diagnostics",
            fmt::format(R"({};source="{}";reason="{}")", error_id(why), pool.settings().pool, reason_of(why)));
    return out;
}

int error_id(ticket_fault fault) {
    switch (fault) {
        case ticket_fault::missing:
        case ticket_fault::invalid: return 28032;
        case ticket_fault::expired: return 28033;
        case ticket_fault::wrong_audience: return 28077;
    }
    return 0;
}

std::string_view reason_of(ticket_fault fault) {
    switch (fault) {
        case ticket_fault::missing:
        case ticket_fault::invalid: return "The web ticket is invalid.";
        case ticket_fault::expired: return "The web ticket has expired.";
        case ticket_fault::wrong_audience: return "Invalid Audience in the web ticket.";
    }
    return "";
}

}  // namespace ucsignin::lab
