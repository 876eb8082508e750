#pragma once
// Which kind each contact is, by its domain (protocol 02, section 7.1).

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sip/bodies.hpp"
#include "trace/evidence_provisioning.hpp"

namespace ucsignin::signin::provisioning {

// Of "bob@contoso.example" or "sip:bob@contoso.example;x"; lower case, "" when there is none.
[[nodiscard]] std::string domain_of(std::string_view address);

class contact_kinds {
public:
    // `configuration` names the public providers' domains; null when it can't be read.
    contact_kinds(std::string_view own_address, const sip::provisioning* configuration);

    struct told {
        trace::ev::contact_kind_word kind;
        std::string why;
    };
    // Whether another domain is the same enterprise's is known to the server alone.
    [[nodiscard]] told of(std::string_view address) const;
    // The domains of the federated ones, each once, in this order.
    [[nodiscard]] std::vector<std::string> partner_domains(const std::vector<std::string>& addresses) const;

private:
    std::string own_;
    std::set<std::string> public_ones_;
};

}  // namespace ucsignin::signin::provisioning
