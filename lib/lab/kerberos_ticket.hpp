#pragma once
// A Kerberos ticket as a service takes it, by the key in its keytab.

#include <expected>
#include <string>
#include <string_view>

#include "auth/gss.hpp"

namespace ucsignin::lab {

struct taken_ticket {
    std::string principal;  // "alice@CONTOSO.EXAMPLE"
    std::string answer;     // what the client gets
};
// `mechanism`: Kerberos itself, or SPNEGO where that is around it. All in one token; else it is an error.
[[nodiscard]] std::expected<taken_ticket, std::string> take_ticket(
    const std::string& keytab, gss_OID mechanism, std::string_view token, auth::gss::context& context);

}  // namespace ucsignin::lab
