#pragma once
// The log-in at the web ticket service: RequestSecurityToken by one of the service's ways, within the password ledger.

#include <string>
#include <string_view>

#include "auth/ledger.hpp"
#include "auth/web_ticket.hpp"
#include "signin/base/context.hpp"
#include "signin/base/web_client.hpp"

namespace ucsignin::signin {

struct login_outcome {
    web_answer answer;
    std::string not_sent;        // why the password did not leave (ledger, this PC); the answer is empty then
    bool lacks_ntlm = false;     // that is why
    bool password_used = false;  // what proves it left
    bool last_try = false;       // it had been refused, or not judged, once before
    auth::use_end end = auth::use_end::unjudged;
};

// NTLM (MS-NTHT): its first token goes out with the first POST, which saves the round trip of an unauthenticated one.
// Negotiate, where the service offers that alone.
[[nodiscard]] net::awaitable<login_outcome> log_in_by_windows(
    context& c, credential_target to, net::http::url url, auth::ticket_request request);

// UsernameToken (WSS UsernameToken Profile 1.0): the password itself, Base64 of UTF-8 as the pools of the field want it
// (protocol section 7.7), or in clear.
enum class token_form { base64, clear };
[[nodiscard]] net::awaitable<login_outcome> log_in_by_token(
    context& c, credential_target to, net::http::url url, auth::ticket_request request, token_form form);

// What an answer to the password means for the ledger. A fault of failed authentication refuses it; statuses that a
// gateway or a broken service give are no verdict. Pure.
[[nodiscard]] auth::use_end judge_answer(const web_answer& answer);

}  // namespace ucsignin::signin
