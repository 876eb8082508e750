// WSDL of a web service with the policies of its ports (WS-SecurityPolicy 1.2, as far as sign-in needs it).

#include "auth/web_ticket.hpp"
#include "sip/xml.hpp"

namespace ucsignin::auth {
namespace {

using sip::xml::element;

void apply_policy(const element& policy, service_port& to) {
    const auto endorsing = policy.descendant("EndorsingSupportingTokens"), bearer = policy.descendant("SignedSupportingTokens");
    if (!endorsing && !bearer) return;
    to.wants = endorsing ? service_port::ticket::proof : service_port::ticket::bearer;
    to.issuer = (endorsing ? endorsing : bearer).descendant("Issuer").child("Address").text();
}

// The policy that the port's binding refers to; by convention its id is the port's name with _policy.
element policy_of(const element& root, const element& port) {
    auto wanted = port.attribute("name") + "_policy";
    auto binding = port.attribute("binding");
    binding.erase(0, binding.find(':') == std::string::npos ? 0 : binding.find(':') + 1);
    for (const auto& one : root.children("binding")) {
        const auto reference = one.child("PolicyReference").attribute("URI");
        if (!binding.empty() && one.attribute("name") == binding && reference.starts_with('#')) wanted = reference.substr(1);
    }
    for (const auto& policy : root.children("Policy"))
        if (policy.attribute("Id") == wanted) return policy;
    return {};
}

}  // namespace

const service_port* service_metadata::find(std::string_view name) const {
    for (const auto& port : ports)
        if (port.name == name) return &port;
    return nullptr;
}

std::expected<service_metadata, parse_error> parse_metadata(std::string_view wsdl) {
    const auto document = sip::xml::document::read(wsdl, "definitions");
    if (!document) return std::unexpected(document.error());
    const auto root = document->root();
    service_metadata out;
    for (const auto& service : root.children("service")) {
        for (const auto& port : service.children("port")) {
            service_port one{port.attribute("name"), port.child("address").attribute("location"), {}, {}};
            if (one.location.empty()) continue;
            apply_policy(policy_of(root, port), one);
            out.ports.push_back(std::move(one));
        }
    }
    return out;
}

}  // namespace ucsignin::auth
