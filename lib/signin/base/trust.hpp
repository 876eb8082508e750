#pragma once
// Who may have what (contract.md, "Credentials"). One rule for every name that is handed to the sign-in: typed, found
// in DNS, kept from the last time, or said by a server. Pure; trust_trace.hpp writes its decisions down.

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trace/ascii.hpp"
#include "trace/evidence.hpp"

namespace ucsignin::signin {

using trace::is_under;

// A name that the rule covers. Credentials can be sent to nothing else, and only trust_rule makes one. That the server
// at that name has proved its certificate is the connection's matter (net::verified_stream).
class credential_target {
public:
    [[nodiscard]] const std::string& host() const { return host_; }
    // Signatures, tickets, certificates, NTLM and Kerberos may go to every target; the password itself only to some.
    [[nodiscard]] bool may_have_password() const { return password_; }
    [[nodiscard]] int steps() const { return steps_; }  // from a name that needed nobody's word, 0 for such a name

private:
    friend class trust_rule;
    credential_target(std::string host, bool password, int steps)
        : host_(std::move(host)), password_(password), steps_(steps) {}
    std::string host_;
    bool password_;
    int steps_;
};

// How a name came to us.
enum class naming_way {
    typed,
    typed_for_exchange,
    dns,
    cached,
    autodiscover,
    web_ticket_url,
    sts_uri,
    metadata,
    redirect,
    provisioning
};
[[nodiscard]] trace::ev::naming_word word_of(naming_way);

struct naming {
    naming_way how = naming_way::dns;
    std::string by;                            // the server or record that said so; "" for the user and the cache
    bool in_clear = false;                     // over plain HTTP, where anybody on the way can say it
    std::optional<credential_target> voucher;  // the server that said so over proven TLS, if the rule covers it

    [[nodiscard]] static naming by_user() { return {naming_way::typed, {}, false, {}}; }
    [[nodiscard]] static naming by_dns(std::string record) { return {naming_way::dns, std::move(record), false, {}}; }
};

// A name that gets no credentials.
struct not_covered {
    std::string host;
    naming named;
    std::string why;          // a sentence part for people: "SRV record ... names it, and it does not belong to ..."
    std::string would_allow;  // what --trust-domain would have to name
};
using trust_decision = std::expected<credential_target, not_covered>;

class trust_rule {
public:
    // Domains in any case; `trust_domains` are those of --trust-domain.
    trust_rule(std::string sip_domain, std::vector<std::string> trust_domains);

    // `host` in lower case, without brackets.
    [[nodiscard]] trust_decision covers(const std::string& host, const naming&) const;
    [[nodiscard]] const std::string& sip_domain() const { return sip_domain_; }

private:
    [[nodiscard]] bool is_own(const std::string& host) const;
    [[nodiscard]] std::string objection(const naming&) const;
    std::string sip_domain_;
    std::vector<std::string> trust_domains_;
};

}  // namespace ucsignin::signin
