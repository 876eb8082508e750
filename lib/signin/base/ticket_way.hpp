#pragma once
// Which of the ways that a ticket service offers is taken, and why not another. Pure.

#include <optional>
#include <string>

#include "auth/web_ticket.hpp"
#include "net/http.hpp"
#include "signin/base/trust.hpp"
#include "ucsignin/trace.hpp"

namespace ucsignin::signin {

// A way into the ticket service.
struct ticket_way {
    enum class kind { windows, username } how;
    std::string port;  // its name in the metadata
    net::http::url url;
};
// Windows log-in before user name and password: the password itself goes only where no stronger way is offered.
// Nothing when the metadata offers none that we know over https.
[[nodiscard]] std::optional<ticket_way> choose_ticket_way(const auth::service_metadata&);
// The Windows log-in that comes next, at the same host, where `refused` never came to the password.
[[nodiscard]] std::optional<ticket_way> next_windows_way(const auth::service_metadata&, const ticket_way& refused);

// What our caution keeps back from the way that was chosen, and why.
struct withheld_way {
    trace::ev::withheld_word what;
    not_covered from;
};
[[nodiscard]] std::optional<withheld_way> withheld_from(
    const ticket_way&, const trust_decision&, const std::string& sip_domain);

// Every port of the metadata, and what became of it.
[[nodiscard]] trace::decision decide_ticket_way(
    const auth::service_metadata&, const std::optional<ticket_way>& taken, const std::optional<withheld_way>&);

[[nodiscard]] trace::decision decide_next_windows_way(const std::string& refused);

// A ticket that was kept for this audience, or a new one. `kept_until`: RFC 3339.
[[nodiscard]] trace::decision decide_kept_ticket(const std::string& kept_until);

// The password's form in a UsernameToken, when that in Base64 was refused.
[[nodiscard]] trace::decision decide_token_form(const std::string& refused);

}  // namespace ucsignin::signin
