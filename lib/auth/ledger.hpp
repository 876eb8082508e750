#pragma once
// The password ledger: counts every use of a password that a server can refuse. After a refusal one more use at most,
// on another protocol; then none. A locked account is worse than a missing diagnosis.

#include <map>
#include <string>
#include <string_view>

namespace ucsignin::auth {

class ledger {
public:
    enum class protocol { web_ticket, sip, kerberos, exchange, proxy };
    [[nodiscard]] bool may_use(protocol) const;
    void used(protocol);
    void refused(protocol);
    [[nodiscard]] int uses() const;
    [[nodiscard]] int refusals() const;

private:
    struct tally { int used = 0, refused = 0; };
    std::map<protocol, tally> counts_;
    bool used_after_refusal_ = false;
};

}  // namespace ucsignin::auth
