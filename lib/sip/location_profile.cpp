// The dial plan: LocationProfileDescription (MS-SIPRE 2.2.8).

#include "sip/bodies.hpp"
#include "sip/xml.hpp"

namespace ucsignin::sip {

std::expected<location_profile, parse_error> parse_location_profile(std::string_view text) {
    const auto body = xml::document::read(text, xml::limits::dial_plan, "LocationProfileDescription");
    if (!body) return std::unexpected(body.error());
    const auto root = body->root();
    location_profile out;
    out.name = root.child("Name").text();
    for (const auto& rule : root.children("Rule"))
        out.rules.push_back(
            {rule.child("Pattern").text(), rule.child("Translation").text(),
             xml::is_true(rule.child("InternalEnterpriseExtension").text())});
    out.external_access_prefix = root.child("ExternalAccessPrefix").text();
    out.optimize_device_dialing = xml::is_true(root.child("OptimizeDeviceDialing").text());
    return out;
}

}  // namespace ucsignin::sip
