#include "signin/provisioning/contact_kinds.hpp"

#include "signin/provisioning/settings.hpp"
#include "sip/lexical.hpp"

namespace ucsignin::signin::provisioning {

std::string domain_of(std::string_view address) {
    address = address.substr(0, address.find(';'));
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string{} : sip::lower(address.substr(at + 1));
}

contact_kinds::contact_kinds(std::string_view own_address, const sip::provisioning* configuration)
    : own_(domain_of(own_address)) {
    if (!configuration) return;
    for (auto& domain : public_domains(*configuration)) public_ones_.insert(std::move(domain));
}

contact_kinds::told contact_kinds::of(std::string_view address) const {
    const auto domain = domain_of(address);
    if (domain.empty()) return {"same", "an address without a domain"};
    if (domain == own_) return {"same", "the user's own domain"};
    if (public_ones_.contains(domain)) return {"public", "a domain of a public provider"};
    return {"federated", "another domain"};
}

std::vector<std::string> contact_kinds::partner_domains(const std::vector<std::string>& addresses) const {
    std::vector<std::string> domains;
    std::set<std::string> seen;
    for (const auto& address : addresses) {
        auto domain = domain_of(address);
        if (of(address).kind == "federated" && seen.insert(domain).second) domains.push_back(std::move(domain));
    }
    return domains;
}

}  // namespace ucsignin::signin::provisioning
