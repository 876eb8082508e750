#pragma once
// Web tickets: SAML 1.1 assertions with a signature of the pool's own (HMAC-SHA256 over the exclusive C14N of the
// assertion without its signature), and the proof key that goes with each (WS-Trust 1.3, CK/PSHA1).

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "lab/pool_state.hpp"
#include "net/http.hpp"
#include "sip/xml.hpp"

namespace ucsignin::lab {

struct issued_ticket {
    std::string assertion, server_entropy;  // entropy: 32 bytes
    ticket record;
};
// `created` and `expires` by the pool's clock. The record is kept in the pool.
[[nodiscard]] issued_ticket issue_ticket(
    pool_state&, const std::string& user, const std::string& audience, const std::string& client_entropy,
    std::int64_t created, std::int64_t expires);

enum class ticket_fault { missing, invalid, expired, wrong_audience };
// What of the address that a ticket was issued for has to agree with the one where it is shown.
enum class ticket_scope { address, host };
// The ticket that an Assertion element is, when it is the pool's own, unaltered, in date, and for `url` (host and path
// count, or the host alone). The error's number is 28032, 28033 or 28077.
[[nodiscard]] std::expected<ticket, ticket_fault> check_ticket(
    pool_state&, sip::xml::element assertion, std::string_view url, ticket_scope scope = ticket_scope::address);
// The same of X-MS-WebTicket: opaque=<Base64 of the Assertion>.
[[nodiscard]] std::expected<ticket, ticket_fault> ticket_in_header(
    pool_state&, const net::http::request&, std::string_view url, ticket_scope scope = ticket_scope::address);
// 401 without WWW-Authenticate: the client shall fetch a web ticket, not log in here; with the number of what was wrong
// with the one that it showed.
[[nodiscard]] net::http::response ask_for_ticket(const pool_state&, ticket_fault);
[[nodiscard]] int error_id(ticket_fault);
[[nodiscard]] std::string_view reason_of(ticket_fault);

// P_SHA1 (RFC 2246 section 5), straight-line code of the lab's own.
[[nodiscard]] std::string proof_key(const std::string& client_entropy, const std::string& server_entropy);
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view text);  // 20 bytes

}  // namespace ucsignin::lab
