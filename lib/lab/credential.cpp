#include "lab/credential.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lab/ntlm_acceptor.hpp"
#include "lab/ntlm_primitives.hpp"
#include "lab/username_token.hpp"
#include "net/http.hpp"
#include "sip/encoding.hpp"
#include "sip/lexical.hpp"
#include "sip/message.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {
namespace {

using namespace std::string_view_literals;
using found = std::vector<credential>;

// clang-format off
constexpr std::array<std::pair<credential, std::string_view>, 13> words = {{
    {credential::ntlm_negotiate, "ntlm_negotiate"}, {credential::ntlm, "ntlm"}, {credential::kerberos, "kerberos"}, {credential::basic, "basic"},
    {credential::bearer, "bearer"}, {credential::username_token, "username_token"}, {credential::username_token_base64, "username_token_base64"},
    {credential::web_ticket, "web_ticket"}, {credential::certificate, "certificate"}, {credential::signature, "signature"},
    {credential::other, "other"}, {credential::spnego, "spnego"}, {credential::opening, "opening"}}};
// clang-format on

constexpr std::size_t record_header = 5, message_header = 4;
constexpr char handshake_record = 22, certificate_message = 11;

// An AP-REQ behind its mechanism (RFC 4121 4.1): where SPNEGO only lists mechanisms, other bytes follow the OID.
constexpr std::string_view kerberos_request = "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01\x00"sv;
constexpr std::string_view spnego_mechanism = "\x06\x06\x2b\x06\x01\x05\x05\x02"sv;

// A GSS token of either scheme: NTLM, Kerberos, or SPNEGO around one of them.
found kinds_of_token(std::string_view token) {
    const std::string_view message = ntlm_message_in(token);
    found out;
    if (token.starts_with('\xa1') || token.find(spnego_mechanism) < 16 ||
        (!message.empty() && message.size() < token.size()))
        out.push_back(credential::spnego);
    if (const auto type = number_at(message, 8, 4); type == 1 || type == 3)
        out.push_back(type == 1 ? credential::ntlm_negotiate : credential::ntlm);
    else
        out.push_back(
            token.find(kerberos_request) != std::string_view::npos ? credential::kerberos : credential::other);
    return out;
}

// `Authorization: SCHEME TOKEN`; a scheme alone asks for a challenge.
found kinds_of_authorization(std::string_view value) {
    value = sip::trim(value);
    const auto blank = std::min(value.find(' '), value.size());
    const auto scheme = value.substr(0, blank), token = sip::trim(value.substr(blank));
    if (token.empty()) return {credential::opening};
    if (sip::same_word(scheme, "Basic")) return {credential::basic};
    if (sip::same_word(scheme, "Bearer")) return {credential::bearer};
    if (!sip::same_word(scheme, "NTLM") && !sip::same_word(scheme, "Negotiate") && !sip::same_word(scheme, "Kerberos"))
        return {credential::other};
    return kinds_of_token(sip::from_base64(token).value_or(""));
}

// The client's second flight holds its certificate in the clear, up to TLS 1.2; a list without one has three bytes.
bool holds_certificate(std::string_view flight) {
    std::string messages;
    while (flight.size() > record_header && flight[0] == handshake_record) {
        const std::size_t length = std::size_t{static_cast<unsigned char>(flight[3])} << 8 |
                                   static_cast<unsigned char>(flight[4]);
        messages += flight.substr(record_header, length);
        flight.remove_prefix(std::min(flight.size(), record_header + length));
    }
    std::string_view left = messages;
    while (left.size() > message_header) {
        const std::size_t length = std::size_t{static_cast<unsigned char>(left[1])} << 16 |
                                   std::size_t{static_cast<unsigned char>(left[2])} << 8 |
                                   static_cast<unsigned char>(left[3]);
        if (left[0] == certificate_message) return length > 3;
        left.remove_prefix(std::min(left.size(), message_header + length));
    }
    return false;
}

found kinds_of_gssapi_data(std::string_view scheme, const sip::auth_header& value) {
    const std::string token = sip::from_base64(value.parameter("gssapi-data")).value_or("");
    if (sip::same_word(scheme, "TLS-DSK"))
        return {holds_certificate(token) ? credential::certificate : credential::opening};
    if (token.empty() && sip::same_word(scheme, "NTLM")) return {credential::ntlm_negotiate};
    if (token.empty()) return {credential::opening};
    if (sip::same_word(scheme, "Kerberos")) return {credential::kerberos};
    return kinds_of_token(token);
}

void add_kinds_of_body(const std::string& body, found& out) {
    const auto document = sip::xml::document::read(body, sip::xml::limits::request);
    // What is no XML is still a leak when it holds one of these.
    const auto is_there = [&](std::string_view element) {
        return document ? bool(document->root().find(element)) : body.find(element) != std::string::npos;
    };
    if (is_there("UsernameToken")) {
        const bool coded = document && read_username_token(document->root()).is_base64();
        out.push_back(coded ? credential::username_token_base64 : credential::username_token);
    }
    if (is_there("Assertion")) out.push_back(credential::web_ticket);
}

}  // namespace

std::string_view to_string(credential kind) {
    const auto at = std::find_if(words.begin(), words.end(), [&](const auto& one) { return one.first == kind; });
    return at == words.end() ? std::string_view() : at->second;
}

bool is_recorded(credential kind) { return kind != credential::spnego && kind != credential::opening; }

const std::vector<std::string_view>& recorded_kinds() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> out;
        for (const auto& [kind, word] : words)
            if (is_recorded(kind)) out.push_back(word);
        return out;
    }();
    return all;
}

std::vector<credential> credentials_in(const net::http::request& request) {
    found out;
    for (const auto& [name, value] : request.headers) {
        if (sip::same_word(name, "X-MS-WebTicket") && !sip::trim(value).empty()) out.push_back(credential::web_ticket);
        if (!sip::same_word(name, "Authorization") && !sip::same_word(name, "Proxy-Authorization")) continue;
        const auto kinds = kinds_of_authorization(value);
        out.insert(out.end(), kinds.begin(), kinds.end());
    }
    if (!request.body.empty()) add_kinds_of_body(request.body, out);
    return out;
}

std::vector<credential> credentials_in(const sip::message& request) {
    found out;
    for (const auto* name : {"Authorization", "Proxy-Authorization"}) {
        for (const auto& line : request.all(name)) {
            const auto value = sip::parse_auth_header(line);
            found kinds;
            if (value.has("gssapi-data")) kinds = kinds_of_gssapi_data(value.scheme, value);
            if (!value.parameter("response").empty()) kinds.push_back(credential::signature);
            if (kinds.empty()) kinds = kinds_of_authorization(line);
            out.insert(out.end(), kinds.begin(), kinds.end());
        }
    }
    return out;
}

}  // namespace ucsignin::lab
