#pragma once
// What the rules on the web services have in common.

#include "diagnosis/rules.hpp"

namespace ucsignin::diagnosis {

[[nodiscard]] bool is_ticket(const trace::span&);           // the step that asks for a web ticket
[[nodiscard]] std::string service_url(const trace::span&);  // of the service; where none was asked, the one to be asked
[[nodiscard]] draft about_service(const case_view&, const trace::span&, finding_ref id);
[[nodiscard]] std::string answer_of(const trace::span&);  // "HTTP 401", the fault and numbers, in words
// What a service's answer to a log-in says of the user, the password and the ways to log in.
[[nodiscard]] maybe explain_web_log_in(const case_view&, const trace::span&);

}  // namespace ucsignin::diagnosis
