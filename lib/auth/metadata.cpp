// WSDL of a web service with the policies of its ports (WS-SecurityPolicy 1.2, as far as sign-in needs it).

#include <map>

#include "auth/web_ticket.hpp"
#include "sip/xml.hpp"

namespace ucsignin::auth {
namespace {

using sip::xml::element;

void apply_policy(const element& policy, service_port& to) {
    const auto endorsing = policy.descendant("EndorsingSupportingTokens"),
               bearer = policy.descendant("SignedSupportingTokens");
    if (!endorsing && !bearer) return;
    to.wants = endorsing ? service_port::ticket::proof : service_port::ticket::bearer;
    to.issuer = (endorsing ? endorsing : bearer).descendant("Issuer").child("Address").text();
}

constexpr std::size_t most_ports = 64;  // a service has ten

using by_name = std::map<std::string, element>;

// The first of each name counts.
by_name named_children(const element& root, std::string_view kind, std::string_view name) {
    by_name out;
    for (const auto& one : root.children(kind)) out.emplace(one.attribute(name), one);
    return out;
}

// The policy that the port's binding refers to; by convention its id is the port's name with _policy.
element policy_of(const element& port, const by_name& bindings, const by_name& policies) {
    auto wanted = port.attribute("name") + "_policy";
    auto name = port.attribute("binding");
    name.erase(0, name.find(':') == std::string::npos ? 0 : name.find(':') + 1);
    const auto binding = name.empty() ? bindings.end() : bindings.find(name);
    if (binding != bindings.end())
        if (const auto reference = binding->second.child("PolicyReference").attribute("URI");
            reference.starts_with('#'))
            wanted = reference.substr(1);
    const auto policy = policies.find(wanted);
    return policy == policies.end() ? element{} : policy->second;
}

}  // namespace

const service_port* service_metadata::find(std::string_view name) const {
    for (const auto& port : ports)
        if (port.name == name) return &port;
    return nullptr;
}

std::expected<service_metadata, parse_error> parse_metadata(std::string_view wsdl) {
    const auto document = sip::xml::document::read(wsdl, sip::xml::limits::metadata, "definitions");
    if (!document) return std::unexpected(document.error());
    const auto root = document->root();
    const auto bindings = named_children(root, "binding", "name"), policies = named_children(root, "Policy", "Id");
    service_metadata out;
    for (const auto& service : root.children("service")) {
        for (const auto& port : service.children("port")) {
            service_port one{port.attribute("name"), port.child("address").attribute("location"), {}, {}};
            if (one.location.empty() || out.ports.size() == most_ports) continue;
            apply_policy(policy_of(port, bindings, policies), one);
            out.ports.push_back(std::move(one));
        }
    }
    return out;
}

}  // namespace ucsignin::auth
