#pragma once
// One exchange by GSSAPI, of HTTP as of SIP: who is asked for, with what, and the tokens. Blocking, touched by one
// thread at a time.

#include <expected>
#include <optional>
#include <string>

#include "auth/gss.hpp"
#include "auth/secret.hpp"

namespace ucsignin::auth {

struct gss_failure {
    enum class kind {
        no_ticket,
        unknown_service,
        clock_skew,
        unreachable,
        expired,
        refused,
        timed_out,
        no_ntlm  // this PC has no mechanism for it: nothing could be sent
    };
    kind what = kind::refused;
    std::string detail;  // one line, never with a secret
};

class gss_exchange {
public:
    struct plan {
        gss_OID mechanism;   // NTLM goes by the password; Kerberos by a ticket, at hand or bought with the password;
                             // SPNEGO by a Kerberos ticket at hand, or else NTLM
        OM_uint32 flags;     // GSS_C_..._FLAG
        std::string target;  // "sip/server" for Kerberos, else "SERVICE@server"
        std::string name;    // empty: whatever ticket there is
        std::optional<secret> password;
    };
    explicit gss_exchange(plan how) : how_(std::move(how)) {}

    // From the server's token to ours; an empty one begins.
    [[nodiscard]] std::expected<std::string, gss_failure> step(const std::string& token);
    [[nodiscard]] std::expected<std::string, gss_failure> mic(const std::string& text);
    [[nodiscard]] bool verify(const std::string& text, const std::string& mic);
    [[nodiscard]] bool by_ticket() const { return by_ticket_; }  // a ticket that lay there; known after the first step

private:
    using fault = std::optional<gss_failure>;

    [[nodiscard]] bool is(gss_OID mechanism) const { return how_.mechanism == mechanism; }
    [[nodiscard]] gss_failure failure(const std::string& doing, OM_uint32 major, OM_uint32 minor) const;
    [[nodiscard]] fault prepare();
    [[nodiscard]] fault take_ticket();
    [[nodiscard]] bool belongs_to_the_user(const gss::credential& ticket) const;
    [[nodiscard]] fault take_password();
    void number();

    plan how_;
    bool by_ticket_ = false;
    gss::credential credential_;
    gss::name target_;
    gss::context context_;
};

}  // namespace ucsignin::auth
