#pragma once
// A web ticket: metadata of the ticket service, one of its ways in, RequestSecurityToken (protocol sections 7.2, 7.3).
// Tickets are kept per audience for the run; the span hangs under the one that asked.

#include <expected>
#include <string>

#include "auth/web_ticket.hpp"
#include "signin/base/context.hpp"
#include "signin/base/trust.hpp"

namespace ucsignin::signin {

struct ticket_wish {
    std::string service;     // URL of the web ticket service
    naming named;            // who named it
    std::string applies_to;  // where the ticket will be used
    std::string candidate;   // empty outside of a registration
    std::string parent_span;
};

enum class ticket_failure { refused, unreachable, not_asked };

[[nodiscard]] net::awaitable<std::expected<auth::web_ticket, ticket_failure>> obtain_ticket(
    context& c, ticket_wish wish);

}  // namespace ucsignin::signin
